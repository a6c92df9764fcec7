//! 空表 – the empty forms: of somebody who joins, of each category the organ confirmed, of each outcome.

use ruhu_core::category::{CategoryForms, ConfirmedCategories};
use ruhu_core::visit::{OutcomeCode, VisitOutcome};

use crate::ask::Nothing;
use crate::labels::{field, member_keys};
use crate::view::{CategoryForm, FieldView, Forms, Informing, OutcomeForm, OutcomeShape};
use crate::visit::outcome;
use crate::{Port, Trouble};

/// Nobody: only there because a key names a person.
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

impl Port {
    /// The fields of a member and of each confirmed category, without values.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn forms(&mut self, _: Nothing) -> Result<Forms, Trouble> {
        let confirmed = self.book.community()?.confirmed_categories();
        Ok(empty(&CategoryForms::shipped().unwrap_or_default(), &confirmed))
    }
}

fn empty(forms: &CategoryForms, confirmed: &ConfirmedCategories) -> Forms {
    let confirmed = confirmed.iter().filter_map(|(id, _)| forms.form(id));
    Forms {
        member: views(forms, member_keys(NOBODY)),
        categories: confirmed
            .map(|form| CategoryForm {
                id: form.id.to_string(),
                zh: form.zh.clone(),
                en: form.en.clone(),
                fields: views(
                    forms,
                    form.fields.iter().map(|field| format!("m/{NOBODY}/c/{}/{}", form.id, field.id)),
                ),
            })
            .collect(),
        outcomes: OutcomeCode::ALL.into_iter().filter_map(|(code, ..)| shape(code)).collect(),
    }
}

/// What an outcome asks for, told by the outcome itself so that the screens need not know.
fn shape(code: OutcomeCode) -> Option<OutcomeShape> {
    let anybody = Some("other".to_owned());
    let form = OutcomeForm { code: code.to_string(), informant: anybody, ..OutcomeForm::default() };
    let of = outcome(&form).ok()?;
    Some(OutcomeShape {
        code: code.to_string(),
        met: of.met_somebody(),
        note_left: matches!(of, VisitOutcome::NotHome { .. }),
        until: matches!(of, VisitOutcome::Declined { .. }),
        left_on: matches!(of, VisitOutcome::MovedAway { .. }),
        appointment: matches!(of, VisitOutcome::Rescheduled),
        informing: match of {
            VisitOutcome::Vacant { .. } => Informing::May,
            VisitOutcome::MovedAway { .. } | VisitOutcome::Told { .. } => Informing::Must,
            _ => Informing::Not,
        },
    })
}

/// Each field under its key behind the person's id.
fn views(forms: &CategoryForms, keys: impl Iterator<Item = String>) -> Vec<FieldView> {
    let views = keys.filter_map(|key| {
        let mut view = field(forms, &key, None, true)?;
        let short = key.strip_prefix("m/").and_then(|key| key.strip_prefix(NOBODY));
        view.key = short.and_then(|key| key.strip_prefix('/'))?.to_owned();
        Some(view)
    });
    views.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_member_has_a_name_and_no_identity_number() {
        let forms = empty(&CategoryForms::shipped().unwrap(), &ConfirmedCategories::default());
        let keys: Vec<&str> = forms.member.iter().map(|one| one.key.as_str()).collect();
        assert!(keys.contains(&"name") && keys.contains(&"birth"), "{keys:?}");
        assert!(!keys.contains(&"id_number"));
        assert!(forms.categories.is_empty(), "nothing is asked before an organ confirmed it");
    }

    #[test]
    fn every_outcome_says_what_it_asks_for() {
        let shapes = empty(&CategoryForms::default(), &ConfirmedCategories::default()).outcomes;
        assert_eq!(shapes.len(), OutcomeCode::ALL.len());
        let of = |code: &str| shapes.iter().find(|one| one.code == code).unwrap();
        assert!(of("met").met && of("phone").met && !of("not-home").met);
        assert!(of("not-home").note_left && of("declined").until && of("rescheduled").appointment);
        assert_eq!(of("moved-away").informing, Informing::Must);
        assert_eq!(of("vacant").informing, Informing::May);
    }
}
