//! The binary: an allocator and the command line.

mod allocator;

#[global_allocator]
static ALLOCATOR: allocator::Chosen = allocator::Chosen;

fn main() -> std::process::ExitCode {
    linli::line::run()
}
