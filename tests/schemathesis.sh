#!/usr/bin/env bash
# What schemathesis (PyPI) finds in the JSON API: it makes requests from the description at /v1/openapi.json, good ones
# and bad ones, as the finance clerk of a demo company, and looks at the answers: no server error, nothing that the
# description does not name, nothing without a token.
#
#   tests/schemathesis.sh [SECONDS] [SEED]
#
# The tool comes into target/schemathesis (needs python3 with venv, and the network the first time). Left out: the live
# channel, which never ends, and uploads, whose type of content the tool can't make.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-240}
seed=${2:-1}
tool=target/schemathesis
version=4.32.5
if [ "$("$tool/bin/st" --version 2>/dev/null)" != "st, version $version" ]; then
  python3 -m venv "$tool"
  "$tool/bin/pip" install -q "schemathesis==$version"
fi

server=${HUIKUAN_SERVER:-target/release/sync-server}
[ -x "$server" ] || { echo "Build the server first: cargo build --release -p sync-server" >&2; exit 1; }
work=$(mktemp -d)
pid=
end() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT
"$server" demo --data "$work/data" >/dev/null 2>&1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$server" serve --data "$work/data" --port "$port" >"$work/log" 2>&1 &
pid=$!
origin=http://127.0.0.1:$port
for _ in $(seq 100); do
  curl -sf "$origin/healthz" >/dev/null && break
  sleep 0.1
done

clerk=$("$server" user list --data "$work/data" | awk '$2 == "finance" { print $3; exit }')
code=$("$server" device code "$clerk" --data "$work/data" | sed -n 's/^Code to type: \([^ ]*\).*/\1/p')
# The public key of the first example of RFC 8032: nothing is signed with it.
key=d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a
token=$(curl -sf "$origin/v1/enrol" -H 'content-type: application/json' \
  -d "{\"code\":\"$code\",\"public_key\":\"$key\"}" | python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')

# What a good request is depends on the company's books (positive_data_acceptance, negative_data_rejection), and an
# upload is told its protocol before it is asked who it is (missing_required_header).
"$tool/bin/st" run "$origin/v1/openapi.json" --url "$origin" -H "Authorization: Bearer $token" \
  --exclude-path /v1/live --exclude-operation-id append --exclude-operation-id post \
  --phases coverage,fuzzing --checks all \
  --exclude-checks positive_data_acceptance,negative_data_rejection,missing_required_header \
  --continue-on-failure --no-color --seed "$seed" --max-time "$seconds"
"$server" ledger verify --data "$work/data"
