//! The repository's own files, for checks that read the source instead of running it.

use std::fs;
use std::path::Path;
use std::process::Command;

/// One file of the repository whose content is text.
pub(crate) struct TextFile {
    /// Path from the repository's root, with `/`.
    pub(crate) path: String,
    /// Whole content.
    pub(crate) text: String,
}

/// Every text file that belongs to the repository, sorted by path: what git tracks or would add, or, without git, what
/// stands outside of the directories that builds make.
pub(crate) fn all() -> Vec<TextFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = named_by_git(&root).unwrap_or_else(|| {
        let mut found = Vec::new();
        walk(&root, Path::new(""), &mut found);
        found
    });
    paths.sort();
    let files: Vec<TextFile> = paths
        .into_iter()
        // A tracked file may be deleted in the working tree, and a picture is not text.
        .filter_map(|path| Some(TextFile { text: fs::read_to_string(root.join(&path)).ok()?, path }))
        .collect();
    assert!(files.iter().any(|file| file.path == "Cargo.toml"), "the repository's files were not found");
    files
}

fn named_by_git(root: &Path) -> Option<Vec<String>> {
    let listed = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()
        .ok()?;
    let names = String::from_utf8(listed.stdout).ok()?;
    let names: Vec<String> = names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    (listed.status.success() && !names.is_empty()).then_some(names)
}

fn walk(root: &Path, below: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(root.join(below)) else { return };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let path = below.join(&name);
        let made_by_builds = ["target", "node_modules", ".git", "demo-data"].iter().any(|made| name == *made);
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !made_by_builds => walk(root, &path, found),
            Ok(kind) if kind.is_file() => found.push(path.to_string_lossy().replace('\\', "/")),
            _ => {}
        }
    }
}
