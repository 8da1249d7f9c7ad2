//! `many.db`: 488 small tables, some of which refer to others.

use rusqlite::{Connection, params_from_iter, types::Value};

use super::random::Random;

/// Tables in the file that is measured; as many as a published database that was slow to list.
pub(crate) const TABLES: usize = 488;

const ADJECTIVES: [&str; 24] = [
    "annual", "blue", "central", "daily", "early", "federal", "green", "hourly", "inner", "joint",
    "known", "local", "monthly", "national", "open", "public", "quiet", "rural", "shared", "tidal",
    "urban", "vacant", "weekly", "young",
];
const NOUNS: [&str; 21] = [
    "accounts",
    "bridges",
    "contracts",
    "deposits",
    "elections",
    "farms",
    "grants",
    "harbours",
    "incidents",
    "journeys",
    "kilns",
    "licences",
    "meters",
    "notices",
    "orders",
    "permits",
    "quarries",
    "roads",
    "schools",
    "trees",
    "units",
];
const EXTRA: [&str; 5] = [
    "region text",
    "amount real",
    "opened text",
    "status text",
    "score integer",
];

/// The name of a table, 0 up to 503; no two are the same.
pub(crate) fn table_name(index: usize) -> String {
    format!(
        "{}_{}",
        ADJECTIVES[index % ADJECTIVES.len()],
        NOUNS[index / ADJECTIVES.len() % NOUNS.len()]
    )
}

/// Rows of a table: 0 to 1,000.
fn row_count(index: usize) -> u64 {
    Random::new(5, index as u64).below(1001)
}

/// Fills an empty database with `tables` tables of up to 1,000 rows.
///
/// # Errors
/// What SQLite says, a full disk above all.
pub(crate) fn fill(connection: &Connection, tables: usize) -> rusqlite::Result<()> {
    for index in 0..tables {
        fill_table(connection, index)?;
    }
    Ok(())
}

fn fill_table(connection: &Connection, index: usize) -> rusqlite::Result<()> {
    let mut random = Random::new(4, index as u64);
    let name = table_name(index);
    let extra = &EXTRA[..random.below(EXTRA.len() as u64 + 1) as usize];
    let mut columns = vec![
        "id integer primary key".to_owned(),
        "name text not null".to_owned(),
    ];
    columns.extend(extra.iter().map(|column| (*column).to_owned()));
    // A third of the tables belongs to an earlier one.
    let parent = (index > 0 && random.below(3) == 0).then(|| random.below(index as u64) as usize);
    if let Some(parent) = parent {
        columns.push(format!(
            "parent_id integer references {}(id)",
            table_name(parent)
        ));
    }
    connection.execute_batch(&format!("create table {name} ({})", columns.join(", ")))?;

    let places = vec!["?"; columns.len()].join(", ");
    let mut insert = connection.prepare(&format!("insert into {name} values ({places})"))?;
    for id in 1..=row_count(index) {
        let mut values = vec![
            Value::Integer(id as i64),
            Value::Text(format!("{name} {id}")),
        ];
        for column in extra {
            values.push(match *column {
                "amount real" => Value::Real((random.unit() * 1e6).round() / 100.0),
                "opened text" => Value::Text(random.date()),
                "score integer" => Value::Integer(random.below(100) as i64),
                _ => Value::Text(random.pick(&["north", "south", "east", "west"]).to_owned()),
            });
        }
        if let Some(parent) = parent {
            values.push(match row_count(parent) {
                0 => Value::Null,
                rows => Value::Integer(1 + random.below(rows) as i64),
            });
        }
        insert.execute(params_from_iter(values))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_distinct() {
        let names: HashSet<String> = (0..TABLES).map(table_name).collect();
        assert_eq!(names.len(), TABLES);
    }

    #[test]
    fn tables_and_references_are_there() {
        let connection = Connection::open_in_memory().unwrap();
        fill(&connection, 40).unwrap();
        let (tables, references): (i64, i64) = connection
            .query_row(
                "select count(*), sum(sql like '%references%') from sqlite_schema",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        assert_eq!(tables, 40);
        assert!((5..=25).contains(&references), "{references}");
    }
}
