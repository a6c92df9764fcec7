//! A worker's day as the screens see it, over a real phone and a real hub.

mod doors;
mod lines;
mod masks;
mod messages;
mod records;
mod requests;
mod visits;

use ruhu_port::Port;
use ruhu_port::ask::UnitAsk;
use ruhu_port::view::OutcomeForm;
use ruhu_sim::harness::SimPhone;
use ruhu_sim::village::Home;

const HER: &str = "0193a000-0000-7000-8000-000000000001";
const CHILD: &str = "0193a000-0000-7000-8000-000000000002";

fn household(home: Home) -> String {
    format!("household/{}", home.household)
}

fn ask(unit: &str) -> UnitAsk {
    UnitAsk { unit: unit.to_owned() }
}

fn outcome(code: &str) -> Option<OutcomeForm> {
    Some(OutcomeForm { code: code.to_owned(), ..OutcomeForm::default() })
}

/// The screens of a phone for as long as `work` lasts.
fn on<T>(phone: SimPhone, work: impl FnOnce(&mut Port) -> T) -> (SimPhone, T) {
    let mut port = Port::new(phone.book, "ruhu-test/1");
    let done = work(&mut port);
    (SimPhone { book: port.into_book(), traffic: phone.traffic }, done)
}
