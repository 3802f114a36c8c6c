# Huikuan. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

PORT ?= 8080
DATA ?= ./data
# How many records: make bench-peers N=1000 (both sizes, and the table in tests/README.md, without)
N ?=
# A part of a file name of tests/e2e/specs, to run that alone: make e2e ONLY=smoke
ONLY ?=
# How often processes are killed: make kill-rounds ROUNDS=100
ROUNDS ?= 1000
# Which reader of foreign bytes `make fuzz` feeds, and for how long
TARGET ?= admit_change
SECONDS ?= 60
# make sim: how many seeds, and the first of them
SEEDS ?= 1000
FROM ?= 1000

# make year: the seed (by the clock, without) and how many working days
SEED ?=
DAYS ?= 250

PHASE := .ci/phase
# target/web-env.sh is written by app/setup-web.sh
WASM := . target/web-env.sh && cargo $$WEB_TOOLCHAIN
# The phone's client and the desk of finance, two programs of one crate.
WASM_APP := -p app --bin app --bin desk --features web --target wasm32-unknown-unknown
WASM_OUT := target/wasm32-unknown-unknown
# The bundler is a crate of its own in the workspace: other builds leave it out.
RUST := --workspace --exclude bundler
# Screens and components are part of what is tested; the replica alone is what benches and tools build.
WITH_UI := $(RUST) --features app/ui

.PHONY: help run web web-dev test fmt-check lint tests e2e pictures kill-rounds sim sim-planted year bench bench-peers fuzz schemathesis doc deny desktop android-check setup-web setup-browser

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 16
	@echo; echo "make run PORT=9000 DATA=/somewhere   another port, another data folder"

run: ## build what is needed and run server and app with a demo company (PORT=8080 DATA=./data)
	@if (exec 3<>/dev/tcp/127.0.0.1/$(PORT)) 2>/dev/null; then \
	  echo "Port $(PORT) is in use: stop what listens there, or take another: make run PORT=$$(( $(PORT) + 1 ))" >&2; exit 1; fi
	@mkdir -p target && : > target/phases.txt
	@$(MAKE) --no-print-directory web
	@$(PHASE) server cargo build --release -p sync-server --bin sync-server
	@exec target/release/sync-server run-demo --data "$(DATA)" --port $(PORT) --web target/web

web: setup-web ## build the browser client into target/web
	@$(PHASE) web-wasm bash -c '$(WASM) build $(WASM_APP) --profile web-release'
	@$(PHASE) web-bundle cargo run -q -p bundler -- $(WASM_OUT)/web-release/app.wasm target/web

web-dev: setup-web ## the same, quick to build and larger
	@$(PHASE) web-wasm bash -c '$(WASM) build $(WASM_APP) --profile web-dev'
	@$(PHASE) web-bundle cargo run -q -p bundler -- --dev $(WASM_OUT)/web-dev/app.wasm target/web

test: ## everything: format, lints, Rust tests, client build, browser tests
	@mkdir -p target && : > target/phases.txt
	@$(PHASE) setup-browser tests/setup-browser.sh
	@$(MAKE) --no-print-directory fmt-check lint doc tests web e2e
	@if command -v cargo-deny >/dev/null; then $(MAKE) --no-print-directory deny; \
	  else echo "cargo-deny is not installed: licences and sources are not checked (make deny installs and runs it)"; fi
	@.ci/summary

fmt-check: ## is everything formatted?
	@$(PHASE) fmt cargo fmt --all --check

# One pass over everything with the native window switched on, so that it is type-checked too; then the browser's side.
lint: setup-web ## clippy, warnings denied
	@$(PHASE) clippy cargo clippy $(RUST) --all-targets --features app/desktop -- -D warnings
	@$(PHASE) clippy-bundler cargo clippy -p bundler --all-targets -- -D warnings
	@$(PHASE) clippy-web bash -c 'if $(WASM) clippy -V >/dev/null 2>&1; then $(WASM) clippy $(WASM_APP) -- -D warnings; \
	  else export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$${CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS:-} -Dwarnings"; \
	    $(WASM) check $(WASM_APP); fi'

