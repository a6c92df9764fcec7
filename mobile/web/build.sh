#!/usr/bin/env bash
# The field app, from a clean clone to mobile/web/dist: the wasm of the core, then the pages, packed for the hub to serve.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=../../.ci/prepare.sh
. ../../.ci/prepare.sh
prepare web
# Not `npm ci`: it refuses a list that names the packages of one platform only, as newer npm writes it.
npm install --no-save --no-audit --no-fund --loglevel=error
npm run --silent wasm
npm run --silent build -- --logLevel warn
