#!/usr/bin/env bash
# Type-checks the app for Android without NDK and Gradle: nothing is linked, so the C parts are left out.
# The target's standard library comes from rustup; where it cannot be had, the library is checked from source: with a
# nightly toolchain that has rust-src, or with Debian's rustc-web.
set -euo pipefail
cd "$(dirname "$0")/.."
TARGET=aarch64-linux-android
export CC_aarch64_linux_android=$PWD/.ci/cc-for-check AR_aarch64_linux_android=$PWD/.ci/cc-for-check

if rustup target add $TARGET >/dev/null 2>&1; then
  echo "check-android: $(rustc -V)"
  exec cargo check --target $TARGET -p app --features mobile "$@"
fi
has_source() { [ -d "$(rustc "+$1" --print sysroot 2>/dev/null)/lib/rustlib/src/rust/library/std" ]; }
if ! has_source nightly; then rustup component add rust-src --toolchain nightly >/dev/null 2>&1 || true; fi
if has_source nightly; then
  toolchain=nightly
else
  WEB_ENV=target/debian-env.sh FORCE_DEBIAN=1 app/setup-web.sh
  toolchain=web
  export RUSTC_BOOTSTRAP=1
fi
echo "check-android: $(rustc "+$toolchain" -V)"
exec cargo "+$toolchain" check -Zbuild-std --target $TARGET -p app --features mobile "$@"