tests: ## Rust tests (with nextest), and the server that the browser tests use
	@command -v cargo-nextest >/dev/null || $(PHASE) get-nextest cargo install cargo-nextest --locked
	@$(PHASE) build-tests cargo build $(WITH_UI) --lib --bins --tests
	@$(PHASE) tests cargo nextest run $(WITH_UI) --lib --bins --tests --no-fail-fast
	@$(PHASE) doc-tests cargo test -q $(WITH_UI) --doc
	@$(PHASE) tests-bundler cargo test -q -p bundler

e2e: ## browser tests against the real server (build it and the client before: make tests web)
	@tests/setup-browser.sh
	@$(PHASE) e2e bash -c 'cd tests/e2e && npx --no-install playwright test $(ONLY)'

pictures: ## takes the two pictures of the README anew (make tests web before)
	@tests/setup-browser.sh
	@PICTURES=1 $(PHASE) pictures bash -c 'cd tests/e2e && npx --no-install playwright test screens'

kill-rounds: ## phones and server as real processes killed with SIGKILL at random moments (ROUNDS=1000)
	@mkdir -p target
	@HUIKUAN_KILL_ROUNDS=$(ROUNDS) $(PHASE) kill-rounds cargo nextest run $(RUST) --test sigkill --no-capture

sim: ## long simulation: figures in target/sim.json (SEEDS=1000, FROM=1000)
	@$(PHASE) sim cargo run --release -q -p tests --bin sim -- --from $(FROM) --seeds $(SEEDS)

sim-planted: ## plants bugs and shows that the simulation finds each
	@$(PHASE) sim-planted cargo run --release -q -p tests --features planted-bugs --bin sim -- --planted

year: ## a year of the demo company played through, all checks at every day's close (SEED=, DAYS=250)
	@$(PHASE) year cargo run --release -q -p tests --bin year -- $(or $(SEED),$$(date +%s)) $(DAYS)

bench: web setup-browser ## figures of the product as a table and in target/bench/figures.json
	@mkdir -p target/bench
	@$(PHASE) build-bench cargo bench -p benches --bench figures --no-run
	@$(PHASE) bench cargo bench -q -p benches --bench figures

bench-peers: ## speed beside automerge-repo, samod, PouchDB and Yjs (N=1000 for a quick run): target/bench/peers.json
	@$(PHASE) get-peers bash -c 'cd tests/peers && { npm ls >/dev/null 2>&1 || npm ci || npm install; }' || echo "Peers of npm are missing: the table will say so."
	@$(PHASE) build-samod cargo build -q --release --manifest-path tests/peers/samod/Cargo.toml --target-dir target/samod \
	  || echo "samod could not be built: the table will say so."
	@mkdir -p target/bench
	@$(PHASE) build-bench cargo bench -p benches --bench peers --no-run
	@$(PHASE) bench-peers cargo bench -q -p benches --bench peers -- $(N)
	@if [ -z "$(N)" ]; then node tests/peers/table.mjs; fi

fuzz: ## hostile bytes without end: make fuzz TARGET=admit_change SECONDS=60 (or wire_decode, hydrate, import_csv, qr_decode)
	@tests/fuzz/run.sh $(TARGET) $(SECONDS)

schemathesis: ## requests made from the API's description, good and bad, against a demo company (needs python3 and the network)
	@$(PHASE) server cargo build --release -p sync-server --bin sync-server
	@$(PHASE) schemathesis tests/schemathesis.sh

doc: ## API documentation, warnings denied
	@RUSTDOCFLAGS='-D warnings' $(PHASE) doc cargo doc --workspace --no-deps

deny: ## licences, sources and duplicate versions of the dependencies
	@command -v cargo-deny >/dev/null || $(PHASE) get-deny cargo install cargo-deny --locked
	@$(PHASE) deny cargo deny check bans licenses sources

desktop: ## the app in a native window (Linux)
	@tests/setup-browser.sh
	@cargo run -p app --features desktop

android-check: ## type-check the app for Android (no NDK needed)
	@$(PHASE) android app/check-android.sh

setup-web:
	@$(PHASE) setup-web app/setup-web.sh

setup-browser:
	@$(PHASE) setup-browser tests/setup-browser.sh
