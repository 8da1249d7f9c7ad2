//! Tables that are changed, as SQLite sees them afterwards.

mod constraints;
mod model;

use std::sync::atomic::{AtomicUsize, Ordering};

use datasette_core::{Fault, Value};
use datasette_query::change::AlterQuestion;
use datasette_sqlite::{Database, Limits, OpenOptions, Source};
use serde_json::{Value as Json, json};

use super::apply;
use crate::write::AlteredTable;

/// A database in memory that a script makes.
pub(super) async fn made_by(script: &str) -> Database {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("rebuilt {}", NEXT.fetch_add(1, Ordering::Relaxed));
    let database = Database::open(OpenOptions::new(Source::Memory { name })).unwrap();
    let script = script.to_owned();
    let made = database.write(move |writer| Ok(writer.execute_batch(&script)?));
    made.await.unwrap();
    database
}

/// Applies operations, each `["name", {arguments}]`, in one transaction.
pub(super) async fn alter(
    database: &Database,
    table: &str,
    operations: Json,
) -> Result<AlteredTable, Fault> {
    let operations = operations.as_array().unwrap().iter();
    let operations: Vec<Json> = operations
        .map(|each| json!({"op": each[0], "args": each[1]}))
        .collect();
    let question = AlterQuestion::parse(&json!({"operations": operations}))?;
    let table = table.to_owned();
    database
        .write(move |writer| apply(writer, &table, &question))
        .await
}

/// All rows of a statement.
pub(super) async fn rows(database: &Database, sql: &str) -> Vec<Vec<Value>> {
    let sql = sql.to_owned();
    let read = database.read(move |reader| Ok(reader.batch(&sql, &[], &Limits::NONE)?.0));
    let batch = read.await.unwrap();
    let width = batch.column_names().len();
    let rows = batch.rows();
    rows.map(|row| (0..width).map(|at| row.get(at).to_value()).collect())
        .collect()
}

/// The statements of the schema, by the order of names.
async fn schema(database: &Database) -> Vec<String> {
    let sql = "select sql from sqlite_schema where sql is not null and name not like 'sqlite_%' \
               order by name";
    let found = rows(database, sql).await.into_iter();
    found
        .map(|row| match &row[0] {
            Value::Text(text) => text.to_string(),
            other => panic!("{other:?}"),
        })
        .collect()
}

/// The schema after operations that must succeed.
async fn altered(script: &str, operations: Json) -> Vec<String> {
    let database = made_by(script).await;
    alter(&database, "z", operations).await.unwrap();
    schema(&database).await
}

/// The words of operations that must fail; nothing may have changed.
async fn refused(script: &str, operations: Json) -> String {
    let database = made_by(script).await;
    let before = schema(&database).await;
    let fault = alter(&database, "z", operations).await.unwrap_err();
    assert_eq!(schema(&database).await, before);
    assert_eq!(fault.status(), 400);
    fault.message()
}

// Proves: WRITE-104
#[tokio::test]
async fn the_text_of_a_rebuilt_table() {
    let script = "create table z(id integer primary key autoincrement, -- the id
 /* bee */ b text /* after */,
 unique(b), check(b>''), foreign key(b) references z(b) on delete cascade);
 insert into z values (7, 'y'); delete from z";
    assert_eq!(
        altered(
            script,
            json!([["alter_column", {"name": "b", "default": "q"}]])
        )
        .await,
        [
            "CREATE TABLE \"z\" (\n   \"id\" INTEGER PRIMARY KEY AUTOINCREMENT,\n   -- the id\n    \
          /* bee */\n   \"b\" TEXT DEFAULT 'q' REFERENCES \"z\"(\"b\") ON DELETE CASCADE \
          /* after */,\n   UNIQUE (\"b\"),\n   CHECK (b>'')\n)"
        ]
    );
    let script = "create table o(id integer primary key);
        create table z(id text primary key, b integer references o,
        c references o(id) on delete set null, foreign key(b,c) references z(id,b))";
    assert_eq!(
        altered(script, json!([["drop_foreign_key", {"column": "B"}]])).await[1],
        "CREATE TABLE \"z\" (\n   \"id\" TEXT PRIMARY KEY,\n   \"b\" INTEGER,\n   \
         \"c\" REFERENCES \"o\"(\"id\") ON DELETE SET NULL\n)"
    );
    assert_eq!(
        altered(
            "create table z(a text, b text, primary key(a,b))",
            json!([
                ["set_primary_key", {"columns": ["b"]}],
                ["reorder_columns", {"columns": ["B", "zip"]}],
            ])
        )
        .await,
        ["CREATE TABLE \"z\" (\n   \"b\" TEXT PRIMARY KEY,\n   \"a\" TEXT\n)"]
    );
}

