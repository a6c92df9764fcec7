//! What an import's undo leaves standing: households of which something is open.

use ruhu_core::ids::Hash32;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Refusal;
use ruhu_server::storage::log::Pos;
use ruhu_server::storage::rechecks::{DrawRow, ItemRow};
use ruhu_server::storage::requests::RequestRow;
use ruhu_server::storage::waiting::{Waiting, Waits};
use ruhu_server::storage::{StorageError, Tx};

use super::households_of;
use crate::world::{COMMUNITY, GRIDS, LEAD, World};

#[test]
fn an_undo_keeps_households_of_which_something_is_open() {
    let world = World::new();
    let names = ["王建国", "李秀英", "赵大勇", "欧阳建国"];
    let lines = (1..).zip(names).map(|(nth, name)| format!("第1网格,阳光小区8幢1单元10{nth}室,{name}\n"));
    let sheet = format!("网格,地址,户主\n{}", lines.collect::<String>());
    let preview = world.hub.preview_import(COMMUNITY, "a.csv", sheet.as_bytes(), Default::default()).unwrap();
    let import = world.hub.commit_import(LEAD, preview, None).unwrap().import;
    let [drawn, asked, waits, _] = names.map(|name| households_of(&world, name));
    let (draw, request) = (world.hub.make_id(), world.hub.make_id());
    let add = move |tx: &Tx<'_>| -> Result<(), StorageError> {
        let row = tx.unit(asked)?.unwrap();
        tx.note_request(RequestRow {
            unit: row.nr,
            request,
            entry: Hash32::ZERO,
            pos: Pos(1),
            at_ms: 0,
            step: None,
            due: None,
        });
        let (reason, community) = (Refusal::OutOfScope, COMMUNITY);
        tx.wait(Waiting {
            pos: Pos(1),
            waits: Waits::Quarantined,
            reason,
            unit: Some(waits),
            community,
            left_ms: None,
        })?;
        let (made_ms, framed, method) = (0, 1, "lot".to_owned());
        let draw = DrawRow {
            id: draw,
            community,
            period: "2026Q3".parse().unwrap(),
            method,
            seed: [7; 32],
            framed,
            frame: Hash32::ZERO,
            account: LEAD,
            made_ms,
        };
        let (grid, dwelling) = (GRIDS[0], tx.unit(drawn)?.and_then(|row| row.dwelling).unwrap());
        tx.put_draw(
            &draw,
            &[ItemRow { nth: 0, unit: drawn, grid, dwelling, claim: "visited".into(), visit: None }],
        )
    };
    world.hub.storage().write(add).unwrap();
    let look = world.hub.look_at_undo(COMMUNITY, Some(import)).unwrap();
    let kept: Vec<Unit> = look.kept.iter().map(|id| Unit::Household(*id)).collect();
    assert!([drawn, asked, waits].iter().all(|unit| kept.contains(unit)), "{kept:?}");
    assert_eq!((look.households, look.doors, kept.len(), look.kept_doors.len()), (1, 1, 3, 3));
}
