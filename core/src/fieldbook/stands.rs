//! What stands between the desk and this worker, read from the log: received, and his own that is on its way.

use std::collections::BTreeMap;

use super::private::Revisit;
use super::{Fieldbook, FieldbookError};
use crate::entry::{FindingEvent, LineEvent, Private};
use crate::finding::Course;
use crate::ids::{FindingId, LineId};
use crate::ledger::Line;
use crate::steps::Said;
use crate::store::{EntryState, Store, enrolment, log, outbox};

/// Everything between the desk and this worker as it stands.
#[derive(Default)]
pub(super) struct Stands {
    /// Doors to ask at again, the earliest day first.
    pub(super) revisits: Vec<Revisit>,
    /// Questions about records of his own.
    pub(super) findings: BTreeMap<FindingId, Course>,
    /// Lines of the ledger about him.
    pub(super) lines: BTreeMap<LineId, Line>,
}

impl Fieldbook {
    pub(super) fn standing(&self) -> Result<Stands, FieldbookError> {
        let db = self.store.read();
        let Some(row) = enrolment::find(db)? else { return Ok(Stands::default()) };
        let (mut tasks, mut answers, mut all) = (BTreeMap::new(), BTreeMap::new(), Stands::default());
        let (mut own_findings, mut own_lines) = (Vec::new(), Vec::new());
        for kept in log::private_to(db, row.worker)? {
            let Ok(contents) = kept.payload.read() else { continue };
            let words = contents.reason_words().to_owned();
            let (at_ms, entry) = (kept.recorded_ms, kept.payload.hash());
            // In order of recording: what comes later takes the place of what came before.
            match contents.private().filter(|said| said.worker() == row.worker) {
                Some(Private::Task(task)) => drop(tasks.insert(task.key, (task, words))),
                Some(Private::Revisited(one)) => drop(answers.insert(one.key, (one, words))),
                Some(Private::Finding(event)) => {
                    let (id, said) = (event.finding, Said { at_ms, entry, event, words });
                    if said.event.step.is_the_workers() {
                        own_findings.push((id, said));
                    } else {
                        all.findings.entry(id).or_default().take(said);
                    }
                }
                Some(Private::Line(event)) => {
                    let (id, said) = (event.line, Said { at_ms, entry, event, words });
                    if said.event.step.is_the_workers() {
                        own_lines.push((id, said));
                    } else {
                        all.lines.entry(id).or_default().take(said);
                    }
                }
                None => {}
            }
        }
        for (id, said) in own_findings {
            let course: &mut Course = all.findings.entry(id).or_default();
            let last_ms = course.said().last().map(|last: &Said<FindingEvent>| last.at_ms);
            course.take(vouched(&self.store, said, last_ms)?);
        }
        for (id, said) in own_lines {
            let line: &mut Line = all.lines.entry(id).or_default();
            let last_ms = line.said().last().map(|last: &Said<LineEvent>| last.at_ms);
            line.take(vouched(&self.store, said, last_ms)?);
        }
        let today = self.today()?;
        let asked = tasks.into_values().filter_map(|(task, place)| {
            let answer = answers.remove(&task.key);
            Revisit::of(&task, place, answer, today)
        });
        all.revisits.extend(asked);
        all.revisits.sort_by_key(|one| (one.due, one.key));
        Ok(all)
    }
}

/// Nobody has vouched for the time of what was not received: it was said knowing all that is held here.
fn vouched<E>(store: &Store, said: Said<E>, last_ms: Option<i64>) -> Result<Said<E>, FieldbookError> {
    let state = outbox::find(store.read(), said.entry)?.map(|own| own.state);
    let after = |last_ms: i64| said.at_ms.max(last_ms.saturating_add(1));
    let at_ms = match (state, last_ms) {
        (Some(EntryState::Unsent), Some(last_ms)) => after(last_ms),
        _ => said.at_ms,
    };
    Ok(Said { at_ms, ..said })
}
