#!/usr/bin/env bash
# 手机目标：检查 Android 与 iOS 上的全部 Rust 代码。
# Checks every line of Rust that goes into the library for each kind of phone, ours and our dependencies', with std built
# from source: Debian ships none for these targets. Nothing is linked.
#
#   mobile/ffi/tests/targets.sh [target]...
#
# C (SQLCipher, zstd, AWS-LC) is NOT compiled: it wants the headers of Google's NDK or Apple's SDK. Where build scripts
# call a C compiler they get one that writes an empty object for whatever it is given.
set -euo pipefail
cd "$(dirname "$0")/../../.."
# shellcheck source=.ci/prepare.sh
. .ci/prepare.sh
prepare check
prepare_std_sources

targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(aarch64-linux-android armv7-linux-androideabi aarch64-apple-ios)

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
cat >"$tools/cc" <<'CC'
#!/bin/sh
# Writes an empty file for every -o FILE; says nothing else.
while [ $# -gt 0 ]; do
    case $1 in
    -o) : >"$2"; shift ;;
    -o*) : >"${1#-o}" ;;
    esac
    shift
done
CC
cat >"$tools/ar" <<'AR'
#!/bin/sh
# ar FLAGS ARCHIVE FILES…: an empty archive.
for word in "$@"; do
    case $word in
    *.a) printf '!<arch>\n' >"$word" ;;
    esac
done
AR
chmod +x "$tools/cc" "$tools/ar"

for triple in "${targets[@]}"; do
    name=${triple//-/_}
    echo "-- $triple"
    features=(--features sqlcipher)
    env "CC_$name=$tools/cc" "CXX_$name=$tools/cc" "AR_$name=$tools/ar" "RANLIB_$name=true" \
        OPENSSL_NO_VENDOR=1 OPENSSL_DIR="$tools" OPENSSL_LIB_DIR=/usr/lib OPENSSL_INCLUDE_DIR=/usr/include \
        RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
        cargo check --quiet --locked -p ruhu-ffi "${features[@]}" -Zbuild-std=std,panic_unwind \
        --target "$triple" --target-dir "${CARGO_TARGET_DIR:-target}/phones"
done
