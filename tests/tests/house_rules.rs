//! Rules of this repository that no lint knows. Each test names every place that breaks its rule.

#[path = "../checks/files.rs"]
mod files;

use files::TextFile;

/// Longest source file, in lines; tests in files of their own are not counted.
const LINES_MAX: usize = 400;

#[test]
fn no_source_file_is_longer_than_one_sitting() {
    let long = rust_files().filter(|file| !holds_only_tests(&file.path)).filter_map(|file| {
        let lines = file.text.lines().count();
        (lines > LINES_MAX).then(|| format!("{}: {lines} lines", file.path))
    });
    nothing(long, "split the file by idea, or move its tests to foo/tests.rs");
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    // Put together here, so that this file does not name them itself.
    let roots = [concat!("/", "work/"), concat!("/", "root/")];
    let named = files::all().into_iter().flat_map(|file| {
        lines_where(&file, |line| roots.iter().any(|root| starts_a_path(line, root))).collect::<Vec<_>>()
    });
    nothing(named, "find the path at run time, or take it as an argument");
}

#[test]
fn no_test_is_switched_off() {
    nothing(attributes("ignore"), "a test that cannot run here says so and passes over, or it goes");
}

#[test]
fn no_lint_is_switched_off_for_ever() {
    nothing(
        attributes("allow("),
        "use #[expect(lint, reason = \"..\")]: it tells when it is no longer needed",
    );
}

#[test]
fn nothing_is_left_to_be_written() {
    let holes = [concat!("todo", "!("), concat!("unimplemented", "!(")];
    let left = rust_files().flat_map(|file| {
        lines_where(&file, |line| holes.iter().any(|hole| line.contains(hole))).collect::<Vec<_>>()
    });
    nothing(left, "write it, or leave the function out");
}

#[test]
fn a_module_with_parts_is_foo_rs_beside_foo() {
    let named = rust_files().map(|file| file.path).filter(|path| path.ends_with("/mod.rs"));
    nothing(named, "name the file after the module and put it beside the directory");
}

#[test]
fn a_path_is_told_from_a_word_that_ends_alike() {
    let root = concat!("/", "work/");
    assert!(starts_a_path(&format!("cd {root}main"), root));
    assert!(starts_a_path(&format!("\"{root}main\""), root));
    assert!(!starts_a_path(&format!("https://example.org{root}main"), root));
    assert!(!starts_a_path(&format!("target{root}main"), root));
}

fn rust_files() -> impl Iterator<Item = TextFile> {
    files::all().into_iter().filter(|file| file.path.ends_with(".rs"))
}

/// The crate of tests lives in `tests/` and is source like any other; a directory `tests` inside a crate is not.
fn holds_only_tests(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.split('/').skip(1).any(|part| part == "tests")
}

/// Lines that are an attribute with `word` in it, as `path:line: text`.
fn attributes(word: &str) -> impl Iterator<Item = String> {
    rust_files().flat_map(move |file| {
        lines_where(&file, |line| {
            let line = line.trim_start();
            (line.starts_with("#[") || line.starts_with("#![")) && holds_word(line, word)
        })
        .collect::<Vec<_>>()
    })
}

fn lines_where(file: &TextFile, breaks: impl Fn(&str) -> bool) -> impl Iterator<Item = String> {
    file.text
        .lines()
        .enumerate()
        .filter(move |(_, line)| breaks(line))
        .map(|(index, line)| format!("{}:{}: {}", file.path, index + 1, line.trim()))
}

/// Whether `root` stands in `line` as the beginning of a path, not as a part of an address or of another path.
fn starts_a_path(line: &str, root: &str) -> bool {
    line.match_indices(root).any(|(at, _)| {
        let (before, _) = line.split_at(at);
        !before.ends_with(|sign: char| sign.is_ascii_alphanumeric() || "._-~$}/*".contains(sign))
    })
}

fn holds_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let (before, _) = line.split_at(at);
        !before.ends_with(|sign: char| sign.is_alphanumeric() || sign == '_')
    })
}

fn nothing(found: impl Iterator<Item = String>, way_out: &str) {
    let found: Vec<String> = found.collect();
    assert!(found.is_empty(), "{way_out}\n  {}", found.join("\n  "));
}
