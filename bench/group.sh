#!/usr/bin/env bash
# One message to N connected members (1,000 and 10,000 unless told), beside a room of
# ejabberd, NATS core publish and subscribe, and a bare broadcast of the same bytes: one
# load, one run. Prints a markdown table. The peers are Debian's packages, installed where
# they are missing and may be; without them their lines are left out.
set -euo pipefail
cd "$(dirname "$0")/.."
ulimit -n 40000 2>/dev/null || ulimit -n "$(ulimit -Hn)"
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
missing=()
ls -d /usr/lib/*/ejabberd-* >/dev/null 2>&1 || missing+=(ejabberd)
command -v nats-server >/dev/null || missing+=(nats-server)
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing: ${missing[*]}" >&2
  { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 ||
    echo "cannot be installed here, and left out: ${missing[*]}" >&2
fi
cargo build --profile dist -q -p linli -p bench
scratch=$(mktemp -d "${TMPDIR:-/tmp}/linli-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
folder=$(realpath "${CARGO_TARGET_DIR:-target}")/dist
[ $# -gt 0 ] || set -- 1000 10000
cd "$scratch"
"$folder/group" "$folder/linli" "$@"
