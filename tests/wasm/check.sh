#!/usr/bin/env bash
# Builds core for wasm32 without its `native` feature, then runs the probe in Node.js.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
# The profile of what is shipped: it shares its dependencies with the field app, and is what phones run.
.ci/wasm build --locked --profile web -p ruhu-core --no-default-features
.ci/wasm build --locked --profile web -p ruhu-wasm-probe
node tests/wasm/run.mjs "$target/wasm/wasm32-unknown-unknown/web/ruhu-wasm-probe.wasm"
