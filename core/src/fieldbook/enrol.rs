//! 登记 – a one-time code becomes an enrolment; bytes in, bytes out.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};

use super::{Enrolled, Fieldbook, FieldbookError};
use crate::entry::StreamId;
use crate::store::{EnrolmentRow, Secret, StoreError, enrolment, lease, log, outbox};
use crate::sync::wire::{EnrolReply, EnrolRequest, Trouble};

/// 登记码 – what a worker scans or types: where the hub is, the one-time code, and the hub's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Where the hub is reached, e.g. `https://ruhu.example.gov.cn`.
    pub url: String,
    /// The one-time code.
    pub code: String,
    /// The key the hub must answer with; `None` when the code was typed by hand.
    pub hub_key: Option<[u8; 32]>,
}

impl Invitation {
    /// Reads what the QR code holds: `https://hub/app/#enrol=CODE&key=KEY`. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, secret) = text.trim().split_once('#')?;
        let mut parts = secret.split('&').filter_map(|part| part.split_once('='));
        let code = parts.clone().find(|(name, _)| *name == "enrol")?.1.to_owned();
        let hub_key = match parts.find(|(name, _)| *name == "key") {
            Some((_, key)) => Some(URL_SAFE_NO_PAD.decode(key).ok()?.try_into().ok()?),
            None => None,
        };
        let address = address.trim_end_matches('/');
        let url = address.strip_suffix("/app").unwrap_or(address).to_owned();
        (!url.is_empty() && !code.is_empty()).then_some(Self { url, code, hub_key })
    }
}

impl Fieldbook {
    /// As whom this phone records; `None` before it is enrolled.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn enrolled(&self) -> Result<Option<Enrolled>, FieldbookError> {
        Ok(enrolment::find(self.store.read())?.map(Enrolled::of))
    }

    /// The body to post to [`crate::sync::wire::ENROL_PATH`]. The key is made and kept first, so that the same code can
    /// be shown again with the same key when the answer is lost. `device` is the kind of phone, no serial number.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn enrol_request(&mut self, code: &str, device: &str) -> Result<Vec<u8>, FieldbookError> {
        let mut fresh = [0u8; 32];
        self.ids.fill(&mut fresh);
        let fresh = Secret(SigningKey::from_bytes(&fresh));
        let secret = self.store.write("生成密钥 make a key", |tx| -> Result<Secret, StoreError> {
            if let Some(kept) = enrolment::secret(tx)? {
                return Ok(kept);
            }
            enrolment::put_secret(tx, &fresh)?;
            Ok(fresh)
        })?;
        let request = EnrolRequest {
            code: code.trim().to_owned(),
            key: secret.0.verifying_key().to_bytes(),
            device: device.to_owned(),
            app: self.session.app().to_owned(),
        };
        serde_json::to_vec(&request).map_err(|why| FieldbookError::Enrol(why.to_string()))
    }

    /// Takes the hub's answer to a code typed by hand; `url` is where the hub is reached from now on.
    ///
    /// # Errors
    /// As [`Fieldbook::take_invited_reply`].
    pub fn take_enrol_reply(
        &mut self,
        url: &str,
        status: u16,
        body: &[u8],
    ) -> Result<Enrolled, FieldbookError> {
        let typed = Invitation { url: url.to_owned(), code: String::new(), hub_key: None };
        self.take_invited_reply(&typed, status, body)
    }

    /// Takes the hub's answer to a scanned code. Enrolling again keeps everything: what was not received is sealed
    /// anew under the new enrolment.
    ///
    /// # Errors
    /// [`FieldbookError::Enrol`] with the hub's words; [`FieldbookError::OtherHub`] when the answer is not of the hub
    /// that made the code; [`FieldbookError::OtherWorker`].
    pub fn take_invited_reply(
        &mut self,
        invitation: &Invitation,
        status: u16,
        body: &[u8],
    ) -> Result<Enrolled, FieldbookError> {
        if status != 200 {
            let words = serde_json::from_slice::<Trouble>(body).map(|trouble| trouble.words);
            return Err(FieldbookError::Enrol(words.unwrap_or_else(|_| format!("HTTP {status}"))));
        }
        let reply: EnrolReply =
            serde_json::from_slice(body).map_err(|why| FieldbookError::Enrol(why.to_string()))?;
        let read = self.clock.read();
        if invitation.hub_key.is_some_and(|key| key != reply.hub_key) {
            return Err(FieldbookError::OtherHub);
        }
        let url = invitation.url.trim_end_matches('/').to_owned();
        self.store.write("保存登记 enrol", |tx| {
            let former = enrolment::find(tx)?;
            if former.as_ref().is_some_and(|former| (former.hub, former.worker) != (reply.hub, reply.worker))
            {
                return Err(FieldbookError::OtherWorker);
            }
            let row = row_of(&reply, url, former.as_ref());
            enrolment::put(tx, &row)?;
            enrolment::hold(tx, reply.token, read)?;
            lease::renew(tx, reply.token.hub_ms, read)?;
            if former.is_some_and(|former| former.enrolment != row.enrolment) {
                outbox::seal_again(tx, None)?;
            }
            log::follow(tx, StreamId::Community(reply.community))?;
            for one in &reply.assignments {
                log::follow(tx, StreamId::Grid(one.grid))?;
            }
            Ok(Enrolled::of(row))
        })
    }
}

impl Enrolled {
    fn of(row: EnrolmentRow) -> Self {
        Self {
            hub: row.hub,
            url: row.url,
            worker: row.worker,
            worker_name: row.worker_name,
            enrolment: row.enrolment,
            community: row.community,
        }
    }
}

fn row_of(reply: &EnrolReply, url: String, former: Option<&EnrolmentRow>) -> EnrolmentRow {
    let kept = former.filter(|former| former.enrolment == reply.enrolment);
    EnrolmentRow {
        url,
        hub: reply.hub,
        hub_key: reply.hub_key,
        worker: reply.worker,
        worker_name: reply.worker_name.clone(),
        enrolment: reply.enrolment,
        community: reply.community,
        // A new enrolment after another one counts its epochs on, so that no place on this phone is used twice.
        epoch: former.map_or(1, |former| former.epoch),
        next_seq: kept.map_or(1, |kept| kept.next_seq),
        previous: kept.map_or(crate::ids::Hash32::ZERO, |kept| kept.previous),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_on_the_screen_names_hub_code_and_key() {
        let key = URL_SAFE_NO_PAD.encode([7; 32]);
        let read =
            Invitation::parse(&format!("https://hub.example/app/#enrol=AB12-CD34&key={key}\n")).unwrap();
        assert_eq!((read.url.as_str(), read.code.as_str()), ("https://hub.example", "AB12-CD34"));
        assert_eq!(read.hub_key, Some([7; 32]));
        for bad in
            ["AB12-CD34", "https://hub.example/app/#key=AA", "https://hub/#enrol=A&key=short", "#enrol=A"]
        {
            assert_eq!(Invitation::parse(bad), None, "{bad}");
        }
    }
}
