#!/usr/bin/env bash
# Makes this machine able to build the client for the browser (wasm32-unknown-unknown), and writes
# target/web-env.sh, which the Makefile sources: the C compiler for SQLite and zstd, the linker, and
# which toolchain to call (`cargo $WEB_TOOLCHAIN build …`).
#
# Way 1: rustup adds the target to the default toolchain (it links with its own rust-lld).
# Way 2, where rustup cannot fetch it: Debian's rustc-web with a standard library for wasm32 built once
#        from rust-web-src, and the clang/lld/llvm of the same LLVM. FORCE_DEBIAN=1 takes this way at once.
# Both ways build the standard library once themselves, small (see build_std): the client is fetched by phones.
# Idempotent: when everything is there it answers in well under a second.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=../.ci/apt.sh
. .ci/apt.sh

TARGET=wasm32-unknown-unknown
ENV_FILE=${WEB_ENV:-target/web-env.sh}
RECIPE=6
mkdir -p "$(dirname "$ENV_FILE")"

fail() { echo "setup-web: $*" >&2; exit 1; }
command -v cargo >/dev/null || fail "Rust is missing: install it with rustup first."

# The wasm names the source files of its panics: by their crates, not by the folders of who built it, so that
# the same sources give the same client everywhere.
CRATES=${CARGO_HOME:-$HOME/.cargo}/registry/src
PLACES="--remap-path-prefix=$CRATES=/crates"

# The answer of an earlier run stands as long as the compilers it names do.
wanted_stamp() { { echo "$RECIPE ${FORCE_DEBIAN:-0} $CRATES"; rustc -vV; } | sha256sum | cut -c1-16; }
STAMP=$(wanted_stamp)
if [ -r "$ENV_FILE" ] && grep -q "^# stamp $STAMP\$" "$ENV_FILE"; then
  . "$ENV_FILE"
  if [ -x "$CC_wasm32_unknown_unknown" ] && [ -x "$AR_wasm32_unknown_unknown" ] && [ -d "$WEB_STD" ]; then exit 0; fi
fi

write_env() { # toolchain, std folder, clang, llvm-ar, linker or nothing, flags or nothing
  {
    echo "# Written by app/setup-web.sh; source it before building for $TARGET."
    echo "# stamp $STAMP"
    echo "export WEB_TOOLCHAIN='$1'"
    echo "export WEB_STD='$2'"
    echo "export CC_wasm32_unknown_unknown='$3'"
    echo "export AR_wasm32_unknown_unknown='$4'"
    if [ -n "${5:-}" ]; then echo "export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER='$5'"; fi
    # Cargo adds these to those in .cargo/config.toml.
    echo "export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS='$PLACES${6:+ $6}'"
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

# Builds the standard library small: its sorts and maps are made anew for every type, and phones fetch them all
# (35 KB less of brotli). With bitcode in its rlibs: cargo leaves that out otherwise, and a build with LTO then
# fails with "failed to get bitcode from object file for LTO".
build_std() { # folder that gets the libraries, cargo, rustc
  local t lib
  t=$(mktemp -d)
  mkdir "$t/src"
  : >"$t/src/lib.rs"
  printf '[package]\nname="stdbuild"\nversion="0.0.0"\nedition="2021"\n[profile.release]\npanic="abort"\nopt-level="z"\n[workspace]\n' >"$t/Cargo.toml"
  (cd "$t" && env -u RUSTUP_TOOLCHAIN -u CARGO_BUILD_TARGET -u CARGO_ENCODED_RUSTFLAGS RUSTC="$3" RUSTC_BOOTSTRAP=1 \
    RUSTFLAGS="-Cembed-bitcode=yes --remap-path-prefix=$("$3" --print sysroot)/lib/rustlib/src/rust=/rustc $PLACES" CARGO_TARGET_DIR="$t/t" "$2" build -q --release --target $TARGET \
    -Zbuild-std=std,panic_abort,test -Zbuild-std-features=optimize_for_size) || { rm -rf "$t"; return 1; }
  rm -rf "$1"
  mkdir -p "$1"
  cp "$t/t/$TARGET"/release/deps/*.{rlib,rmeta} "$1"/
  rm -rf "$1"/libstdbuild-* "$t"
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
  # Without the sources (no network, a toolchain without components) the client is as good, and a little larger.
  # Cargo goes by the folder's name: another library is another folder.
  FLAGS=
  SMALL=$PWD/target/web-std-$( (rustc -vV; echo "recipe $RECIPE") | sha256sum | cut -c1-8)
  if [ -e "$SMALL/built" ] || {
    echo "setup-web: building a small standard library (half a minute, once)"
    rm -rf target/web-std-*
    rustup component add rust-src >/dev/null 2>&1
    build_std "$SMALL/lib/rustlib/$TARGET/lib" "$(rustup which cargo)" "$(rustup which rustc)" && : >"$SMALL/built"
  }; then FLAGS="--sysroot $SMALL"; else echo "setup-web: not possible here; taking the one of rustup" >&2; fi
  write_env '' "$(std_folder)" $CLANG '' "$FLAGS"
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

# The standard library, once per compiler.
LIB=/usr/lib/rustlib/$TARGET/lib
WANT=$( (/usr/bin/rustc -vV; echo recipe 4: small) | sha256sum | cut -c1-16)
if [ "$(cat "$LIB/.built-for" 2>/dev/null)" != "$WANT" ]; then
  echo "setup-web: building the standard library for $TARGET"
  [ -w /usr/lib/rustlib ] || fail "please run this once as root: it lays the standard library into $LIB."
  PATH=/usr/bin:/bin build_std "$LIB" /usr/bin/cargo /usr/bin/rustc \
    || fail "the standard library for $TARGET did not build (see above; df -h shows whether the disk is full)."
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
