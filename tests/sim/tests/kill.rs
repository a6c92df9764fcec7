//! Real processes and `kill -9`: a few kills here, a thousand with `ruhu-sim kill --times 1000`.

use std::path::PathBuf;

use ruhu_core::time::SystemClock;
use ruhu_sim::faults::kill::{Plan, run};

#[test]
#[expect(clippy::print_stdout, reason = "a test that cannot run here says so")]
fn killed_processes_lose_nothing_that_was_called_saved_or_received() {
    let phone = PathBuf::from(env!("CARGO_BIN_EXE_ruhu-phone"));
    let hub = phone.with_file_name("ruhu");
    if !hub.exists() {
        println!("passed over: the hub's program is not built (it is with --workspace)");
        return;
    }
    let killed = run(&Plan { times: 16, seed: 1, hub, phone }, &SystemClock);
    assert!(16 <= killed.hub + killed.phones && 0 < killed.saved, "{killed:?}");
}
