#!/usr/bin/env bash
# The field app, from a clean clone to mobile/web/dist: the wasm of the core, then the pages, packed for the hub to serve.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=../../.ci/prepare.sh
. ../../.ci/prepare.sh
prepare web
npm ci --no-audit --no-fund --loglevel=error
npm run --silent wasm
npm run --silent build -- --logLevel warn
