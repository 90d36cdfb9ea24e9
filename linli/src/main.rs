//! The binary: an allocator and the command line.

// The house allocates many small texts; mimalloc keeps the resident size down.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    linli::line::run()
}
