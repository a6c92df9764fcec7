#!/usr/bin/env bash
# The field app as ./test tries it: types, the build, then the built app driven in Chromium against a real hub.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=../../.ci/prepare.sh
. ../../.ci/prepare.sh
prepare browser
./build.sh
npm run --silent check
# The programs as the tests built them, else built now: with other members beside them cargo would build them anew.
programs=${CARGO_TARGET_DIR:-../../target}/debug
[ -x "$programs/ruhu" ] && [ -x "$programs/ruhu-sim" ] || cargo build --quiet --locked -p ruhu-server -p ruhu-sim
npm run --silent initials
npm run --silent contract
node tests/standing.mjs
node tests/profile.mjs
npm run --silent e2e
npm run --silent axe
node ../../tests/browser/desk.mjs
node ../../tests/browser/finding.mjs
