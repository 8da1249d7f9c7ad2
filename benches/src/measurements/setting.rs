//! What all measurements of one run share.

use std::error::Error;
use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use super::Work;
use crate::client::Load;
use crate::contestants::{Contestant, Contestants, Server};
use crate::data::{Databases, Generated, million};

/// The first page of the long table.
pub(crate) const TABLE_JSON: &str = "/million/observations.json";

/// Different rows a client asks for.
const ROW_PATHS: u64 = 1000;

/// Files, binaries and the size of the load.
#[derive(Debug)]
pub(crate) struct Setting {
    /// The generated files.
    pub(crate) databases: Databases,
    /// Who takes part.
    pub(crate) contestants: Contestants,
    /// Where each contestant listens in its turn.
    pub(crate) port: u16,
    /// Length of one measurement under load.
    pub(crate) duration: Duration,
    /// Connections under load.
    pub(crate) connections: u16,
}

impl Setting {
    /// Starts a contestant on the file a kind of work needs.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub(crate) fn start(
        &self,
        work: Work,
        contestant: Contestant,
    ) -> Result<Server, Box<dyn Error>> {
        self.start_at(work, contestant, self.port, &[])
    }

    /// The same on another port and with further arguments.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub(crate) fn start_at(
        &self,
        work: Work,
        contestant: Contestant,
        port: u16,
        options: &[&OsStr],
    ) -> Result<Server, Box<dyn Error>> {
        let (file, ready): (&Path, &str) = match work.file() {
            Some(Generated::Many) => (&self.databases.many, "/-/versions.json"),
            Some(Generated::Tables) => (&self.databases.tables, "/-/versions.json"),
            Some(Generated::Million) | None => (&self.databases.million, TABLE_JSON),
        };
        Server::start(&self.contestants, contestant, file, options, port, ready)
    }

    /// The load of a kind of work on a server.
    pub(crate) fn load(&self, work: Work, server: &Server) -> Load {
        Load {
            address: server.address(),
            paths: paths(work),
            headers: "",
            body: None,
            status: 200,
            connections: self.connections,
            duration: self.duration,
        }
    }
}

/// What a client asks for.
pub(crate) fn paths(work: Work) -> Vec<String> {
    match work {
        Work::Row | Work::Access => (0..ROW_PATHS)
            // Spread over the whole table, and far apart from one to the next.
            .map(|index| 1 + index * 7_919_999 % million::ROWS)
            .map(|id| format!("/million/observations/{id}.json"))
            .collect(),
        Work::Html => vec!["/million/observations".to_owned()],
        Work::Database => vec!["/many".to_owned()],
        Work::Csv => vec!["/million/observations.csv?_stream=on&_size=max".to_owned()],
        Work::Tables => vec!["/-/allowed.json?action=view-table".to_owned()],
        Work::Write => vec![super::writes::INSERT.to_owned()],
        Work::Json | Work::Start | Work::Memory | Work::Plugins | Work::Size => {
            vec![TABLE_JSON.to_owned()]
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn row_paths_are_different_rows_of_the_table() {
        let paths = paths(Work::Row);
        assert_eq!(paths.iter().collect::<HashSet<_>>().len() as u64, ROW_PATHS);
        for path in paths {
            let id = path
                .rsplit('/')
                .next()
                .unwrap()
                .strip_suffix(".json")
                .unwrap();
            assert!((1..=million::ROWS).contains(&id.parse().unwrap()), "{path}");
        }
    }
}
