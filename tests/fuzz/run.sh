#!/usr/bin/env bash
# Fuzzes one target for so many seconds: tests/fuzz/run.sh admit_change 60
# What it finds goes to target/fuzz/found, what it learns to target/fuzz/corpus; tests/fuzz/corpus is only read.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${1:?which target: wire_decode admit_change hydrate import_csv qr_decode}
seconds=${2:-60}
out=${CARGO_TARGET_DIR:-target}/fuzz
out=$(realpath -m "$out")
mkdir -p "$out/corpus/$target" "$out/found/$target"

command -v cargo-fuzz >/dev/null || cargo install cargo-fuzz --locked
# Coverage needs unstable flags; without a nightly toolchain the stable compiler takes them, too, when asked.
if rustc +nightly -V >/dev/null 2>&1; then
  fuzz=(cargo +nightly fuzz run)
else
  export RUSTC_BOOTSTRAP=1
  fuzz=(cargo fuzz run --sanitizer none)
fi
options=(-max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -malloc_limit_mb=512 -max_len=16384 -artifact_prefix="$out/found/$target/")
dictionary=tests/fuzz/dictionaries/$target.txt
[ -f "$dictionary" ] && options+=(-dict="$dictionary")
# Stores of imports lie in memory.
[ -d /dev/shm ] && export TMPDIR=/dev/shm
export ASAN_OPTIONS=detect_leaks=0
CARGO_TARGET_DIR=$out "${fuzz[@]}" --fuzz-dir tests/fuzz ${FUZZ_FLAGS:-} "$target" "$out/corpus/$target" "tests/fuzz/corpus/$target" -- "${options[@]}"
