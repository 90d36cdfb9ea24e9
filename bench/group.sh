#!/usr/bin/env bash
# One message to N connected members (1,000 and 10,000 unless told), beside a bare broadcast
# of the same bytes. Prints a markdown table.
set -euo pipefail
cd "$(dirname "$0")/.."
ulimit -n 40000 2>/dev/null || ulimit -n "$(ulimit -Hn)"
cargo build --release -q -p linli -p bench
scratch=$(mktemp -d "${TMPDIR:-/tmp}/linli-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
folder=$(realpath "${CARGO_TARGET_DIR:-target}")/release
[ $# -gt 0 ] || set -- 1000 10000
cd "$scratch"
"$folder/group" "$folder/linli" "$@"
