//! Recording a visit, correcting it, taking it back.

use chrono::{NaiveDate, NaiveTime};
use clap::{Args, ValueEnum};
use ruhu_core::fieldbook::{Fieldbook, Saved};
use ruhu_core::ids::{Hash32, QuestionId};
use ruhu_core::question::{AnswerKind, Question};
use ruhu_core::roster::{Informant, Unit};
use ruhu_core::visit::{
    Answer, AnswerValue, Appointment, MeetingPlace, OutcomeCode, VisitDraft, VisitOutcome,
};

use super::{PhoneError, Printer, who};

/// A visit as typed.
#[derive(Debug, Args)]
pub struct VisitArgs {
    /// 编号、地址、姓名或电话 / id, address, name or telephone.
    pub who: String,
    /// 走访结果 / met, met-at-door, not-home, declined, phone, vacant, moved-away, … or the Chinese word.
    pub outcome: OutcomeCode,
    /// 无变化 / who lives here, phone and tenure were confirmed.
    #[arg(long)]
    pub nothing_changed: bool,
    /// 备注 / free words.
    #[arg(long)]
    pub note: Option<String>,
    /// 下次留言 / a note for whoever comes next.
    #[arg(long)]
    pub note_for_next: Option<String>,
    /// 户情字段 键=值,可多次 / a field of the household: p/phone=13800000000.
    #[arg(long = "field")]
    pub fields: Vec<String>,
    /// 改约日期 / the day agreed for another visit.
    #[arg(long)]
    pub appointment: Option<NaiveDate>,
    /// 补录:走访日期 / the day of the visit, when it is entered later.
    #[arg(long)]
    pub late: Option<NaiveDate>,
    /// 走访时间 / the time of the visit: 18:30.
    #[arg(long)]
    pub at: Option<NaiveTime>,
    /// 专项回答 编号=值,可多次 / an answer: QUESTION=yes.
    #[arg(long = "answer")]
    pub answers: Vec<String>,
    /// 谁说的 / whose word it is (vacant, moved-away, told).
    #[arg(long)]
    pub told_by: Option<ToldBy>,
    /// 搬离日期 / the day the household left.
    #[arg(long)]
    pub left_on: Option<NaiveDate>,
    /// 请勿打扰至 / do not ask until (declined).
    #[arg(long)]
    pub until: Option<NaiveDate>,
    /// 留了留言条 / a note was left at the door.
    #[arg(long)]
    pub note_left: bool,
    /// 只有儿童在家 / only a child was at home.
    #[arg(long)]
    pub child_alone: bool,
    /// 更正哪条记录 / the record this one corrects, by its hash.
    #[arg(long)]
    pub corrects: Option<Hash32>,
}

/// Which record to take back.
#[derive(Debug, Args)]
pub struct WithdrawArgs {
    /// 记录的哈希 / the record's hash, as `receipts` lists it.
    pub record: Hash32,
    /// 原因 / why.
    #[arg(long, default_value = "")]
    pub reason: String,
}

/// 谁说的.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ToldBy {
    /// 本人.
    Resident,
    /// 房东.
    Landlord,
    /// 物业.
    PropertyManager,
    /// 楼栋长.
    BuildingSteward,
    /// 邻居.
    Neighbour,
    /// 其他.
    Other,
}

pub(super) fn save(args: VisitArgs, book: &mut Fieldbook, to: &mut Printer<'_>) -> Result<(), PhoneError> {
    let line = who::unit(book, &args.who)?;
    let fields = args.fields.iter().map(|text| who::field(text)).collect::<Result<Vec<_>, _>>()?;
    let mut draft = match args.corrects {
        Some(target) => book.correct(target)?,
        None => VisitDraft { unit: Some(line.unit), dwelling: line.dwelling, ..VisitDraft::default() },
    };
    draft.outcome = Some(outcome(&args)?);
    draft.visited_on = args.late.or(draft.visited_on);
    draft.visited_at = args.at.or(draft.visited_at);
    draft.child_alone = args.child_alone;
    draft.body.nothing_changed = args.nothing_changed;
    draft.body.answers = answers(book, line.unit, &args.answers)?;
    if let Some(on) = args.appointment {
        draft.body.appointment = Some(Appointment { on, at: None });
    }
    draft.body.note = args.note.unwrap_or(draft.body.note);
    draft.body.note_for_next = args.note_for_next.unwrap_or(draft.body.note_for_next);
    to.print(&book.save_visit(draft, &fields)?, saved_words)
}

