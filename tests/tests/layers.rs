//! The arrows of `core` point down only: pure modules → entry, profile → projection → store → sync → fieldbook.
//!
//! Read from the source, because inside one crate the compiler lets every module use every other.

#[path = "../checks/files.rs"]
mod files;

use std::collections::BTreeSet;

/// The layers from the bottom up: modules, and crates that this layer and the ones below it must not use.
///
/// Modules of one layer may use each other.
const LAYERS: [Layer; 6] = [
    Layer {
        modules: &[
            "category",
            "closing",
            "community",
            "coverage",
            "due",
            "fact",
            "file",
            "ids",
            "life",
            "policy",
            "question",
            "roster",
            "tables",
            "time",
            "visit",
        ],
        without: &["automerge"],
    },
    Layer { modules: &["entry", "profile"], without: &[] },
    Layer { modules: &["finding", "ledger", "projection", "request", "steps"], without: &["rusqlite"] },
    Layer { modules: &["store"], without: &["reqwest"] },
    Layer { modules: &["sync"], without: &[] },
    // No runtime anywhere in core: the host brings the waiting.
    Layer { modules: &["fieldbook"], without: &["tokio"] },
];

struct Layer {
    modules: &'static [&'static str],
    without: &'static [&'static str],
}

#[test]
fn no_module_of_core_looks_up() {
    let mut broken = Vec::new();
    for file in files::all() {
        let Some(module) = module_of(&file.path) else { continue };
        broken.extend(
            complaints(&module, &file.text).into_iter().map(|words| format!("{}: {words}", file.path)),
        );
    }
    assert!(
        broken.is_empty(),
        "arrows point down only, see the table in layers.rs\n  {}",
        broken.join("\n  ")
    );
}

#[test]
fn an_upward_arrow_is_found_however_it_is_written() {
    for (module, source) in [
        ("due", "use crate::store::Store;"),
        ("due", "use crate::{\n    ids::{HouseholdId, GridId},\n    store::Store,\n};"),
        ("due", "fn f() { crate::store::open(); }"),
        ("due", "use super::store::Store;"),
        ("due/list", "use super::super::store::Store;"),
        ("due", "use rusqlite::Connection;"),
        ("entry/seal", "use rusqlite::Connection;"),
        ("entry", "use crate::sync::Session;"),
        ("store", "let reply = reqwest::get(url);"),
        ("sync", "use crate::fieldbook::Fieldbook;"),
        ("nowhere", "use crate::ids::VisitId;"),
    ] {
        assert_eq!(complaints(&parts(module), source).len(), 1, "{module}: {source}");
    }
}

#[test]
fn a_downward_arrow_a_comment_and_a_test_are_left_alone() {
    for (module, source) in [
        ("store", "use crate::entry::Entry; use crate::ids::VisitId; use rusqlite::Connection;"),
        ("due", "/// Kept by [`crate::store`].\n// crate::store\nuse crate::roster::Unit;"),
        ("due", "use crate::ids::VisitId;\n#[cfg(test)]\nmod tests { use crate::store::Store; }"),
        ("due/list", "use super::store;"), // due::store, a part of due itself
        ("profile", "use automerge::AutoCommit; use crate::entry::Entry;"),
        ("sync/http", "use reqwest::Client; use crate::store::Store;"),
    ] {
        assert_eq!(complaints(&parts(module), source), [""; 0], "{module}: {source}");
    }
}

/// `core/src/visit/draft.rs` → `["visit", "draft"]`; `None` for what is not a module of core, and for tests.
fn module_of(path: &str) -> Option<Vec<String>> {
    let module = parts(path.strip_prefix("core/src/")?.strip_suffix(".rs")?);
    (module != ["lib"] && !module.iter().any(|part| part == "tests")).then_some(module)
}

fn parts(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}

fn complaints(module: &[String], text: &str) -> Vec<String> {
    let Some(top) = module.first() else { return Vec::new() };
    let Some(height) = layer_of(top) else {
        return vec![format!("`{top}` has no layer yet: put it into the table of layers.rs")];
    };
    let code = without_comments_and_tests(text);
    let mut found = Vec::new();
    for used in modules_used(&code, module.len()) {
        if layer_of(&used).is_some_and(|other| other > height) {
            found.push(format!("`{top}` uses `{used}`, which stands above it"));
        }
    }
    for banned in LAYERS.iter().skip(height).flat_map(|layer| layer.without) {
        if !places(&code, &format!("{banned}::")).is_empty() {
            found.push(format!("`{top}` uses the crate `{banned}`, which belongs above it"));
        }
    }
    found
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.modules.contains(&module))
}

fn without_comments_and_tests(text: &str) -> String {
    let source = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Top-level modules of the crate that `code` names, written in a module `depth` deep.
fn modules_used(code: &str, depth: usize) -> BTreeSet<String> {
    let roots = ["crate::".to_owned(), "super::".repeat(depth)];
    roots.iter().flat_map(|root| places(code, root)).flat_map(first_names).collect()
}

/// What follows `path` wherever it stands as a whole, not as the end of a longer path or name.
fn places<'a>(code: &'a str, path: &str) -> Vec<&'a str> {
    code.match_indices(path)
        .map(|(at, _)| code.split_at(at))
        .filter(|(before, _)| !before.ends_with(|sign: char| sign.is_alphanumeric() || "_:".contains(sign)))
        .filter_map(|(_, from)| from.strip_prefix(path))
        .collect()
}

/// `store::Store;` → `store`; `{ids::{A, B}, store::Store}` → `ids`, `store`.
fn first_names(after: &str) -> Vec<String> {
    let Some(group) = after.strip_prefix('{') else { return vec![name_at(after)] };
    let mut names = vec![name_at(group)];
    let mut depth = 0usize;
    for (at, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name_at(group.split_at(at + 1).1)),
            _ => {}
        }
    }
    names
}

fn name_at(text: &str) -> String {
    text.trim_start().chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect()
}