// Proves: WRITE-104
#[tokio::test]
async fn what_the_request_does_not_name_stays() {
    let script = "create table o(id integer primary key);
        create table z(
            a varchar(10) collate nocase unique, n numeric not null on conflict ignore default 5,
            plain, e text default (1+1), bytes default x'00', low integer default -5,
            sum as (a || n) stored, o references o(id) deferrable initially deferred,
            primary key (a desc) on conflict replace);
        insert into z(a, n, plain) values ('x', 5, 5)";
    let database = made_by(script).await;
    let select = "select a, n, typeof(n), plain, typeof(plain), e, bytes, low, sum from z";
    let before = rows(&database, select).await;
    alter(
        &database,
        "z",
        json!([["alter_column", {"name": "a", "default": "d"}]]),
    )
    .await
    .unwrap();
    assert_eq!(rows(&database, select).await, before);
    assert_eq!(
        schema(&database).await[1],
        "CREATE TABLE \"z\" (\n   \
         \"a\" TEXT DEFAULT 'd' COLLATE \"nocase\" UNIQUE,\n   \
         \"n\" numeric NOT NULL ON CONFLICT IGNORE DEFAULT '5',\n   \
         \"plain\",\n   \
         \"e\" TEXT DEFAULT (1+1),\n   \
         \"bytes\" DEFAULT x'00',\n   \
         \"low\" INTEGER DEFAULT '-5',\n   \
         \"sum\" as (a || n) stored,\n   \
         \"o\" REFERENCES \"o\"(\"id\") DEFERRABLE INITIALLY DEFERRED,\n   \
         PRIMARY KEY (\"a\" DESC) ON CONFLICT REPLACE\n)"
    );
    let write = database.write(|writer| Ok(writer.execute("insert into z(a) values ('X')", &[])?));
    write.await.unwrap();
    let again = rows(
        &database,
        "select count(*), max(plain is null), max(e) from z",
    )
    .await;
    assert_eq!(
        again,
        [[Value::Integer(1), Value::Integer(1), Value::from("2")]]
    );
}

// Proves: WRITE-104
#[tokio::test]
async fn tables_of_every_kind_can_be_rebuilt() {
    for (script, expected) in [
        (
            "create table z(a text primary key, b text) without rowid; insert into z values (1, 2)",
            "CREATE TABLE \"z\" (\n   \"a\" TEXT PRIMARY KEY,\n   \"b\" BLOB\n) WITHOUT ROWID",
        ),
        (
            "create table z(a any, b int) strict; insert into z values (1, 2)",
            "CREATE TABLE \"z\" (\n   \"a\" ANY,\n   \"b\" BLOB\n) STRICT",
        ),
        (
            "create table z(a text, b text, primary key (a, b, a)); insert into z values (1, 2)",
            "CREATE TABLE \"z\" (\n   \"a\" TEXT,\n   \"b\" BLOB,\n   \
             PRIMARY KEY (\"a\", \"b\")\n)",
        ),
        (
            "create table z(rowid text, b text, _rowid_); insert into z(oid, b) values (77, 2)",
            "CREATE TABLE \"z\" (\n   \"rowid\" TEXT,\n   \"b\" BLOB,\n   \"_rowid_\"\n)",
        ),
        (
            "create table z(id int primary key, b text); insert into z values (null, 2)",
            "CREATE TABLE \"z\" (\n   \"id\" INT PRIMARY KEY,\n   \"b\" BLOB\n)",
        ),
    ] {
        let database = made_by(script).await;
        let outcome = alter(
            &database,
            "z",
            json!([["alter_column", {"name": "b", "type": "blob"}]]),
        );
        // A strict table takes no number for bytes.
        if expected.ends_with("STRICT") {
            assert_eq!(
                outcome.await.unwrap_err().message(),
                "cannot store INT value in BLOB column z.b"
            );
            continue;
        }
        let altered = outcome.await.unwrap();
        assert_eq!(altered.after, expected);
        assert_eq!(rows(&database, "select * from z").await.len(), 1);
    }
    let database = made_by("create table z(rowid text); insert into z(oid) values (77)").await;
    let operations = json!([["alter_column", {"name": "rowid", "not_null": false}]]);
    alter(&database, "z", operations).await.unwrap();
    assert_eq!(
        rows(&database, "select oid from z").await,
        [[Value::Integer(77)]]
    );
}