pub(super) fn withdraw(
    args: &WithdrawArgs,
    book: &mut Fieldbook,
    to: &mut Printer<'_>,
) -> Result<(), PhoneError> {
    to.print(&book.withdraw(args.record, &args.reason)?, |_| {
        "已撤回,已存本机 / taken back; saved on this phone".to_owned()
    })
}

pub(super) fn saved_words(saved: &Saved) -> String {
    let record = saved.record.map(|hash| format!("  {hash}")).unwrap_or_default();
    let edit = if saved.edit.is_some() { "(含户情修改 / with changed fields)" } else { "" };
    format!("已存本机,尚未上传{edit} / saved on this phone, not yet received{record}")
}

fn outcome(args: &VisitArgs) -> Result<VisitOutcome, PhoneError> {
    let told_by = args.told_by.map(ToldBy::informant);
    let must_say = || {
        told_by.ok_or_else(|| {
            PhoneError::Usage("请用 --told-by 说明是谁说的 / say whose word it is with --told-by".to_owned())
        })
    };
    Ok(match args.outcome {
        OutcomeCode::Met => VisitOutcome::Met { place: MeetingPlace::Inside },
        OutcomeCode::MetAtDoor => VisitOutcome::Met { place: MeetingPlace::Door },
        OutcomeCode::NotHome => VisitOutcome::NotHome { note_left: args.note_left },
        OutcomeCode::Declined => VisitOutcome::Declined { do_not_ask_until: args.until },
        OutcomeCode::Phone => VisitOutcome::Phone,
        OutcomeCode::CameToOffice => VisitOutcome::CameToOffice,
        OutcomeCode::Vacant => VisitOutcome::Vacant { confirmed_by: told_by },
        OutcomeCode::LetUnverified => VisitOutcome::LetUnverified,
        OutcomeCode::MovedAway => VisitOutcome::MovedAway { told_by: must_say()?, left_on: args.left_on },
        OutcomeCode::RegisteredOnly => VisitOutcome::RegisteredOnly,
        OutcomeCode::NoSuchAddress => VisitOutcome::NoSuchAddress,
        OutcomeCode::Rescheduled => VisitOutcome::Rescheduled,
        OutcomeCode::Unsafe => VisitOutcome::Unsafe,
        OutcomeCode::Told => VisitOutcome::Told { by: must_say()? },
    })
}

fn answers(book: &Fieldbook, unit: Unit, texts: &[String]) -> Result<Vec<Answer>, PhoneError> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let open = book.household(unit)?.questions;
    texts.iter().map(|text| answer(&open, text)).collect()
}

fn answer(open: &[Question], text: &str) -> Result<Answer, PhoneError> {
    let bad = || {
        PhoneError::Usage(format!(
            "回答应写成 专项编号=值 / write an answer as <question id>=<value>, not {text:?}; `household` lists the questions"
        ))
    };
    let (id, value) = text.split_once('=').ok_or_else(bad)?;
    let id: QuestionId = id.parse().map_err(|_| bad())?;
    let question = open.iter().find(|question| question.id == id).ok_or_else(bad)?;
    let value = match (&question.kind, value) {
        (_, "") => AnswerValue::NotAsked,
        (AnswerKind::YesNo, "是" | "yes" | "true") => AnswerValue::YesNo(true),
        (AnswerKind::YesNo, "否" | "no" | "false") => AnswerValue::YesNo(false),
        (AnswerKind::YesNo, _) => return Err(bad()),
        (AnswerKind::Choice { .. }, value) => AnswerValue::Choice(value.parse().map_err(|_| bad())?),
        (AnswerKind::Number { .. }, value) => AnswerValue::Number(value.parse().map_err(|_| bad())?),
        (AnswerKind::Date, value) => AnswerValue::Date(value.parse().map_err(|_| bad())?),
        (AnswerKind::Text { .. }, value) => AnswerValue::Text(value.to_owned()),
    };
    Ok(Answer { question: id, value })
}

impl ToldBy {
    const fn informant(self) -> Informant {
        match self {
            Self::Resident => Informant::Resident,
            Self::Landlord => Informant::Landlord,
            Self::PropertyManager => Informant::PropertyManager,
            Self::BuildingSteward => Informant::BuildingSteward,
            Self::Neighbour => Informant::Neighbour,
            Self::Other => Informant::Other,
        }
    }
}
