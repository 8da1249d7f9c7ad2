//! `tables.db`: 100,000 empty tables.

use rusqlite::Connection;

/// Tables in the file that is measured, beside the one whose page they share.
pub(crate) const TABLES: usize = 100_000;

/// Fills an empty database. `create table` looks at all tables that exist and would take hours, so
/// the schema is written directly: all tables read the one page of an empty table, which is enough
/// for lists.
pub(crate) fn fill(connection: &Connection, tables: usize) -> rusqlite::Result<()> {
    connection.execute_batch(
        "create table shared (id integer primary key, name text); pragma writable_schema = on",
    )?;
    let root = "select rootpage from sqlite_master where name = 'shared'";
    let root: i64 = connection.query_row(root, [], |row| row.get(0))?;
    let mut statement = connection.prepare(
        "insert into sqlite_master (type, name, tbl_name, rootpage, sql)
         values ('table', ?1, ?1, ?2,
                 'CREATE TABLE ' || ?1 || ' (id integer primary key, name text)')",
    )?;
    for number in 0..tables {
        statement.execute((format!("t{number:06}"), root))?;
    }
    connection.execute_batch("pragma writable_schema = off")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_can_be_read_when_the_file_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tables.db");
        fill(&Connection::open(&path).unwrap(), 50).unwrap();
        let connection = Connection::open(&path).unwrap();
        let count = |sql: &str| -> i64 { connection.query_row(sql, [], |row| row.get(0)).unwrap() };
        let tables: i64 = count("select count(*) from sqlite_master");
        assert_eq!(tables, 51);
        let rows: i64 = count("select count(*) from t000049");
        assert_eq!(rows, 0);
    }
}
