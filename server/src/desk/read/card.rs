//! The evidence card of a drawn record.

use ruhu_core::ids::{CommunityId, Hash32};

use super::{Scope, Viewer};
use crate::desk::trouble::Trouble;
use crate::desk::views::{CardPage, NoCardPage, PointView};
use crate::desk::words::Lang;
use crate::findings::course::is_open;
use crate::flags::card::Both;
use crate::flags::gather::gather;
use crate::flags::{Card, Model, card, review};
use crate::recheck::draw::Method;
use crate::recheck::signals::{gone_on, standing_visit};
use crate::report::closing::ReportError;
use crate::storage::rechecks::DrawRow;
use crate::storage::{StorageError, Tx};

/// A card, or why there is none.
pub(in crate::desk) enum CardOrNot {
    /// The card.
    Card(Box<CardPage>),
    /// There never was one: not drawn by signals, or no visit.
    None(NoCardPage),
    /// There was one: the record was taken back or corrected, or its time is over.
    NoMore(NoCardPage),
}

pub(in crate::desk) fn card_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    draw: &DrawRow,
    nth: u32,
) -> Result<CardOrNot, Trouble> {
    let lang = viewer.lang;
    let drawn = tx.drawn(draw.id)?;
    let item = drawn.iter().find(|one| one.nth == nth).ok_or(Trouble::NotFound)?;
    let back = format!("/spot-checks/{}?period={}{}", draw.id, draw.period, scope.tail);
    let none = |why: &'static str| NoCardPage {
        shell: viewer.shell(lang.t("card.title").to_owned(), "spot", Some(scope)),
        back: back.clone(),
        why: lang.t(why),
    };
    let by_signals = Method::from_code(&draw.method) == Method::Signals;
    let Some((record, _)) = item.visit.filter(|_| by_signals) else {
        return Ok(CardOrNot::None(none("card.only-signals")));
    };
    // Whoever is still to answer for the record, or to hear an appeal, is shown what spoke for asking again.
    let open = is_open(tx, scope.id, record, scope.today)?;
    if !open && gone_on(&scope.file, draw.period).is_some_and(|gone| gone <= scope.today) {
        return Ok(CardOrNot::NoMore(none("card.gone")));
    }
    if !open && standing_visit(tx, item.unit, record)?.is_none_or(|visit| visit.found_false) {
        return Ok(CardOrNot::NoMore(none("card.taken-back")));
    }
    let Some(card) = kept_card(tx, scope.id, draw, (nth, record))? else {
        return Ok(CardOrNot::NoMore(none("card.taken-back")));
    };
    let said = |both: &Both| in_lang(both, lang);
    let points = card.points.iter().map(|point| PointView {
        name: said(&point.name),
        strength: lang
            .fill("card.strength", &[&said(&point.strength), &format!("{:.1}", point.likelihood_ratio)]),
        unusual: said(&point.unusual),
        innocent: point.innocent.iter().map(|one| (said(&one.reading), said(&one.shown_by))).collect(),
        settled_by: said(&point.settled_by),
        about_the_quarter: point.about_the_quarter,
    });
    Ok(CardOrNot::Card(Box::new(CardPage {
        shell: viewer.shell(lang.t("card.title").to_owned(), "spot", Some(scope)),
        address: card.address.clone(),
        back,
        facts: card.facts.iter().map(said).collect(),
        points: points.collect(),
        missing: card.missing.iter().map(said).collect(),
        made_from: lang.fill("card.made-from", &[&card.model_version, &card.inputs_hash.to_string()]),
    })))
}

/// As it was when the record was drawn; of draws older than cards were kept, read again from the hub's rows.
fn kept_card(
    tx: &Tx<'_>,
    community: CommunityId,
    draw: &DrawRow,
    (nth, record): (u32, Hash32),
) -> Result<Option<Card>, Trouble> {
    if let Some(kept) = tx.card(draw.id, nth)? {
        let card = serde_json::from_str(&kept).map_err(|_| StorageError::Damaged { what: "card" })?;
        return Ok(Some(card));
    }
    let material = gather(tx, community, draw.period).map_err(ReportError::from)?;
    Ok(card(&material, &review(&material, &Model::default()), record))
}

fn in_lang(both: &Both, lang: Lang) -> String {
    match lang {
        Lang::Zh => both.zh.clone(),
        Lang::En => both.en.clone(),
    }
}
