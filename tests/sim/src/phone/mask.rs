//! 掩码 – the core's masks over whole sheets, unless `--open` was said.

use ruhu_core::fieldbook::{DaySheet, UnitLine, UnitSheet, mask_shown, mask_value};

pub(super) fn day(mut sheet: DaySheet) -> DaySheet {
    sheet.rows.iter_mut().for_each(|row| names(&mut row.names));
    sheet
}

pub(super) fn unit(mut sheet: UnitSheet) -> UnitSheet {
    line(&mut sheet.line);
    for member in &mut sheet.members {
        member.shown = mask_shown(&member.shown);
    }
    for (key, values) in &mut sheet.fields {
        values.iter_mut().for_each(|value| *value = mask_value(key, value));
    }
    sheet
}

pub(super) fn line(line: &mut UnitLine) {
    names(&mut line.names);
}

fn names(names: &mut [String]) {
    names.iter_mut().for_each(|name| *name = mask_shown(name));
}
