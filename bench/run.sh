#!/usr/bin/env bash
# Prints one markdown table: linli against the bare libraries under it, measured in
# one run. LINLI_TEST_DB=postgres://… adds PostgreSQL. Takes about fifteen minutes;
# `bench/run.sh writes messages import search archive shelves census bills pages channel verify` names the parts, all
# without.
# `bench/group.sh` measures one message to thousands of connected members, beside peers.
# `bench/arrears.py` measures the day's list of arrears among 100,000 accounts.
# `bench/overload.py` measures approving and opening a granted page while ten times too much is asked.
# `bench/run.sh desk` measures the work list among 1,000,000 tickets, beside 10,000.
# `bench/start.py` measures starts, idle memory and the demo.
# `bench/run.sh conduct` measures the conduct engine alone, at 1,000, 10,000 and 50,000 words;
# after `npm ci --prefix bench/peer` beside a peer as well.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = desk ]; then
  exec python3 bench/desk.py
fi
binary=bench
if [ "${1:-}" = conduct ]; then
  binary=conduct
  shift
fi
cargo build --profile dist -q -p bench --bin "$binary" -p linli --bin linli
scratch=$(mktemp -d "${TMPDIR:-/tmp}/linli-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
binary=$(realpath "${CARGO_TARGET_DIR:-target}")/dist/$binary
cd "$scratch"
"$binary" "$@"
