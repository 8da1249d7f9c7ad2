//! A whole database from a seed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rusqlite::Connection;

use super::names::{self, Names};
use super::table::Table;
use super::{search, table, view};
use crate::hunt::random::Random;

/// Ordinary tables of a database.
const TABLES: usize = 9;
/// Views of a database.
const VIEWS: usize = 4;

/// Makes up a database and writes it into `folder`; returns its file.
pub(in crate::hunt) fn build(folder: &Path, number: usize, seed: u64) -> Result<PathBuf> {
    let mut random = Random::new(seed);
    let path = folder.join(format!("{}.db", names::database(&mut random, number)));
    let connection =
        Connection::open(&path).with_context(|| format!("creating {}", path.display()))?;
    connection.execute_batch("pragma journal_mode = delete; pragma foreign_keys = off; begin")?;
    for statement in statements(&mut random) {
        // What SQLite refuses, such as a column called like a keyword of full-text tables, is left
        // out; the seed decides that too.
        let _ = connection.execute_batch(&statement);
    }
    connection.execute_batch("commit")?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(path)
}

/// The statements of a database, some of which SQLite may refuse.
fn statements(random: &mut Random) -> Vec<String> {
    let (mut sql, mut names) = (Vec::new(), Names::default());
    let mut tables: Vec<Table> = Vec::new();
    for _ in 0..TABLES {
        let name = names.table(random);
        let made = table::write(name, &tables, &mut sql, random);
        tables.push(made);
    }
    for _ in 0..2 {
        if let Some(table) = random.pick(&tables) {
            search::write(&table.clone(), &mut names, &mut sql, random);
        }
    }
    for _ in 0..VIEWS {
        let name = names.table(random);
        sql.extend(view::statement(&name, &tables, random));
    }
    if random.one_in(4) {
        table::wide(names.free("wide"), &mut sql, random);
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_database_and_most_of_it_works() {
        let (one, two) = (
            statements(&mut Random::new(3)),
            statements(&mut Random::new(3)),
        );
        assert_eq!(one, two);
        let connection = Connection::open_in_memory().unwrap();
        let failed = one
            .iter()
            .filter(|statement| connection.execute_batch(statement).is_err())
            .count();
        assert!(
            failed * 5 < one.len(),
            "{failed} of {} statements fail",
            one.len()
        );
    }

    #[test]
    fn between_them_the_seeds_make_every_kind_of_table() {
        let all: String = (0..30)
            .flat_map(|seed| statements(&mut Random::new(seed)))
            .collect();
        for part in [
            "without rowid",
            "strict",
            "generated always",
            "fts4",
            "fts5",
            "content=''",
            "content=\"",
            "create view",
            "foreign key (",
            "\"missing table\"",
            "c999 ",
            "cast(x'61ff62' as text)",
            "9e999",
            "primary key (",
            "fts5vocab",
            "unique",
            "collate nocase",
            "\"\" ",
        ] {
            assert!(all.contains(part), "{part}");
        }
    }
}
