//! `ruhu-web-bindgen <file.wasm> <folder>`: the wasm without what only the generator reads, and its module script.
//! A program of the workspace, so that `Cargo.lock` keeps its version and that of the wasm the same.

use std::path::PathBuf;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut words = std::env::args_os().skip(1).map(PathBuf::from);
    let usage = "ruhu-web-bindgen <file.wasm> <folder>";
    let (wasm, folder) = (words.next().context(usage)?, words.next().context(usage)?);
    Bindgen::new()
        .input_path(&wasm)
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&folder)
        .context("write the script of the wasm")
}
