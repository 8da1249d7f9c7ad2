//! A Python environment: an interpreter and the folders in which it finds packages.

use std::fmt;
use std::path::PathBuf;

/// Where plugins are installed, and what runs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// The interpreter. It was not started, and need not work.
    pub python: PathBuf,
    /// Folders with packages, in the order in which Python looks into them; without those that
    /// `.pth` files in them add.
    pub packages: Vec<PathBuf>,
    /// What led to it.
    pub origin: Origin,
    /// Whether it is a virtual environment, and no interpreter of the whole machine.
    pub isolated: bool,
}

/// What led to an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It was named: `--python` or `DATASETTE_PYTHON`.
    Named,
    /// It is active in the shell (`VIRTUAL_ENV`).
    Active,
    /// `datasette install` made it.
    Managed,
    /// This program was installed into it.
    Own,
}

impl fmt::Display for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = match self.origin {
            Origin::Named => "which was named",
            Origin::Active => "the active environment",
            Origin::Managed => "the environment that datasette install made",
            Origin::Own => "the environment of this program",
        };
        write!(formatter, "{} ({from})", self.python.display())
    }
}
