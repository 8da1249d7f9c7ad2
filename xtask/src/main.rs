//! The project's commands: demo, test, check, spec, gen, compat, bench.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "these commands are made to be read in a terminal"
)]

mod bench;
mod check;
mod compat;
mod demo;
mod example;
mod generate;
mod program;
mod rust_source;
mod spec;
mod test;
mod tree;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's commands. Start with `cargo xtask demo`.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the server and the example database, and serve it on this machine
    Demo(demo::Arguments),
    /// Install what the tests need and run all of them
    Test(test::Arguments),
    /// Run the house rules
    Check(check::Arguments),
    /// Count the rows of the specification that tests prove
    Spec(spec::Arguments),
    /// Write the generated references
    Gen(generate::Arguments),
    /// Compare with the original; the arguments go to the comparison
    Compat(compat::Arguments),
    /// Measure speed; the arguments go to the benchmarks
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Line::parse().command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Spec(arguments) => spec::run(&arguments),
        Command::Gen(arguments) => generate::run(&arguments),
        Command::Compat(arguments) => compat::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
