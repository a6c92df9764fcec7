//! The coverage-guided fuzzer over one reader: `RUHU_FUZZ=<target> ruhu-fuzz [options of libFuzzer] <corpus>`.

#![no_main]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static READ: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("RUHU_FUZZ").unwrap_or_default();
    let Some(target) = ruhu_fuzz::target(&name) else {
        tell(&format!("没有目标 {name} / no target {name:?}: name one in RUHU_FUZZ"));
        std::process::exit(2);
    };
    // libFuzzer's own hook ends the program at every panic; those that a reader contains are none of its business.
    std::panic::set_hook(Box::new(|_| {}));
    target.read
});

fuzz_target!(|bytes: &[u8]| {
    let read = *READ;
    if let Err(thrown) = catch_unwind(AssertUnwindSafe(|| read(bytes))) {
        let words = thrown.downcast_ref::<String>().map(String::as_str);
        tell(words.or_else(|| thrown.downcast_ref::<&str>().copied()).unwrap_or("panic"));
        std::process::abort();
    }
});

#[expect(clippy::print_stderr, reason = "libFuzzer speaks to the person at the shell as well")]
fn tell(words: &str) {
    eprintln!("{words}");
}