// Proves: WRITE-105
#[tokio::test]
async fn triggers_indexes_and_views_stay() {
    let script = "create table z(a text, b text); create table log(x);
        create index i1 on z(a collate nocase desc, b);
        create index i2 on z(lower(b)) where a > '';
        create view v as select a from z;
        create trigger t after insert on z begin insert into log values (new.a); end;
        create table other(x references z(a))";
    let database = made_by(script).await;
    let operations = json!([
        ["rename_column", {"name": "A", "to": "c"}],
        ["alter_column", {"name": "b", "type": "blob"}],
    ]);
    alter(&database, "z", operations).await.unwrap();
    assert_eq!(
        schema(&database).await,
        [
            "CREATE INDEX \"i1\" ON \"z\" (\"c\" COLLATE \"nocase\" DESC, \"b\")",
            "CREATE INDEX i2 on z(lower(b)) where c > ''",
            "CREATE TABLE log(x)",
            "CREATE TABLE other(x references z(c))",
            "CREATE TRIGGER t after insert on z begin insert into log values (new.c); end",
            "CREATE VIEW v as select c from z",
            "CREATE TABLE \"z\" (\n   \"c\" TEXT,\n   \"b\" BLOB\n)",
        ]
    );
    let write = database.write(|writer| Ok(writer.execute("insert into z values (1, 2)", &[])?));
    write.await.unwrap();
    assert_eq!(rows(&database, "select x from log").await.len(), 1);
}

// Proves: WRITE-105
#[tokio::test]
async fn a_trigger_goes_with_the_column_that_it_needs() {
    let script = "create table z(a text, b text); create table log(x);
        create trigger t1 after insert on z begin insert into log values (new.a); end;
        create trigger t2 after update of a on z begin insert into log values (1); end;
        create trigger t3 after delete on z begin insert into log values (old.b); end;
        create trigger t4 after delete on z begin insert into log values (old.a); end";
    let found = altered(script, json!([["drop_column", {"name": "a"}]])).await;
    let triggers = found.iter().filter(|sql| sql.starts_with("CREATE TRIGGER"));
    let triggers: Vec<&str> = triggers.map(|sql| &sql[15..17]).collect();
    assert!(triggers.contains(&"t3"), "{triggers:?}");
    assert!(!triggers.contains(&"t1") && !triggers.contains(&"t4"));
    // One that made no sense before is nobody's business.
    let script = "create table z(a text, b text);
        create trigger t1 after insert on z begin insert into missing values (new.b); end";
    let found = altered(script, json!([["drop_column", {"name": "a"}]])).await;
    assert_eq!(found.len(), 2);
}

// Proves: WRITE-101, WRITE-102, WRITE-103
#[tokio::test]
async fn columns_that_are_not_there() {
    let script = "create table z(a text, b text)";
    let same = "CREATE TABLE \"z\" (\n   \"a\" TEXT,\n   \"b\" TEXT\n)";
    for operation in [
        json!(["drop_column", {"name": "nope"}]),
        json!(["rename_column", {"name": "nope", "to": "x"}]),
        json!(["rename_column", {"name": "a", "to": ""}]),
        json!(["alter_column", {"name": "nope", "type": "blob"}]),
        json!(["reorder_columns", {"columns": ["nope"]}]),
        json!(["drop_foreign_key", {"column": "nope"}]),
        json!(["add_foreign_key", {"column": "nope", "fk_table": "z", "fk_column": "a"}]),
    ] {
        assert_eq!(
            altered(script, json!([operation])).await,
            [same],
            "{operation}"
        );
    }
    assert_eq!(
        altered(script, json!([["set_primary_key", {"columns": ["nope"]}]])).await,
        [
            "CREATE TABLE \"z\" (\n   \"nope\" INTEGER PRIMARY KEY,\n   \"a\" TEXT,\n   \"b\" TEXT\n)"
        ]
    );
    assert_eq!(
        altered(
            script,
            json!([["alter_column", {"name": "A", "type": "blob"}]])
        )
        .await,
        ["CREATE TABLE \"z\" (\n   \"a\" BLOB,\n   \"b\" TEXT\n)"]
    );
    assert_eq!(
        refused(
            script,
            json!([["alter_column", {"name": "nope", "not_null": true}]])
        )
        .await,
        "not_null set {'nope'} includes items not in columns {'a', 'b'}"
    );
    assert_eq!(
        refused(
            script,
            json!([["alter_column", {"name": "nope", "default": 1}]])
        )
        .await,
        "defaults set {'nope'} includes items not in columns {'a', 'b'}"
    );
}

