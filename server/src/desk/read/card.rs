//! The evidence card of a drawn record, read again from the hub's rows: the same material gives the same card.

use super::{Scope, Viewer};
use crate::desk::trouble::Trouble;
use crate::desk::views::{CardPage, PointView};
use crate::desk::words::Lang;
use crate::flags::card::Both;
use crate::flags::gather::gather;
use crate::flags::{Model, card, review};
use crate::report::closing::ReportError;
use crate::storage::Tx;
use crate::storage::rechecks::DrawRow;

pub(in crate::desk) fn card_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    draw: &DrawRow,
    nth: u32,
) -> Result<CardPage, Trouble> {
    let lang = viewer.lang;
    let drawn = tx.drawn(draw.id)?;
    let item = drawn.iter().find(|one| one.nth == nth).ok_or(Trouble::NotFound)?;
    let (record, _) = item.visit.ok_or(Trouble::NotFound)?;
    let material = gather(tx, scope.id, draw.period).map_err(ReportError::from)?;
    let found = review(&material, &Model::default());
    // A record that was taken back since is in no review any more.
    let card = card(&material, &found, record).ok_or(Trouble::NotFound)?;
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
    Ok(CardPage {
        shell: viewer.shell(lang.t("card.title").to_owned(), "spot", Some(scope)),
        address: card.address.clone(),
        back: format!("/spot-checks/{}?period={}{}", draw.id, draw.period, scope.tail),
        facts: card.facts.iter().map(said).collect(),
        points: points.collect(),
        missing: card.missing.iter().map(said).collect(),
        made_from: lang.fill("card.made-from", &[card.model_version, &card.inputs_hash.to_string()]),
    })
}

fn in_lang(both: &Both, lang: Lang) -> String {
    match lang {
        Lang::Zh => both.zh.clone(),
        Lang::En => both.en.clone(),
    }
}
