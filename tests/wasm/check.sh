#!/usr/bin/env bash
# Builds core for wasm32 without its `native` feature, then runs the probe in Node.js.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
.ci/wasm build --locked -p ruhu-core --no-default-features
.ci/wasm build --locked -p ruhu-wasm-probe
node tests/wasm/run.mjs "$target/wasm/wasm32-unknown-unknown/debug/ruhu-wasm-probe.wasm"
