#!/usr/bin/env bash
# 绑定：生成 Kotlin、Python、Swift，并在真实的库和真实的中心上运行两套测试。
# The bindings: builds the library as a phone has it (encrypted), writes Kotlin, Python and Swift, compares the whole
# interface with the committed one, and drives the library through Python and Kotlin against a real hub over HTTP.
#
#   mobile/ffi/tests/run.sh [--keep-interface]     the second writes interface.txt anew instead of comparing
#
# Python 3, a JDK and Maven must be there (.ci/prepare.sh installs them).
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=mobile/ffi/tests
target=${CARGO_TARGET_DIR:-target}
programs=${RUHU_PROGRAMS:-$target/debug} # another folder with ruhu and ruhu-sim saves building the hub
out=$target/bindings
hub_pid=
work=$(mktemp -d)

finish() {
    [ -z "$hub_pid" ] || kill "$hub_pid" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

cargo build --locked -p ruhu-ffi --features sqlcipher
cargo build --locked -p ruhu-bindgen
[ -n "${RUHU_PROGRAMS:-}" ] || cargo build --locked -p ruhu-server -p ruhu-sim

case $(uname) in
Darwin) library=$target/debug/libruhu_ffi.dylib ;;
*) library=$target/debug/libruhu_ffi.so ;;
esac
rm -rf "$out/python" "$out/kotlin" "$out/swift"
for language in python kotlin swift; do
    folder=$out/$language
    [ $language != python ] || folder=$out/python/ruhu # a package: its two modules import each other
    "$target/debug/ruhu-bindgen" generate --no-format --language "$language" --out-dir "$folder" "$library"
done
touch "$out/python/ruhu/__init__.py"
cp "$library" "$out/python/ruhu/"
mkdir -p "$out/jvm"
cp "$library" "$out/jvm/"

echo "-- interface"
python3 $here/interface.py "$out/swift" mobile/ffi/interface.txt "$@"

# start_hub <name>: a community of its own, worked up to a fixed day, served on a free port of this machine.
start_hub() {
    local port
    if [ ! -d "$work/made" ]; then
        "$programs/ruhu-sim" demo --data "$work/made" --households 1200 --seed 7 --today 2026-07-08 --prepare-only >/dev/null
    fi
    cp -r "$work/made" "$work/$1"
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    "$programs/ruhu-sim" demo --data "$work/$1" --listen "127.0.0.1:$port" >"$work/$1.log" 2>&1 &
    hub_pid=$!
    until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        kill -0 "$hub_pid" 2>/dev/null || { cat "$work/$1.log"; exit 1; }
        sleep 0.1
    done
    RUHU_BIN=$(realpath "$programs/ruhu")
    RUHU_HUB_SHIFT_MS=$(sed -n 's/.*"shift_ms": \(-\{0,1\}[0-9]*\).*/\1/p' "$work/$1/demo.json")
    RUHU_HUB_URL="http://127.0.0.1:$port"
    RUHU_HUB_DATA="$work/$1"
    export RUHU_BIN RUHU_HUB_SHIFT_MS RUHU_HUB_URL RUHU_HUB_DATA
    export TMPDIR="$work"
}

stop_hub() {
    kill "$hub_pid"
    wait "$hub_pid" 2>/dev/null || true
    hub_pid=
}

failed=()

echo "-- Python $(python3 --version)"
start_hub python
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$out/python:$here/python" \
    python3 -m unittest discover --verbose --start-directory $here/python || failed+=(Python)
stop_hub

echo "-- Kotlin on $(java -version 2>&1 | head -n 1)"
generated=$(realpath "$out/kotlin")
classes=$(realpath "$out")/kotlin-build
mvn --quiet --batch-mode --file $here/kotlin/pom.xml "-Dgenerated=$generated" "-Dout=$classes" compile || failed+=("Kotlin (compiling)")
start_hub kotlin
# A heap that is there from the beginning and does not grow: what grows is ours.
java -Xms96m -Xmx96m -XX:+AlwaysPreTouch -XX:+UseSerialGC "-Djna.library.path=$(realpath "$out/jvm")" -cp "$classes/classes:$classes/dependency/*" \
    ruhu.bindings.MainKt || failed+=(Kotlin)
stop_hub

if [ ${#failed[@]} -gt 0 ]; then
    echo "failed: ${failed[*]}"
    exit 1
fi
