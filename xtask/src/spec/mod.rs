//! `cargo xtask spec`: which rows of the specification are proven, and which are not.

mod ledger;
mod proofs;
mod report;
mod rows;
mod scenario;

use anyhow::{Result, bail};

use crate::check::Finding;
use crate::tree::{self, Tree};
use ledger::Missing;
use proofs::Proofs;
use rows::Rows;

/// What can be asked of `spec`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// List the rows nothing proves; with a prefix, such as FILTER, only those.
    #[arg(long, value_name = "PREFIX", num_args = 0..=1, default_missing_value = "")]
    unproven: Option<String>,
    /// Fail when a test or a scenario names a row that does not exist.
    #[arg(long)]
    check: bool,
}

/// Prints the counts or the list that was asked for.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let tree = Tree::read(&tree::root())?;
    let (rows, proofs) = read(&tree)?;
    match &arguments.unproven {
        Some(prefix) => report::unproven(&rows, &proofs, prefix),
        None => report::counts(&rows, &proofs),
    }
    for finding in &proofs.findings {
        println!("{finding}");
    }
    if arguments.check && !proofs.findings.is_empty() {
        bail!("{} claims name no row", proofs.findings.len());
    }
    Ok(())
}

/// Claims that mean no row, for the house rules.
pub(crate) fn findings(tree: &Tree) -> Result<Vec<Finding>> {
    Ok(read(tree)?.1.findings)
}

fn read(tree: &Tree) -> Result<(Rows, Proofs)> {
    let rows = Rows::read(tree);
    let missing = Missing::read(tree)?;
    let proofs = Proofs::read(tree, &rows, &missing);
    Ok((rows, proofs))
}