// Proves: WRITE-101
#[tokio::test]
async fn what_cannot_be() {
    let plain = "create table z(a text, b text)";
    for (script, operations, words) in [
        (
            plain,
            json!([["add_column", {"name": "c", "not_null": true, "default": null}]]),
            "add_column args.default or args.default_expr is required when not_null is true",
        ),
        (
            "create table z(a text); insert into z values (1)",
            json!([["add_column", {"name": "c", "not_null": true, "default_expr": "current_unixtime"}]]),
            "Cannot add a column with non-constant default",
        ),
        (
            plain,
            json!([["set_foreign_keys", {"foreign_keys": []}], ["add_foreign_key", {"column": "a", "fk_table": "z"}]]),
            "Cannot specify both foreign_keys and add_foreign_keys",
        ),
        (
            plain,
            json!([["set_foreign_keys", {"foreign_keys": []}], ["drop_foreign_key", {"column": "a"}]]),
            "Cannot specify both foreign_keys and drop_foreign_keys",
        ),
        (
            plain,
            json!([["add_foreign_key", {"column": "a", "fk_table": "z"}]]),
            "Could not detect single primary key for table 'z'",
        ),
        (
            plain,
            json!([["add_foreign_key", {"column": "a", "fk_table": "z", "fk_column": "q"}]]),
            "No such column: z.q",
        ),
        (
            plain,
            json!([["drop_column", {"name": "a"}], ["drop_column", {"name": "b"}]]),
            "Tables must have at least one column",
        ),
        (
            plain,
            json!([["alter_column", {"name": "a", "default": 1}], ["drop_column", {"name": "A"}]]),
            "defaults set {'a'} includes items not in columns {'b'}",
        ),
        (
            plain,
            json!([["rename_column", {"name": "a", "to": "b"}]]),
            "duplicate column name: b",
        ),
        (
            plain,
            json!([["rename_column", {"name": "a", "to": "x\0y"}]]),
            "the query contains a null character",
        ),
        (
            "create table z(a text, b text check(a>''))",
            json!([["drop_column", {"name": "A"}]]),
            "Cannot drop column 'a': it is used by CHECK constraint \"a>''\"",
        ),
        (
            "create table z(a text, b text constraint q check(a>''))",
            json!([["drop_column", {"name": "a"}]]),
            "Cannot drop column 'a': it is used by CHECK constraint 'q'",
        ),
        (
            "create table z(a text, b text); create index i on z(b, a)",
            json!([["drop_column", {"name": "a"}]]),
            "Index 'i' column 'a' is not in updated table 'z'. You must manually drop this index \
             prior to running this transformation and manually recreate the new index after running \
             this transformation. The original index sql statement is: `CREATE INDEX i on z(b, a)`. \
             No changes have been applied to this table.",
        ),
        (
            plain,
            json!([
                ["alter_column", {"name": "nope", "not_null": true}],
                ["add_foreign_key", {"column": "a", "fk_table": "nope"}],
            ]),
            "Could not detect single primary key for table 'nope'",
        ),
        (
            plain,
            json!([
                ["alter_column", {"name": "nope", "not_null": true}],
                ["add_foreign_key", {"column": "a", "fk_table": "z", "fk_column": "x"}],
            ]),
            "not_null set {'nope'} includes items not in columns {'a', 'b'}",
        ),
        (
            "create table z(a text, b text); create view v as select * from nosuch",
            json!([["rename_table", {"to": "zz"}]]),
            "error in view v: no such table: main.nosuch",
        ),
        (
            "create table z(a text, b text); create view v as select * from z",
            json!([["rename_table", {"to": "v"}]]),
            "there is already another table or index with this name: v",
        ),
        (
            "create virtual table z using fts5(a)",
            json!([["alter_column", {"name": "a", "type": "blob"}]]),
            "virtual tables may not be altered",
        ),
        (
            "create view z as select 1",
            json!([["add_column", {"name": "b"}]]),
            "Structured writes require an ordinary table",
        ),
    ] {
        assert_eq!(refused(script, operations).await, words);
    }
}

