//! Statements with everything in them, and statements that are none.

use super::*;
use proptest::prelude::*;

#[test]
fn a_statement_with_everything() {
    let sql = "CREATE TABLE \"t\"(id INTEGER PRIMARY KEY ON CONFLICT FAIL AUTOINCREMENT, -- the id
        [a b] VARCHAR(10, 2) NOT NULL ON CONFLICT IGNORE DEFAULT 'x' COLLATE nocase CONSTRAINT u UNIQUE ON CONFLICT REPLACE,
        'c' DEFAULT -1.5e-3 CHECK (c > ')' -- no\n) REFERENCES o ON DELETE set null NOT DEFERRABLE INITIALLY IMMEDIATE,
        d DEFAULT (1 + (2)) NULL AS (a||b) STORED,
        generated INT GENERATED ALWAYS AS (1),
        CONSTRAINT q UNIQUE (\"a b\" COLLATE rtrim DESC, c) ON CONFLICT abort
        FOREIGN KEY (id, c) REFERENCES \"o\"\"p\"(x, y) MATCH FULL DEFERRABLE INITIALLY DEFERRED ON UPDATE CASCADE,
        CHECK (1) /* end */) WITHOUT ROWID, STRICT;";
    let found = definition(sql).unwrap();
    let names: Vec<&str> = found
        .columns
        .iter()
        .map(|each| each.name.as_str())
        .collect();
    assert_eq!(names, ["id", "a b", "c", "d", "generated"]);
    let key = found.key.unwrap();
    assert!(key.autoincrement);
    assert_eq!(key.conflict, "ON CONFLICT FAIL");
    let column = &found.columns[1];
    assert_eq!(column.before, "-- the id");
    assert_eq!(column.not_null.as_deref(), Some("ON CONFLICT IGNORE"));
    assert_eq!(column.collation.as_deref(), Some("nocase"));
    assert_eq!(
        found.columns[3].generated.as_deref(),
        Some("AS (a||b) STORED")
    );
    assert_eq!(
        found.columns[4].generated.as_deref(),
        Some("GENERATED ALWAYS AS (1)")
    );
    assert_eq!(found.uniques.len(), 2);
    assert_eq!(found.uniques[0].name.as_deref(), Some("u"));
    assert_eq!(found.uniques[0].conflict, "ON CONFLICT REPLACE");
    assert_eq!(found.uniques[1].columns[0].descends, Some(true));
    assert_eq!(found.uniques[1].conflict, "ON CONFLICT ABORT");
    assert_eq!(found.checks[0].expression, "c > ')' -- no");
    assert_eq!(found.checks[1].owner, None);
    let [one, two] = found.references.as_slice() else {
        panic!("{:?}", found.references);
    };
    assert_eq!(
        (one.on_delete.as_str(), one.table.as_str()),
        ("SET NULL", "o")
    );
    assert_eq!(one.rest, "NOT DEFERRABLE INITIALLY IMMEDIATE");
    assert_eq!(two.columns, ["id", "c"]);
    assert_eq!(two.table, "o\"p");
    assert_eq!(two.other_columns, ["x", "y"]);
    assert_eq!(two.rest, "MATCH FULL DEFERRABLE INITIALLY DEFERRED");
    assert_eq!(two.on_update, "CASCADE");
    assert!(found.strict && found.without_rowid);
}

#[test]
fn what_is_not_understood_is_an_error() {
    for sql in [
        "CREATE TABLE t",
        "CREATE TABLE t(",
        "CREATE TABLE t(a",
        "CREATE TABLE t(a,",
        "CREATE TABLE t(a) WHATEVER",
        "CREATE TABLE t(a CHECK)",
        "CREATE TABLE t(a CHECK (1)",
        "CREATE TABLE t(a 5)",
        "CREATE TABLE t(UNIQUE)",
        "CREATE VIRTUAL TABLE t USING fts5(a)",
        "",
    ] {
        assert!(definition(sql).is_err(), "{sql}");
    }
}

#[test]
fn columns_of_an_index() {
    let found = indexed_columns("CREATE INDEX i ON t(a collate nocase desc, \"b\") WHERE a");
    let found = found.unwrap();
    assert_eq!(found[0].collation.as_deref(), Some("nocase"));
    assert_eq!(found[0].descends, Some(true));
    assert_eq!(found[1].name, "b");
    assert_eq!(indexed_columns("CREATE INDEX i ON t(lower(a))"), None);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "CREATE TABLE t(", "(", ")", ",", "a", "\"b\"", "'c", "[", "1.5", "-- x\n", "/*",
                "PRIMARY", "KEY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "ON",
                "CONFLICT", "REFERENCES", "FOREIGN", "CONSTRAINT", "GENERATED", "ALWAYS", "AS",
                "DEFERRABLE", "INITIALLY", "MATCH", "SET", "STRICT", "WITHOUT", "é", "AUTOINCREMENT",
            ]),
            0..24,
        ),
    ) {
        let sql = words.join(" ");
        let _read_or_refused = definition(&format!("CREATE TABLE t({sql}"));
        let _read_or_refused = definition(&sql);
    }
}
