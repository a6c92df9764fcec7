#!/usr/bin/env bash
# 检查 Android 宿主：编译全部 Kotlin，并在 JVM 上对真实的库运行宿主逻辑的测试。
# Checks the Android host without an SDK: compiles all its Kotlin, the Activity's layer against Android's published API, and
# runs the host logic's stories on the JVM against the real library. mobile/ffi/tests/run.sh must have made the bindings.
set -euo pipefail
cd "$(dirname "$0")/../../.."
bindings=${CARGO_TARGET_DIR:-target}/bindings
[ -d "$bindings/kotlin" ] || mobile/ffi/tests/run.sh
bindings=$(realpath "$bindings")
out=$bindings/android-build
mvn --quiet --batch-mode --file mobile/android/ci/pom.xml "-Dgenerated=$bindings/kotlin" "-Dout=$out" compile
java "-Djna.library.path=$bindings/jvm" -cp "$out/classes:$out/dependency/*" ruhu.host.StoriesKt
