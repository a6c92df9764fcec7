#!/usr/bin/env bash
# The field app as ./test tries it: types, the build, then the built app driven in Chromium against a real hub.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=../../.ci/prepare.sh
. ../../.ci/prepare.sh
prepare browser
./build.sh
npm run --silent check
cargo build --quiet --locked -p ruhu-server -p ruhu-sim
npm run --silent contract
npm run --silent e2e
npm run --silent axe
