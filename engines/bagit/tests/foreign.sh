#!/usr/bin/env bash
# A foreign tool (bagit.py, from PyPI) looks at a bag that the house wrote for a successor
# company, and `sha512sum` and the bag's own program look at it too. CI calls it; the tool is
# installed in a venv below the target folder.
#
#   engines/bagit/tests/foreign.sh
set -euo pipefail
cd "$(dirname "$0")/../../.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"
venv="$CARGO_TARGET_DIR/bagit-venv"
if [ ! -x "$venv/bin/bagit.py" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet setuptools 'bagit==1.9.0'
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
LINLI_KEEP_BAG="$work/bag" cargo test --quiet -p linli --test house --locked -- \
  successions::a_whole_compound_is_handed_over_by_two_and_anybody_can_check_it
"$venv/bin/bagit.py" --validate "$work/bag"
(cd "$work/bag" && sha512sum --quiet -c manifest-sha512.txt tagmanifest-sha512.txt)
python3 "$work/bag/data/ledger/log/verify_ledger.py" "$work/bag/data/ledger/log"
# The tool sees a byte that changed, so that its praise means something.
printf x >>"$work/bag/data/catalog.csv"
! "$venv/bin/bagit.py" --validate "$work/bag" 2>/dev/null
