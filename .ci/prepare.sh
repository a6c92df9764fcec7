# shellcheck shell=bash
# Sourced by ./test and ./run: installs what is missing on a Debian 12 machine, and nothing that is there.
#
#   prepare build    a C compiler and Rust           (the hub and the demo)
#   prepare check    … and rustfmt, clippy, Node.js, PostgreSQL, libssl-dev  (./test)
#   prepare bindings … and Python, a JDK and Maven   (./test bindings)
#   prepare wasm     … and clang, and a Rust that knows wasm32
#   prepare web      … and npm                       (the field app, built)
#   prepare browser  … and Chromium with a Chinese typeface (the field app, tried)
#
# Rust is taken from rustup where it is there; else from Debian's security updates, whose rustc-web is new enough.

rust_wanted=1.95 # Cargo.toml, rust-version

say() { printf '%s\n' "$*" >&2; }

stop() { # 中文 | English
    say "停止：$1"
    say "Stopped: $2"
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# install <package>...: by apt, as root or with sudo; says what to do by hand where neither works.
install() {
    if ! has apt-get; then
        stop "缺少 $*。本机没有 apt，请用系统的包管理器装上后重试。" \
            "missing: $*. There is no apt here: install them with this system's package manager and try again."
    fi
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        has sudo || stop "缺少 $*。请以 root 运行 apt-get install $* 后重试。" \
            "missing: $*. Run apt-get install $* as root and try again."
        as_root=(sudo)
    fi
    say "安装 / installing: $*"
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 ||
        stop "apt 未能安装 $*，原因见上。" "apt could not install $*; its reason stands above."
}

# at_least <version> <wanted>: compares 1.95.0 with 1.95.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# version_of <rustc>: prints 1.95.0
version_of() { "$1" --version 2>/dev/null | cut -d ' ' -f 2 | cut -d - -f 1; }

prepare() {
    local wanted=$1
    [ -d "$HOME/.cargo/bin" ] && PATH="$HOME/.cargo/bin:$PATH"
    prepare_compilers "$wanted"
    prepare_rust "$wanted"
    case $wanted in wasm | web | browser) prepare_wasm ;; esac
}

prepare_compilers() {
    local packages=()
    has cc && has make || packages+=(build-essential)
    [ -e /etc/ssl/certs/ca-certificates.crt ] || packages+=(ca-certificates)
    if [ "$1" = check ] && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && ! has initdb; then
        packages+=(postgresql) # the tests start a server of their own; the packaged one is not used
    fi
    if [ "$1" = check ] && ! compgen -G '/usr/include/*/openssl/opensslconf.h' >/dev/null && [ ! -e /usr/include/openssl/opensslconf.h ]; then
        packages+=(libssl-dev) # SQLCipher's crypto on this machine; phones bring their own
    fi
    if [ "$1" = bindings ]; then
        has python3 || packages+=(python3) # both drive the phone's library through its bindings
        has javac || packages+=(openjdk-17-jdk-headless)
        has mvn || packages+=(maven) # the Kotlin compiler and JNA come from Maven Central
    fi
    case $1 in wasm | web | browser)
        has clang-14 || packages+=(clang-14)
        has llvm-ar-14 || packages+=(llvm-14)
        ;;
    esac
    case $1 in web | browser) has npm || packages+=(npm) ;; esac
    if [ "$1" = browser ]; then
        has chromium || packages+=(chromium)
        { has fc-list && [ -n "$(fc-list :lang=zh)" ]; } || packages+=(fonts-wqy-microhei)
    fi
    # The hub's proofs are checked by a program that shares no code with it; the field app runs in it too.
    [ "$1" = build ] || has node || packages+=(nodejs)
    [ ${#packages[@]} -eq 0 ] || install "${packages[@]}"
}

prepare_rust() {
    if ! has cargo || ! has rustc; then
        install rustc-web cargo-web
    fi
    local found
    found=$(version_of rustc)
    at_least "${found:-0}" "$rust_wanted" || stop \
        "Rust ${found:-（无法运行）} 太旧，需要 $rust_wanted 以上：装有 rustup 时运行 rustup update stable；否则启用 bookworm-security 源。" \
        "Rust ${found:-(does not run)} is too old, $rust_wanted is needed: with rustup run rustup update stable; else enable bookworm-security in apt's sources."
    [ "$1" != build ] || return 0
    cargo fmt --version >/dev/null 2>&1 || prepare_tool rustfmt rustfmt-web
    cargo clippy --version >/dev/null 2>&1 || prepare_tool clippy rust-web-clippy
}

# prepare_tool <rustup component> <Debian package>
prepare_tool() {
    if has rustup; then
        rustup component add "$1" >&2 || stop "rustup 未能添加 $1。" "rustup could not add $1."
    else
        install "$2"
    fi
}

# Debian's compiler knows wasm32 but ships no std for it; .ci/wasm builds that once from rust-web-src.
prepare_wasm() {
    if [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib" ]; then
        return
    fi
    local llvm
    prepare_std_sources
    if ! wasm_linker >/dev/null; then
        llvm=$(/usr/bin/rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
        install "lld-$llvm"
    fi
}

# Debian's compiler with the source of its std: what is built for other machines than this one.
prepare_std_sources() {
    local packages=() found
    [ -x /usr/bin/rustc ] || packages+=(rustc-web)
    [ -d /usr/lib/rustlib/src/rust/library ] || packages+=(rust-web-src)
    [ ${#packages[@]} -eq 0 ] || install "${packages[@]}"
    found=$(version_of /usr/bin/rustc)
    at_least "${found:-0}" "$rust_wanted" || stop \
        "Debian 的 rustc ${found} 太旧：启用 bookworm-security 源，或运行 rustup target add 加上缺的目标。" \
        "Debian's rustc ${found} is too old: enable bookworm-security in apt's sources, or run rustup target add for the target."
}

# wasm_linker: prints the linker for wasm32: rustup's own, else the lld of the same LLVM as Debian's compiler.
wasm_linker() {
    local own llvm
    for own in "$(rustc --print sysroot)"/lib/rustlib/*/bin/rust-lld; do
        if [ -x "$own" ]; then
            printf '%s\n' "$own"
            return
        fi
    done
    llvm=$(/usr/bin/rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
    command -v "wasm-ld-$llvm"
}
