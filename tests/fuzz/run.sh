#!/usr/bin/env bash
# Fuzzes one reader: tests/fuzz/run.sh TARGET SECONDS          (targets: tests/fuzz/src/lib.rs)
#        or all of them:   tests/fuzz/run.sh all SECONDS       (the seconds are shared out)
#        or makes a corpus small again: tests/fuzz/run.sh TARGET minimise
#
# What is new is kept outside the repository, in target/fuzz/corpus; `minimise` brings in what covers more. A crash, a
# hang above one second or a flood of memory ends the run and names a file in target/fuzz/found: make it a named test.
#
# Stable Rust: SanitizerCoverage is a pass of LLVM that rustc runs when asked to; libFuzzer comes with the crate
# libfuzzer-sys and needs a C++ compiler only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
host=$(rustc -vV | sed -n 's/^host: //p')
target_dir=${CARGO_TARGET_DIR:-target}/fuzz
export CARGO_TARGET_DIR=$target_dir

flags=(
    -Cpasses=sancov-module
    -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares
)

# With --target, so that build scripts and macros are built without the flags.
RUSTFLAGS="${flags[*]}" CARGO_PROFILE_DEV_OPT_LEVEL=1 cargo build --locked -p ruhu-fuzz --features fuzzing --target "$host" >&2
fuzzer=$target_dir/$host/debug/ruhu-fuzz

targets() { sed -n 's/^ *Target { name: "\([a-z]*\)".*/\1/p' "$here/src/lib.rs"; }

limits() { # a backup is sealed, opened, verified and restored at every turn: it has more time
    case $1 in
    backup) echo 5 ;;
    *) echo 1 ;;
    esac
}

fuzz() { # target seconds
    local kept=$target_dir/corpus/$1 found=$target_dir/found/$1
    mkdir -p "$kept" "$found"
    RUHU_FUZZ=$1 "$fuzzer" -max_total_time="$2" -timeout="$(limits "$1")" -rss_limit_mb=1024 -max_len=65536 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="$found/" "$kept" "$here/corpus/$1"
}

case ${2:?"用法：run.sh TARGET SECONDS / usage: run.sh TARGET SECONDS"} in
minimise)
    small=$(mktemp -d)
    mkdir -p "$target_dir/corpus/$1"
    RUHU_FUZZ=$1 "$fuzzer" -merge=1 -rss_limit_mb=1024 -max_len="${3:-4096}" "$small" "$here/corpus/$1" "$target_dir/corpus/$1"
    rm -rf "${here:?}/corpus/$1"
    mv "$small" "$here/corpus/$1"
    chmod 755 "$here/corpus/$1"
    ;;
*)
    if [ "$1" = all ]; then
        count=$(targets | wc -l)
        for name in $(targets); do
            fuzz "$name" $(($2 / count > 0 ? $2 / count : 1))
        done
    else
        fuzz "$1" "$2"
    fi
    ;;
esac
