//! The kinds of work.

use std::error::Error;

use clap::ValueEnum;

use super::{
    Setting, access, cold_start, export, memory, plugins, size, tables, throughput, writes,
};
use crate::agreement::Agreement;
use crate::contestants::Contestant;
use crate::data::Generated;
use crate::report::Sample;

/// One row, or two related ones, of the table of goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Work {
    /// A table's first 100 rows as JSON.
    Json,
    /// One row as JSON, another one each time.
    Row,
    /// A table's page with facet suggestions.
    Html,
    /// The page of a database with 488 tables.
    Database,
    /// A million rows streamed as CSV.
    Csv,
    /// From the start of the process to the first answer.
    Start,
    /// Memory before and after load.
    Memory,
    /// One row as JSON with and without rules of access, and signed in.
    Access,
    /// Lists of 100,000 tables.
    Tables,
    /// Single rows that are inserted, and a file of many.
    Write,
    /// Plugins written in Python.
    Plugins,
    /// The file that is installed.
    Size,
}

impl Work {
    /// All kinds, in the order of the table.
    pub(crate) fn all() -> &'static [Self] {
        Self::value_variants()
    }

    /// The file that is served for it, if any is.
    pub(crate) fn file(self) -> Option<Generated> {
        match self {
            Self::Size | Self::Write => None,
            Self::Database => Some(Generated::Many),
            Self::Tables => Some(Generated::Tables),
            _ => Some(Generated::Million),
        }
    }

    /// How often the contestants take turns, if `rounds` were asked for.
    pub(crate) fn rounds(self, rounds: u32) -> u32 {
        match self {
            Self::Size => rounds.min(1),
            // The original needs more than half a minute each time.
            Self::Csv | Self::Tables | Self::Plugins => rounds.min(3),
            _ => rounds,
        }
    }

    /// Whether a contestant can do this work at all.
    pub(crate) fn suits(self, contestant: Contestant) -> bool {
        match contestant {
            // The original needs minutes to learn of so many tables.
            Contestant::Original => !matches!(self, Self::Tables | Self::Size),
            Contestant::Ours => true,
            Contestant::Floor => matches!(
                self,
                Self::Json | Self::Row | Self::Csv | Self::Start | Self::Memory | Self::Write
            ),
            Contestant::Shell => matches!(self, Self::Csv | Self::Write),
        }
    }
}

/// Lets one contestant take one turn.
///
/// # Errors
/// A server that does not start, fails under load or sends something else than the others.
pub(crate) fn measure(
    work: Work,
    contestant: Contestant,
    setting: &Setting,
    agreement: &mut Agreement,
) -> Result<Vec<Sample>, Box<dyn Error>> {
    match work {
        Work::Json | Work::Row | Work::Html | Work::Database => {
            throughput::measure(work, contestant, setting, agreement)
        }
        Work::Csv => export::measure(contestant, setting, agreement),
        Work::Start => cold_start::measure(contestant, setting),
        Work::Memory => memory::measure(contestant, setting),
        Work::Access => access::measure(contestant, setting),
        Work::Tables => tables::measure(contestant, setting),
        Work::Write => writes::measure(contestant, setting),
        Work::Plugins => plugins::measure(contestant, setting),
        Work::Size => size::measure(contestant, setting),
    }
}
