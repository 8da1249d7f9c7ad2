//! Stored queries of people, as a server keeps them in its own database.

use std::path::Path;

use anyhow::Result;
use rusqlite::{Connection, params};

use super::actor::IDS;
use super::rules::CONFIGURED;
use crate::hunt::random::Random;
use crate::hunt::schema::Schema;

/// Names of stored queries.
pub(super) const STORED: [&str; 6] = ["s_one", "s_two", "S_three", "s four", "s.five", "q_one"];

/// The table as servers make it.
const TABLE: &str = "create table queries (
  database_name text not null, name text not null, sql text not null,
  title text, description text, description_html text,
  options text not null default '{}', parameters text not null default '[]',
  is_write integer not null default 0 check (is_write in (0, 1)),
  is_private integer not null default 0 check (is_private in (0, 1)),
  is_trusted integer not null default 0 check (is_trusted in (0, 1)),
  source text not null default 'user', owner_id text,
  created_at text not null default current_timestamp,
  updated_at text not null default current_timestamp,
  primary key (database_name, name)
)";

/// Every name that a query may have.
pub(super) fn names() -> Vec<String> {
    let names = CONFIGURED.iter().chain(&STORED);
    names.map(|name| (*name).to_owned()).collect()
}

/// Writes a server's own database with some queries.
pub(super) fn write(path: &Path, schemas: &[Schema], random: &mut Random) -> Result<()> {
    let connection = Connection::open(path)?;
    connection.execute_batch(TABLE)?;
    for schema in schemas {
        for name in random.half(&STORED) {
            let owner = random.pick(&IDS).filter(|_| random.below(5) > 0);
            let source = if random.one_in(4) { "plugin" } else { "user" };
            connection.execute(
                "insert into queries (database_name, name, sql, title, is_private, is_trusted, source, owner_id)
                 values (?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    schema.database,
                    name,
                    format!("select '{name}' as stored"),
                    random.one_in(2).then_some("A <title>"),
                    random.one_in(2),
                    random.one_in(2),
                    source,
                    owner,
                ],
            )?;
        }
    }
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}