// Proves: WRITE-94, WRITE-104
#[tokio::test]
async fn names_change_hands() {
    let database =
        made_by("create table z(a text, b text, c text); insert into z values (1, 2, 3)");
    let database = database.await;
    let operations = json!([
        ["rename_column", {"name": "a", "to": "b"}],
        ["rename_column", {"name": "b", "to": "A"}],
        ["drop_column", {"name": "c"}],
        ["add_column", {"name": "d", "type": "integer", "default": 4}],
        ["rename_table", {"to": "y"}],
        ["rename_column", {"name": "d", "to": "c"}],
    ]);
    let altered = alter(&database, "z", operations).await.unwrap();
    assert_eq!(altered.name, "y");
    assert_eq!(
        altered.after,
        "CREATE TABLE \"y\" (\n   \"b\" TEXT,\n   \"A\" TEXT,\n   \"c\" INTEGER DEFAULT 4\n)"
    );
    assert_eq!(
        rows(&database, "select b, \"A\", c from y").await,
        [[Value::from("1"), Value::from("2"), Value::Null]]
    );
}

// Proves: WRITE-104
#[tokio::test]
async fn adding_columns_alone_leaves_the_table_where_it_is() {
    let database = made_by("create table z(a text); insert into z values (1)").await;
    let page = "select rootpage from sqlite_schema where name = 'z'";
    let before = rows(&database, page).await;
    let operations = json!([
        ["add_column", {"name": "b", "type": "float"}],
        ["add_column", {"name": "c", "not_null": true, "default": "it's"}],
    ]);
    let altered = alter(&database, "z", operations).await.unwrap();
    assert_eq!(
        altered.after,
        "CREATE TABLE z(a text, \"b\" REAL, \"c\" TEXT NOT NULL DEFAULT 'it''s')"
    );
    assert_eq!(rows(&database, page).await, before);
    let renaming = json!([["rename_table", {"to": "y"}]]);
    let renamed = alter(&database, "z", renaming).await.unwrap();
    assert_eq!(renamed.name, "y");
    let page = "select rootpage from sqlite_schema where name = 'y'";
    assert_eq!(rows(&database, page).await, before);
}

// Proves: WRITE-104
#[tokio::test]
async fn a_counting_key_never_uses_a_number_twice() {
    let script = "create table z(id integer primary key autoincrement, b text);
        insert into z values (41, 'x'); delete from z";
    let database = made_by(script).await;
    alter(
        &database,
        "z",
        json!([["alter_column", {"name": "b", "type": "blob"}]]),
    )
    .await
    .unwrap();
    let write = database.write(|writer| Ok(writer.execute("insert into z(b) values (1)", &[])?));
    write.await.unwrap();
    assert_eq!(
        rows(&database, "select id from z").await,
        [[Value::Integer(42)]]
    );
}

// Proves: WRITE-104
#[tokio::test]
async fn hostile_names_survive() {
    for name in [
        "it's",
        "a\"b",
        "[a]",
        "a`b",
        "select",
        "é",
        "a\nb",
        " ",
        "sqlite",
        "x); drop table z; --",
        "true",
        "new_0_z",
        "\u{1F600}",
    ] {
        let quoted = datasette_core::identifier::quote(name);
        let script = format!(
            "create table {quoted}({quoted} text check ({quoted} <> 'no'), b text, unique ({quoted}, b));
             insert into {quoted} values ('x', 'y')"
        );
        let database = made_by(&script).await;
        let operations = json!([
            ["alter_column", {"name": "b", "type": "blob", "default": name}],
            ["rename_column", {"name": "b", "to": format!("{name} 2")}],
        ]);
        alter(&database, name, operations).await.unwrap();
        let there = rows(&database, &format!("select {quoted} from {quoted}")).await;
        assert_eq!(there, [[Value::from("x")]], "{name}");
    }
    let columns: Vec<String> = (0..1500).map(|number| format!("c{number}")).collect();
    let database = made_by(&format!("create table z({})", columns.join(", "))).await;
    let operations = json!([["drop_column", {"name": "c700"}]]);
    alter(&database, "z", operations).await.unwrap();
    let operations =
        json!([["drop_column", {"name": "c700"}], ["reorder_columns", {"columns": ["c1499"]}]]);
    let altered = alter(&database, "z", operations).await.unwrap();
    assert!(
        altered
            .after
            .starts_with("CREATE TABLE \"z\" (\n   \"c1499\",\n   \"c0\",")
    );
}
