//! What must hold at the end, after everybody met over a good line.

use std::collections::BTreeSet;

use ruhu_core::coverage::Coverage;
use ruhu_core::ids::{GridId, Hash32, WorkerId};
use ruhu_core::roster::Unit;
use ruhu_core::store::EntryState;
use ruhu_core::time::Period;

use super::week::{Caller, Met, Week};

/// Rounds in which every phone syncs: what one brings in the first, the others have after the second.
const ROUNDS: u32 = 3;

/// Everybody meets; then every record is looked for and everything is compared.
pub(super) fn at_the_end(mut week: Week<'_>) -> Met {
    week.mend();
    week.tell("the line is good again, and everybody syncs");
    for _ in 0..ROUNDS {
        for nth in 0..week.callers.len() {
            week.sync(nth);
        }
    }
    let log = week.village.log();
    let once: BTreeSet<Hash32> = log.iter().copied().collect();
    assert_eq!(once.len(), log.len(), "the hub holds something twice");
    week.village.assert_verifies();
    week.village.hub.hub().refresh_day().unwrap();
    for caller in &week.callers {
        records(caller, &once, &mut week.met);
        for grid in week.grids_of(caller.worker) {
            week.agree(caller, grid);
        }
        week.same_values(caller);
    }
    week.met
}

/// Every record is where the phone says it is.
fn records(caller: &Caller, held: &BTreeSet<Hash32>, met: &mut Met) {
    let nth = caller.nth;
    let receipts = caller.book.receipts().unwrap();
    let kept: BTreeSet<Hash32> = receipts.iter().map(|receipt| receipt.entry).collect();
    for record in &caller.must {
        assert!(held.contains(record), "the hub lacks {record:?} of phone {nth}");
        assert!(
            kept.contains(record) || caller.only_hub.contains(record),
            "phone {nth} lost its receipt of {record:?}"
        );
    }
    for receipt in receipts {
        assert!(caller.must.contains(&receipt.entry), "phone {nth} shows what nobody saved: {receipt:?}");
        assert!(
            !receipt.to_send && receipt.state != EntryState::Unsent,
            "phone {nth} still holds something to send: {receipt:?}"
        );
        met.apart += usize::from(!matches!(receipt.state, EntryState::Accepted { .. }));
    }
    met.saved += caller.must.len();
}

impl Week<'_> {
    fn grids_of(&self, worker: WorkerId) -> Vec<GridId> {
        let (community, today) = (self.village.hub.community(), self.village.hub.today());
        let file = self.village.hub.hub().storage().read(|tx| tx.community(community)).unwrap().unwrap();
        let grids = file.assignments().into_iter().filter(|one| one.worker == worker && one.covers(today));
        grids.map(|one| one.grid).collect()
    }

    fn rows(&self, grid: GridId) -> Coverage {
        let quarter = Period::quarter_of(self.village.hub.today());
        self.village.hub.hub().storage().read(|tx| tx.grid_coverage(grid, quarter)).unwrap().unwrap()
    }

    /// The phone counts a grid as the hub does, and lists as open exactly what is outstanding there.
    fn agree(&self, caller: &Caller, grid: GridId) {
        let nth = caller.nth;
        let sheet = caller.book.due(Some(self.village.hub.today()), Some(grid)).unwrap();
        let rows = self.rows(grid);
        let total = rows.total();
        let mut open: Vec<Unit> =
            sheet.rows.iter().filter(|row| row.due.quarter.is_some()).map(|row| row.due.unit).collect();
        let outstanding = rows.obligations.iter().filter(|one| one.state.is_outstanding());
        let mut outstanding: Vec<Unit> = outstanding.map(|one| one.unit).collect();
        open.sort_unstable();
        outstanding.sort_unstable();
        assert_eq!(open, outstanding, "phone {nth} and hub: outstanding in {grid:?}");
        assert_eq!(
            (sheet.quarter.done, sheet.quarter.due),
            (total.done, total.due),
            "phone {nth} and hub: {grid:?}"
        );
    }

    fn same_values(&self, caller: &Caller) {
        for line in caller.book.units().unwrap() {
            let sheet = caller.book.household(line.unit).unwrap();
            let mut here = sheet.fields.get("p/phone").cloned().unwrap_or_default();
            let mut there = self.village.values(line.unit, "p/phone");
            here.sort();
            there.sort();
            assert_eq!(here, there, "phone {} and hub: the telephone of {:?}", caller.nth, line.unit);
        }
    }
}
