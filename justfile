# Verbs of this house; `just` lists them.
default:
    @just --list

# A believable compound to look around in
demo:
    cargo run --release -- demo

# Everything that continuous integration checks
test:
    scripts/test

# Without PostgreSQL and the browser
quick:
    scripts/test quick

# Format and lints only
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# The design system on one page, on a loopback port
gallery:
    cargo run --example gallery

# The table of measurements, as ratios
bench:
    bench/run.sh

# Licences and forbidden crates (needs cargo-deny)
deny:
    cargo deny check
