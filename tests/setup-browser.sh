#!/usr/bin/env bash
# What the tests need beside Rust: Chromium, Chinese fonts, the libraries of the native window, and the
# packages of tests/e2e. Idempotent; nothing is fetched when everything is there.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=../.ci/apt.sh
. .ci/apt.sh

need_packages \
  chromium fonts-wqy-microhei \
  libwebkit2gtk-4.1-dev libxdo-dev libssl-dev pkg-config \
  build-essential

command -v node >/dev/null && command -v npm >/dev/null || need_packages nodejs npm
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || { echo "The browser tests need Node 20 or newer; this is $(node -v)." >&2; exit 1; }

cd tests/e2e
# The installed packages are those of the lock file.
if ! cmp -s package-lock.json node_modules/.lock-installed; then
  log=$(mktemp)
  if ! PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund >"$log" 2>&1; then
    if grep -Eq 'ENOSPC' "$log"; then
      echo "The disk is full: make room and run this again." >&2
    elif grep -Eq 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET' "$log"; then
      echo "No network to the package registry of Node: connect this machine and run this again." >&2
    else
      tail -n 20 "$log" >&2
    fi
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
  cp package-lock.json node_modules/.lock-installed
fi
echo "setup-browser: ready ($(chromium --version 2>/dev/null | cut -d' ' -f1-2), node $(node -v))"
