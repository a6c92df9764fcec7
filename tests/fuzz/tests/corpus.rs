//! What the fuzzers found worth keeping goes through the same readers in every test run.

use std::path::Path;
use std::time::Instant;

use peak_alloc::PeakAlloc;
use ruhu_fuzz::TARGETS;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Most memory a reader may ask for above what it was given, in bytes: a message, a change, a text, a small sheet.
const GROWS_MAX: usize = 64 * 1024 * 1024;

/// One test, so that nobody else asks for memory meanwhile.
#[test]
fn every_file_of_the_corpus_is_read_without_a_panic_a_hang_or_a_flood() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for target in TARGETS {
        let folder = corpus.join(target.name);
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|one| one.unwrap().path()).collect();
        files.sort();
        assert!(3 <= files.len(), "{} has a corpus", target.name);
        // What is made once for all of them is no file's doing.
        (target.read)(b"\x01");
        let began = Instant::now();
        for file in &files {
            let bytes = std::fs::read(file).unwrap();
            let held = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            (target.read)(&bytes);
            let grown = MEMORY.peak_usage().saturating_sub(held);
            assert!(grown < GROWS_MAX, "{}: {grown} B", file.display());
        }
        // Not a bar: a reader that hangs on one of a few hundred small files takes longer than all of them together.
        assert!(began.elapsed().as_secs() < 120, "{} takes {:?}", target.name, began.elapsed());
    }
}
