//! The binary, which has no plugins but those it finds.

use std::process::ExitCode;

/// Bodies are filled on a lane's thread and freed on another; the system's allocator makes that
/// expensive.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    datasette_program::run(Vec::new())
}
