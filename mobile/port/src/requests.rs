//! 诉求, 隐患 – where each stands, and what the worker says of it.

use ruhu_core::entry::RequestStep;
use ruhu_core::fieldbook::{RaisedRequest, RequestAnswer};

use crate::ask::AnswerAsk;
use crate::read::{code, parsed, unit};
use crate::view::{Household, OpenRequest, RequestSaid};
use crate::{Port, Trouble};

impl Port {
    /// 答复诉求 – kept at once, sent with the next sync.
    ///
    /// # Errors
    /// [`Trouble`]; nothing was saved.
    pub fn answer_request(&mut self, ask: AnswerAsk) -> Result<Household, Trouble> {
        let unit = unit(&ask.unit)?;
        let answer = match ask.answer {
            RequestSaid::Handled => RequestAnswer::Handled,
            RequestSaid::Told => RequestAnswer::Told,
            RequestSaid::NotMine => RequestAnswer::NotMine,
        };
        self.book.answer_request(unit, parsed("request", &ask.request)?, answer, ask.words.trim())?;
        self.show(unit)
    }
}

/// Words of residents and about them only where the sheet stands open; who is to handle it is nobody's secret.
pub(crate) fn open_request(of: RaisedRequest, open: bool) -> OpenRequest {
    let shown = |words: &str| if open { words.to_owned() } else { String::new() };
    OpenRequest {
        id: of.id.to_string(),
        words: shown(&of.words),
        more: shown(&of.more),
        hazard: of.hazard,
        on: of.raised_on.to_string(),
        step: of.step.map(|step| code(&step)),
        closed: of.closed,
        to_tell: of.to_tell,
        result: shown(&of.result),
        mine: of.mine,
        due: of.due.map(|day| day.to_string()),
        overdue: of.overdue,
        // Nobody answers what he cannot read.
        answers: if open { answers(&of) } else { Vec::new() },
        owner: of.owner,
    }
}

fn answers(of: &RaisedRequest) -> Vec<RequestSaid> {
    let is_nobodys = of.owner.is_empty() && matches!(of.step, None | Some(RequestStep::PassedUp));
    let offered = [
        (RequestSaid::Told, of.to_tell),
        (RequestSaid::Handled, of.mine || is_nobodys),
        (RequestSaid::NotMine, of.mine),
    ];
    offered.into_iter().filter(|(_, holds)| *holds).map(|(said, _)| said).collect()
}

#[cfg(test)]
mod tests {
    use ruhu_core::ids::RequestId;

    use super::*;

    fn raised(step: Option<RequestStep>) -> RaisedRequest {
        RaisedRequest {
            id: RequestId::from_bytes([1; 16]),
            words: "路灯不亮".into(),
            more: "换灯".into(),
            hazard: false,
            raised_on: "2026-07-01".parse().unwrap(),
            step,
            closed: false,
            to_tell: false,
            result: String::new(),
            owner: String::new(),
            mine: false,
            due: None,
            overdue: false,
        }
    }

    #[test]
    fn only_whom_it_is_assigned_to_says_that_it_is_done_or_not_his() {
        use RequestSaid::{Handled, NotMine, Told};
        let offered = |of: RaisedRequest| open_request(of, true).answers;
        assert_eq!(offered(raised(None)), [Handled]);
        assert_eq!(offered(raised(Some(RequestStep::PassedUp))), [Handled]);
        let assigned = RaisedRequest { owner: "物业".into(), ..raised(Some(RequestStep::Assigned)) };
        assert_eq!(offered(assigned.clone()), []);
        // A colleague whose name this phone does not know is somebody all the same.
        assert_eq!(offered(raised(Some(RequestStep::Assigned))), []);
        assert_eq!(offered(RaisedRequest { mine: true, ..assigned }), [Handled, NotMine]);
        assert_eq!(offered(RaisedRequest { to_tell: true, ..raised(Some(RequestStep::Handled)) }), [Told]);
    }

    #[test]
    fn masked_it_shows_where_it_stands_and_no_word_of_it() {
        let of = RaisedRequest {
            result: "物业已换灯".into(),
            owner: "物业".into(),
            mine: true,
            due: "2026-07-04".parse().ok(),
            overdue: true,
            ..raised(Some(RequestStep::Assigned))
        };
        let shown = open_request(of, false);
        assert_eq!((shown.words.as_str(), shown.more.as_str(), shown.result.as_str()), ("", "", ""));
        assert_eq!((shown.owner.as_str(), shown.due.as_deref()), ("物业", Some("2026-07-04")));
        assert!(shown.mine && shown.overdue && shown.answers.is_empty());
        assert_eq!(shown.step.as_deref(), Some("assigned"));
    }
}
