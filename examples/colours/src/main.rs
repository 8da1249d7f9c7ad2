//! The program with one plugin more. It takes the same command line, and what `datasette` does it
//! does, too.

mod colours;

use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    datasette_program::run(vec![Arc::new(colours::Colours)])
}
