//! 登记 – a one-time code becomes an enrolment; bytes in, bytes out.

use ed25519_dalek::SigningKey;

use super::{Enrolled, Fieldbook, FieldbookError};
use crate::entry::StreamId;
use crate::store::{EnrolmentRow, Secret, StoreError, enrolment, log, outbox};
use crate::sync::wire::{EnrolReply, EnrolRequest, Trouble};

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

    /// Takes the hub's answer. Enrolling again keeps everything: what was not received is sealed anew under the new
    /// enrolment. `url` is where the hub is reached from now on.
    ///
    /// # Errors
    /// [`FieldbookError::Enrol`] with the hub's words; [`FieldbookError::OtherWorker`].
    pub fn take_enrol_reply(
        &mut self,
        url: &str,
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
        let url = url.trim_end_matches('/').to_owned();
        self.store.write("保存登记 enrol", |tx| {
            let former = enrolment::find(tx)?;
            if former.as_ref().is_some_and(|former| former.worker != reply.worker) {
                return Err(FieldbookError::OtherWorker);
            }
            let row = row_of(&reply, url, former.as_ref());
            enrolment::put(tx, &row)?;
            enrolment::hold(tx, reply.token, read)?;
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
