//! Round trips over a bad line, during which either side may be killed.

use rand::RngExt;
use ruhu_core::sync::session::{Exchange, Outcome, Request, Wait};
use ruhu_core::sync::wire::{Verdict, open_reply};

use super::files::Copied;
use super::week::{Week, is_full};

/// Round trips of one call.
const ROUNDS: u32 = 12;

/// What the line does to one round trip.
enum Luck {
    Good,
    RequestLost,
    ReplyLost,
    /// An earlier request overtakes this one.
    Overtaken,
    AnsweredTwice,
    Cut,
    Garbled,
    AnEarlierReply,
    BadGateway,
    HubKilled,
    PhoneKilled,
}

impl Week<'_> {
    /// Round trips until the phone has nothing left to ask or wants to wait.
    pub(super) fn call(&mut self) {
        let nth = self.any_caller();
        self.tell(&format!("phone {nth} calls"));
        self.callers[nth].book.sync_now();
        for _ in 0..ROUNDS {
            let request = self.callers[nth].book.sync_request().unwrap();
            let Some(request) = request else { return };
            let luck = self.luck();
            let answer = self.carry(nth, &request, &luck);
            if !self.take(nth, answer, &luck) {
                return;
            }
        }
    }

    fn luck(&mut self) -> Luck {
        match self.dice.random_range(0..20) {
            0 => Luck::RequestLost,
            1 => Luck::ReplyLost,
            2 => Luck::Overtaken,
            3 => Luck::AnsweredTwice,
            4 => Luck::Cut,
            5 => Luck::Garbled,
            6 => Luck::AnEarlierReply,
            7 => Luck::BadGateway,
            8 => Luck::HubKilled,
            9 => Luck::PhoneKilled,
            _ => Luck::Good,
        }
    }

    /// Brings a request to the hub and an answer back, or loses one of them.
    fn carry(&mut self, nth: usize, request: &Request, luck: &Luck) -> Option<(u16, Vec<u8>)> {
        let body = &request.body;
        if matches!(luck, Luck::RequestLost) {
            return None;
        }
        if matches!(luck, Luck::Overtaken) && !self.callers[nth].requests.is_empty() {
            let earlier = self.dice.random_range(0..self.callers[nth].requests.len());
            self.ask(&self.callers[nth].requests[earlier].clone());
        }
        let before = matches!(luck, Luck::HubKilled).then(|| Copied::of_hub(&self.hub_path));
        let (status, mut reply) = self.ask(body);
        self.callers[nth].requests.push(body.clone());
        self.callers[nth].replies.push((status, reply.clone()));
        match luck {
            Luck::ReplyLost => return None,
            Luck::HubKilled => {
                self.tell("the hub is killed while it answers");
                self.kill_hub(&before.unwrap());
                return None;
            }
            Luck::AnsweredTwice => {
                let (again, second) = self.ask(body);
                let key = self.village.hub.hub().verifying_key();
                if let (Ok(one), Ok(two)) = (open_reply(&reply, body, &key), open_reply(&second, body, &key))
                {
                    // After a kill the hub may have put off what it takes at the second asking.
                    let alike = one.verdicts.len() == two.verdicts.len()
                        && one
                            .verdicts
                            .iter()
                            .zip(&two.verdicts)
                            .all(|(one, two)| one == two || *one == Verdict::RetryLater);
                    assert!(alike, "the same question, the same answer");
                    self.met.repeated += 1;
                }
                return Some((again, second));
            }
            Luck::Cut => reply.truncate(self.dice.random_range(0..reply.len())),
            Luck::Garbled => {
                let at = self.dice.random_range(0..reply.len());
                reply[at] ^= 1 << self.dice.random_range(0..8);
            }
            Luck::AnEarlierReply => {
                let earlier = self.dice.random_range(0..self.callers[nth].replies.len());
                return self.callers[nth].replies.get(earlier).cloned();
            }
            Luck::BadGateway => return Some((502, b"<html>bad gateway</html>".to_vec())),
            Luck::Good | Luck::RequestLost | Luck::Overtaken | Luck::PhoneKilled => {}
        }
        Some((status, reply))
    }

    /// What the hub says, as its router would put it.
    pub(super) fn ask(&mut self, body: &[u8]) -> (u16, Vec<u8>) {
        match self.village.hub.hub().sync(body) {
            Ok(synced) => (200, synced.reply),
            Err(trouble) => {
                self.met.hub_full += u32::from(self.hub_full);
                (503, serde_json::to_vec(&trouble).unwrap())
            }
        }
    }

    /// The phone takes what came; whether it asks again at once.
    fn take(&mut self, nth: usize, answer: Option<(u16, Vec<u8>)>, luck: &Luck) -> bool {
        let before = matches!(luck, Luck::PhoneKilled).then(|| Copied::of(&self.callers[nth].path));
        let book = &mut self.callers[nth].book;
        let taken = match answer {
            Some((status, body)) => book.take_sync_response(status, &body),
            None => book.sync_failed(),
        };
        if let Some(before) = before {
            self.tell(&format!("phone {nth} is killed while it takes an answer"));
            self.kill_phone(nth, &before);
            return false;
        }
        match taken {
            Ok(Outcome::SignAgain) => true,
            Ok(Outcome::Again(exchange)) => {
                self.tell(&format!("phone {nth} asks again: {}", brief(&exchange)));
                true
            }
            Ok(Outcome::Done(exchange)) => {
                self.tell(&format!("phone {nth} is done: {}", brief(&exchange)));
                false
            }
            Ok(Outcome::RetryAt { .. }) => false,
            Ok(other) => panic!("phone {nth}: {other:?}"),
            Err(why) => {
                assert!(self.callers[nth].full && is_full(&why), "phone {nth}: {why:?}");
                self.met.phone_full += 1;
                self.tell(&format!("phone {nth} has no space for the answer"));
                false
            }
        }
    }

    /// Round trips over a good line until both sides hold the same.
    pub(super) fn sync(&mut self, nth: usize) {
        self.callers[nth].book.sync_now();
        for _ in 0..50 {
            let Some(request) = self.callers[nth].book.sync_request().unwrap() else { return };
            let (status, reply) = self.ask(&request.body);
            match self.callers[nth].book.take_sync_response(status, &reply).unwrap() {
                Outcome::Done(exchange) => {
                    self.tell(&format!("phone {nth} is done: {}", brief(&exchange)));
                    return;
                }
                Outcome::Again(exchange) => {
                    self.tell(&format!("phone {nth} asks again: {}", brief(&exchange)));
                }
                Outcome::SignAgain => {}
                // After a kill the hub tries what was on its way again, a little at a time.
                Outcome::RetryAt { why: Wait::HubAsked, .. } => {
                    self.tell(&format!("phone {nth} is asked to come again"));
                    self.callers[nth].book.sync_now();
                }
                other => panic!("phone {nth}: {other:?}"),
            }
        }
        panic!("phone {nth}: a sync over a good line did not come to an end");
    }
}

fn brief(exchange: &Exchange) -> String {
    let Exchange { sent, accepted, parked, quarantined, to_send_again, received, forgotten } = exchange;
    format!(
        "sent {sent}, accepted {accepted}, parked {parked}, quarantined {quarantined}, to send again {to_send_again}, received {received}, forgotten {forgotten}"
    )
}
