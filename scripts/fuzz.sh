#!/usr/bin/env bash
# Runs one fuzz target for so many seconds: scripts/fuzz.sh spans 200
# The compiler's own coverage pass is enough; neither nightly nor cargo-fuzz is needed. What is
# found lies in fuzz/artifacts; turn it into a test of the engine.
set -euo pipefail
target=${1:?normaliser, spans, personal or scans}
seconds=${2:-200}
# Words are short; a paper of several pages is not.
case $target in
scans) longest=65536 ;;
*) longest=600 ;;
esac
cd "$(dirname "$0")/../fuzz"
machine=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -Cdebug-assertions -Ccodegen-units=1 -Cpasses=sancov-module \
-Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
# With a machine named the flags leave build scripts alone.
cargo build --release --target "$machine" --bin "$target"
mkdir -p "corpus/$target" artifacts
"${CARGO_TARGET_DIR:-target}/$machine/release/$target" "corpus/$target" \
    -max_total_time="$seconds" -max_len="$longest" -artifact_prefix="artifacts/$target-"
