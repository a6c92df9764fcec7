//! 网格与人员 – hand-over, cover, leave, new workers, phones.

use axum::Form;
use axum::extract::{Query, State};
use chrono::NaiveDate;
use qrcode::QrCode;
use qrcode::render::svg::Color;
use ruhu_core::community::CommunityFile;
use ruhu_core::ids::{EnrolmentId, GridId, WorkerId};
use ruhu_core::roster::{Engagement, LeaveSpan, WorkerClass};

use super::act::{deciding, done, refused_words, said, within};
use super::refusal::duty_words;
use super::{Page, html};
use crate::coverage::sheet_of;
use crate::desk::door::SignedIn;
use crate::desk::read::{Asked, Scope, Viewer, handover_view, leaving_view, ownerless, staff_page};
use crate::desk::trouble::Trouble;
use crate::desk::views::{CodePage, LookView, Said, StaffForm};
use crate::desk::words::Lang;
use crate::desk::{Desk, ask};
use crate::ingest::enrol::{CODE_HOURS, CodeError, enrol_url};
use crate::ingest::office::ActError;
use crate::office::DutyError;
use crate::office::duty::{may_hand_over, may_leave};
use crate::office::staff::{ListError, Namesake, NewWorker};
use crate::storage::{Hub, StorageError};

const PATH: &str = "/staff";
/// Signs of a name on a card.
const NAME_MAX: usize = 40;

/// Why a form was not taken: said on the page that shows it again.
enum NotTaken {
    /// By the words of a key.
    Because(&'static str),
    /// By the words of a reason.
    Refused(DutyError),
    /// Looked at first: this is what it would do.
    Look(LookView),
    /// It failed.
    Failed(Trouble),
}

impl From<DutyError> for NotTaken {
    fn from(why: DutyError) -> Self {
        match why {
            DutyError::Storage(why) | DutyError::Act(ActError::Storage(why)) => Self::Failed(why.into()),
            why => Self::Refused(why),
        }
    }
}

impl From<StorageError> for NotTaken {
    fn from(why: StorageError) -> Self {
        Self::Failed(why.into())
    }
}

pub(in crate::desk) async fn staff(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| show(hub, &viewer, &asked, None)).await
}

pub(in crate::desk) async fn act_on_staff(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Form(form): Form<StaffForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        match act(hub, &viewer, &scope, &form) {
            Ok(what) => Ok(done(PATH, &scope, what, &[])),
            Err(NotTaken::Failed(why)) => Err(why),
            Err(NotTaken::Look(look)) => show(hub, &viewer, &asked, Some((Said::Nothing, form, Some(look)))),
            Err(NotTaken::Because(key)) => {
                refused_words(viewer.lang.t(key), |said| show(hub, &viewer, &asked, Some((said, form, None))))
            }
            Err(NotTaken::Refused(why)) => refused_words(&duty_words(&why, viewer.lang), |said| {
                show(hub, &viewer, &asked, Some((said, form, None)))
            }),
        }
    })
    .await
}

fn act(hub: &Hub, viewer: &Viewer, scope: &Scope, form: &StaffForm) -> Result<&'static str, NotTaken> {
    let by = viewer.account.id;
    match form.act.as_str() {
        "handover" => {
            let (grid, to, on) = (grid(&scope.file, form)?, worker(form)?, day(&form.from)?);
            if form.sure.is_empty() {
                may_hand_over(&scope.file, grid, to, on, scope.today)?;
                return Err(NotTaken::Look(look(hub, scope, (grid, to, on), viewer.lang)?));
            }
            hub.hand_over(by, scope.id, grid, to, on)?;
            Ok("handed-over")
        }
        "cover" => {
            let span = (day(&form.from)?, day(&form.until)?);
            hub.cover(by, scope.id, grid(&scope.file, form)?, worker(form)?, span)?;
            Ok("covered")
        }
        "end-cover" => {
            let of = (grid(&scope.file, form)?, worker(form)?);
            hub.end_cover(by, scope.id, of, day(&form.from)?)?;
            Ok("cover-ended")
        }
        "leave" => {
            let span = LeaveSpan { worker: worker(form)?, from: day(&form.from)?, until: day(&form.until)? };
            hub.on_leave(by, scope.id, span)?;
            Ok("away")
        }
        "end-leave" => {
            hub.end_leave(by, scope.id, worker(form)?, day(&form.from)?)?;
            Ok("leave-ended")
        }
        "leave-job" => {
            let (worker, on) = (worker(form)?, day(&form.from)?);
            if form.sure.is_empty() {
                may_leave(&scope.file, worker, on, scope.today)?;
                let view = hub.storage().read(|tx| leaving_view(tx, scope, (worker, on), viewer.lang));
                return Err(NotTaken::Look(view.map_err(NotTaken::Failed)?));
            }
            hub.leave_job(by, scope.id, worker, on)?;
            Ok("left")
        }
        "list" => match hub.list_worker(by, scope.id, new_worker(form)?) {
            Ok(_) => Ok("listed"),
            Err(ListError::SameName) => Err(NotTaken::Because("staff.same-name")),
            Err(ListError::Act(why)) => Err(DutyError::Act(why).into()),
            Err(ListError::Storage(why)) => Err(why.into()),
        },
        "revoke" => {
            let phone: EnrolmentId =
                form.enrolment.parse().map_err(|_| NotTaken::Because("staff.no-phone"))?;
            let revoked = hub.revoke_phone(by, Some(scope.id), phone)?;
            if revoked { Ok("revoked") } else { Err(NotTaken::Because("staff.no-phone")) }
        }
        _ => Err(NotTaken::Failed(Trouble::BadRequest)),
    }
}

