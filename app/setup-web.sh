#!/usr/bin/env bash
# Makes this machine able to build the client for the browser (wasm32-unknown-unknown), and writes
# target/web-env.sh, which the Makefile sources: the C compiler for SQLite and zstd, the linker, and
# which toolchain to call (`cargo $WEB_TOOLCHAIN build …`).
#
# Way 1: rustup adds the target to the default toolchain (it links with its own rust-lld).
# Way 2, where rustup cannot fetch it: Debian's rustc-web with a standard library for wasm32 built once
#        from rust-web-src, and the clang/lld/llvm of the same LLVM. FORCE_DEBIAN=1 takes this way at once.
# Idempotent: when everything is there it answers in well under a second.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=../.ci/apt.sh
. .ci/apt.sh

TARGET=wasm32-unknown-unknown
ENV_FILE=${WEB_ENV:-target/web-env.sh}
RECIPE=3
mkdir -p "$(dirname "$ENV_FILE")"

fail() { echo "setup-web: $*" >&2; exit 1; }
command -v cargo >/dev/null || fail "Rust is missing: install it with rustup first."

# The answer of an earlier run stands as long as the compilers it names do.
wanted_stamp() { { echo "$RECIPE ${FORCE_DEBIAN:-0}"; rustc -vV; } | sha256sum | cut -c1-16; }
STAMP=$(wanted_stamp)
if [ -r "$ENV_FILE" ] && grep -q "^# stamp $STAMP\$" "$ENV_FILE"; then
  . "$ENV_FILE"
  if [ -x "$CC_wasm32_unknown_unknown" ] && [ -x "$AR_wasm32_unknown_unknown" ] && [ -d "$WEB_STD" ]; then exit 0; fi
fi

write_env() { # toolchain, std folder, clang, llvm-ar, linker or nothing
  {
    echo "# Written by app/setup-web.sh; source it before building for $TARGET."
    echo "# stamp $STAMP"
    echo "export WEB_TOOLCHAIN='$1'"
    echo "export WEB_STD='$2'"
    echo "export CC_wasm32_unknown_unknown='$3'"
    echo "export AR_wasm32_unknown_unknown='$4'"
    if [ -n "${5:-}" ]; then echo "export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER='$5'"; fi
  } >"$ENV_FILE.new"
  mv "$ENV_FILE.new" "$ENV_FILE"
}

# A clang whose wasm32 backend works, with the llvm-ar beside it. Prints both paths.
find_clang() {
  local folder t
  t=$(mktemp -d)
  echo '#include <stddef.h>
size_t answer(void) { return sizeof(size_t); }' >"$t/a.c"
  while read -r folder; do
    if [ -x "$folder/clang" ] && [ -x "$folder/llvm-ar" ] \
      && "$folder/clang" --target=$TARGET -c -o "$t/a.o" "$t/a.c" 2>/dev/null; then
      rm -rf "$t"
      echo "$folder/clang $folder/llvm-ar"
      return 0
    fi
  done < <({ ls -d /usr/lib/llvm-*/bin 2>/dev/null | sort -t- -k2 -rV; dirname "$(command -v clang || echo /nowhere/clang)"; ls -d /opt/homebrew/opt/llvm/bin /usr/local/opt/llvm/bin 2>/dev/null; } || true)
  rm -rf "$t"
  return 1
}

# Way 1.
std_folder() { echo "$(rustc --print sysroot)/lib/rustlib/$TARGET/lib"; }
rustup_has_target() {
  [ -z "${FORCE_DEBIAN:-}" ] || return 1
  if compgen -G "$(std_folder)/libstd-*.rlib" >/dev/null; then return 0; fi
  command -v rustup >/dev/null || return 1
  echo "setup-web: adding $TARGET with rustup"
  rustup target add $TARGET >/dev/null 2>&1 && compgen -G "$(std_folder)/libstd-*.rlib" >/dev/null
}
if rustup_has_target; then
  CLANG=$(find_clang) || { need_packages clang llvm && CLANG=$(find_clang); } \
    || fail "SQLite needs a clang that compiles for wasm32, and llvm-ar beside it: install them (Debian: clang llvm) and run this again."
  write_env '' "$(std_folder)" $CLANG
  echo "setup-web: ready ($(rustc -V | cut -d' ' -f1-2), ${CLANG%% *})"
  exit 0
fi

# Way 2.
command -v apt-get >/dev/null \
  || fail "rustup could not add $TARGET: is there a network? (Without one, this step works on Debian only.)"
echo "setup-web: rustup cannot add $TARGET here; taking Debian's compiler (a few minutes, once)"
need_packages rustc-web cargo-web rust-web-src || exit 1
LLVM=$(/usr/bin/rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
need_packages "clang-$LLVM" "lld-$LLVM" "llvm-$LLVM" || exit 1

# The standard library, once per compiler. With bitcode in its rlibs: cargo leaves that out otherwise, and a
# build with LTO then fails with "failed to get bitcode from object file for LTO".
LIB=/usr/lib/rustlib/$TARGET/lib
WANT=$( (/usr/bin/rustc -vV; echo recipe 2: bitcode) | sha256sum | cut -c1-16)
if [ "$(cat "$LIB/.built-for" 2>/dev/null)" != "$WANT" ]; then
  echo "setup-web: building the standard library for $TARGET"
  T=$(mktemp -d)
  trap 'rm -rf "$T"' EXIT
  mkdir "$T/src"
  : >"$T/src/lib.rs"
  printf '[package]\nname="stdbuild"\nversion="0.0.0"\nedition="2021"\n[profile.release]\npanic="abort"\n[workspace]\n' >"$T/Cargo.toml"
  (cd "$T" && env -u RUSTUP_TOOLCHAIN -u CARGO_BUILD_TARGET -u CARGO_ENCODED_RUSTFLAGS PATH=/usr/bin:/bin \
    RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR="$T/t" \
    /usr/bin/cargo build -q --release -Zbuild-std=std,panic_abort,test --target $TARGET) \
    || fail "the standard library for $TARGET did not build (see above; df -h shows whether the disk is full)."
  [ -w /usr/lib/rustlib ] || fail "please run this once as root: it lays the standard library into $LIB."
  rm -rf "$LIB"
  mkdir -p "$LIB"
  cp "$T/t/$TARGET"/release/deps/*.{rlib,rmeta} "$LIB"/
  rm -f "$LIB"/libstdbuild-*
  echo "$WANT" >"$LIB/.built-for"
fi

# `cargo +web`: Debian's toolchain under a rustup name; rustup's own stays the default.
if command -v rustup >/dev/null; then
  if [ "$(readlink "${RUSTUP_HOME:-$HOME/.rustup}/toolchains/web" || true)" != /usr ]; then rustup toolchain link web /usr; fi
  TOOLCHAIN=+web
else
  TOOLCHAIN=
fi
BIN=/usr/lib/llvm-$LLVM/bin
write_env "$TOOLCHAIN" "$LIB" "$BIN/clang" "$BIN/llvm-ar" "$BIN/wasm-ld"
echo "setup-web: ready ($(/usr/bin/rustc -V | cut -d' ' -f1-2), $BIN/clang)"
