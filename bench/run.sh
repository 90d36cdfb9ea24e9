#!/usr/bin/env bash
# Prints one markdown table: linli against the bare libraries under it, measured in
# one run. LINLI_TEST_DB=postgres://… adds PostgreSQL. Takes about twelve minutes;
# `bench/run.sh writes import search pages verify` names the parts, all without.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release -q -p bench
scratch=$(mktemp -d "${TMPDIR:-/tmp}/linli-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
binary=$(realpath "${CARGO_TARGET_DIR:-target}")/release/bench
cd "$scratch"
"$binary" "$@"