fn grid(file: &CommunityFile, form: &StaffForm) -> Result<GridId, NotTaken> {
    let known = form.grid.parse().ok().filter(|id| file.grids().contains_key(id));
    known.ok_or(NotTaken::Because("staff.no-grid"))
}

fn worker(form: &StaffForm) -> Result<WorkerId, NotTaken> {
    form.worker.parse().map_err(|_| NotTaken::Because("staff.no-worker"))
}

fn day(typed: &str) -> Result<NaiveDate, NotTaken> {
    typed.trim().parse().map_err(|_| NotTaken::Because("staff.no-day"))
}

fn new_worker(form: &StaffForm) -> Result<NewWorker, NotTaken> {
    let name = form.name.trim();
    if name.is_empty() || NAME_MAX < name.chars().count() || name.chars().any(char::is_control) {
        return Err(NotTaken::Because("staff.bad-name"));
    }
    let phone = form.phone.trim();
    Ok(NewWorker {
        name: name.to_owned(),
        class: if form.class == "cadre" { WorkerClass::Cadre } else { WorkerClass::Staff },
        engagement: Engagement::FullTime,
        office_phone: (!phone.is_empty()).then(|| phone.chars().take(NAME_MAX).collect()),
        namesake: if form.sure.is_empty() { Namesake::Refused } else { Namesake::Meant },
    })
}

fn look(
    hub: &Hub,
    scope: &Scope,
    (grid, to, on): (GridId, WorkerId, NaiveDate),
    lang: Lang,
) -> Result<LookView, NotTaken> {
    let eve = on.pred_opt().unwrap_or(on).min(scope.today);
    let view = hub.storage().read(|tx| {
        let sheet = sheet_of(tx, grid, &scope.file, eve)?;
        handover_view(tx, scope, (&sheet, to, on), lang)
    });
    view.map_err(NotTaken::Failed)
}

type Again = (Said, StaffForm, Option<LookView>);

fn show(hub: &Hub, viewer: &Viewer, asked: &Asked, again: Option<Again>) -> Page {
    hub.storage().read(|tx| {
        let scope = within(tx, hub, viewer, asked)?;
        let with =
            again.unwrap_or_else(|| (done_words(asked, &scope, viewer.lang), StaffForm::default(), None));
        html(&staff_page(tx, viewer, &scope, with)?)
    })
}

/// What was done; after a leaving also which grids are without anybody.
fn done_words(asked: &Asked, scope: &Scope, lang: Lang) -> Said {
    let mut done = said(asked, PATH, scope, lang);
    if let Said::Done { words, .. } = &mut done
        && asked.done.as_deref() == Some("left")
    {
        let open = ownerless(scope);
        if !open.is_empty() {
            words.push_str(&lang.fill("staff.left-nobody", &[&open.join(lang.t("site.comma"))]));
        }
    }
    done
}

/// A one-time code, shown once: nothing keeps it, a reload makes another.
pub(in crate::desk) async fn code(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Form(form): Form<StaffForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let again = |said| show(hub, &viewer, &asked, Some((said, StaffForm::default(), None)));
        let Ok(worker) = worker(&form) else {
            return refused_words(viewer.lang.t("staff.no-worker"), again);
        };
        let url = hub.storage().read(|tx| tx.public_url())?;
        if url.is_empty() {
            return refused_words(viewer.lang.t("staff.no-address"), again);
        }
        let code = match hub.code_for(viewer.account.id, scope.id, worker) {
            Ok(code) => code,
            Err(CodeError::UnknownWorker) => {
                return refused_words(viewer.lang.t("staff.no-worker"), again);
            }
            Err(CodeError::Storage(why)) => return Err(why.into()),
        };
        html(&code_page(hub, &viewer, &scope, (worker, &code, &url)))
    })
    .await
}

fn code_page(
    hub: &Hub,
    viewer: &Viewer,
    scope: &Scope,
    (worker, code, url): (WorkerId, &str, &str),
) -> CodePage {
    let lang = viewer.lang;
    let address = enrol_url(url, code, hub);
    let until = hub.now() + chrono::Duration::hours(CODE_HOURS);
    let zone = scope.file.zone();
    let workers = scope.file.workers();
    CodePage {
        shell: viewer.shell(lang.t("code.title").to_owned(), "staff", Some(scope)),
        name: workers.get(&worker).map(|one| one.name.clone()).unwrap_or_default(),
        picture: picture(&address),
        code: code.to_owned(),
        address,
        until: lang
            .fill("code.until", &[&format!("{} {}", zone.date(until), zone.time(until).format("%H:%M"))]),
        back: format!("{PATH}?period={}{}", scope.period, scope.tail),
    }
}

/// What a camera reads, as an element of a page; empty when it is too long for one: it is there in letters too.
pub(super) fn picture(address: &str) -> String {
    let drawn = QrCode::new(address.as_bytes()).map(|picture| {
        let svg = picture.render::<Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build();
        // Within a page it is an element, not a document.
        let element = svg.split_once("?>").map_or(svg.as_str(), |(_, element)| element);
        element.replace(" xmlns=\"http://www.w3.org/2000/svg\"", "")
    });
    drawn.unwrap_or_default()
}
