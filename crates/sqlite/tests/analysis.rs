//! Analysis: what a statement would touch, known before it runs.

#![allow(clippy::unwrap_used)]

mod setting;

use datasette_sqlite::Database;
use datasette_sqlite::analyse::{Access, AccessedKind};
use setting::{file_with, from_outside, options, refusal};

const SCRIPT: &str = "
    create table t (a, b);
    create table log (what);
    create view v as select a from t where b > 1;
    create view w as select * from v;
    create index i on t (a);
    create trigger g after insert on t begin insert into log values (new.a); end;
    create virtual table f using fts5 (x);
    insert into t values (1, 2);";

/// `operation kind [table or name] (columns) <source`, one line per access that is not internal.
fn lines(accesses: &[Access]) -> Vec<String> {
    accesses
        .iter()
        .filter(|access| !access.internal)
        .map(|access| {
            let target = access.table.as_ref().or(access.name.as_ref());
            let mut line = format!("{} {}", access.operation.name(), access.target.name());
            if let Some(target) = target {
                line.push_str(&format!(" {target}"));
            }
            if !access.columns.is_empty() {
                line.push_str(&format!(" ({})", access.columns.join(",")));
            }
            if let Some(source) = &access.source {
                line.push_str(&format!(" <{source}"));
            }
            line
        })
        .collect()
}

#[tokio::test]
async fn every_access_of_a_statement_is_found() {
    let file = file_with(SCRIPT);
    let database = Database::open(options(file.path())).unwrap();
    let cases: [(&str, &[&str]); 24] = [
        (
            "select A from T where B = 1",
            &["select statement", "read table t (a,b)"],
        ),
        (
            "select count(*) from t",
            &[
                "select statement",
                "function function count",
                "read table t",
            ],
        ),
        (
            "select * from w",
            &[
                "select statement",
                "read table t (a,b) <v",
                "read table v (a) <w",
                "read table w (a)",
                "select statement <w",
                "select statement <v",
            ],
        ),
        (
            "insert into t values (1, 2)",
            &[
                "insert table t",
                "insert table log <g",
                "read table t (a) <g",
            ],
        ),
        (
            "update t set b = (select max(what) from log) where a = 1",
            &[
                "function function max",
                "read table log (what)",
                "update table t (b)",
                "read table t (a)",
                "select statement",
            ],
        ),
        ("delete from t", &["delete table t"]),
        ("create table n (a)", &["create table n"]),
        (
            "create table n as select b from t",
            &["create table n", "read table t (b)", "select statement"],
        ),
        (
            "create index n on t (b)",
            &["create index t", "read table t (b)"],
        ),
        (
            "create view n as select b from t",
            &["create view n", "read table t (b) <n"],
        ),
        (
            "create view n as select * from v",
            &[
                "create view n",
                "read table t (a,b) <v",
                "read table v (a) <n",
            ],
        ),
        (
            "create virtual table n using fts5(x)",
            &["create virtual-table n"],
        ),
        (
            "create trigger n after delete on t begin select 1; end",
            &["create trigger t"],
        ),
        ("drop table log", &["drop table log"]),
        ("drop view v", &["drop view v"]),
        ("drop index i", &["drop index t"]),
        ("alter table t add column c", &["alter table t"]),
        ("begin", &["begin transaction BEGIN"]),
        ("commit", &["commit transaction COMMIT"]),
        ("savepoint s", &["savepoint transaction BEGIN s"]),
        ("attach 'x.db' as x", &["attach database x.db"]),
        ("pragma journal_mode = off", &["pragma pragma journal_mode"]),
        ("vacuum", &["vacuum database main"]),
        ("reindex i", &["reindex index i"]),
    ];
    for (sql, expected) in cases {
        let accesses = database
            .write(move |writer| Ok(writer.analyse(sql, &[])?))
            .await
            .unwrap_or_else(|fault| panic!("{sql}: {fault}"));
        assert_eq!(lines(&accesses), expected, "{sql}");
    }
}

#[tokio::test]
async fn reading_is_analysed_on_a_read_lane_too() {
    let file = file_with(SCRIPT);
    let database = Database::open(options(file.path())).unwrap();
    let found = database
        .read(|reader| Ok(reader.analyse("select \"a\" from [T] join main.log on what = a", &[])?))
        .await
        .unwrap();
    assert_eq!(
        lines(&found),
        [
            "select statement",
            "read table t (a)",
            "read table log (what)"
        ]
    );
    assert!(
        found
            .iter()
            .all(|access| access.operation.name() == "select"
                || access.database.as_deref() == Some("main"))
    );
}

#[tokio::test]
async fn what_does_not_compile_is_refused_in_sqlites_words() {
    let file = file_with(SCRIPT);
    let database = Database::open(options(file.path())).unwrap();
    let cases = [
        ("delete from gone", "no such table: gone"),
        (
            "insert into t (nope) values (1)",
            "table t has no column named nope",
        ),
        ("explain delete from t", "near \"explain\": syntax error"),
        (
            "delete from t; delete from log",
            "You can only execute one statement at a time.",
        ),
        (
            "pragma query_only = 1; select",
            "You can only execute one statement at a time.",
        ),
        (
            "delete from t;;",
            "You can only execute one statement at a time.",
        ),
        ("delete from t where (", "incomplete input"),
        ("", "incomplete input"),
        ("-- nothing", "incomplete input"),
        (
            "delete from t where a = '\0'",
            "the query contains a null character",
        ),
        (
            "delete from t where a = :b",
            "You did not supply a value for binding parameter :b.",
        ),
        (
            "delete from t where a = ?",
            "Binding 1 has no name, but you supplied a dictionary (which has only names).",
        ),
    ];
    for (sql, expected) in cases {
        let result = database
            .write(move |writer| Ok(writer.analyse(sql, &[])?))
            .await;
        assert_eq!(refusal(result), expected, "{sql}");
    }
}

/// Whichever table a connection meets first, and however its module looks around then.
#[tokio::test]
async fn views_on_virtual_tables_read_those_tables() {
    let file = file_with(
        "create virtual table five using fts5 (x);
         create virtual table four using fts4 (x);
         create virtual table boxes using rtree (id, low, high);",
    );
    for table in ["five", "four", "boxes"] {
        for sql in [
            format!("create view n as select * from {table}"),
            format!("create table n as select * from {table}"),
        ] {
            let database = Database::open(options(file.path())).unwrap();
            let found = database
                .write(move |writer| Ok(writer.analyse(&sql, &[])?))
                .await
                .unwrap();
            let reads: Vec<&Access> = found
                .iter()
                .filter(|access| !access.internal && access.operation.name() == "read")
                .collect();
            assert_eq!(reads.len(), 1, "{found:?}");
            assert_eq!(reads[0].table.as_deref(), Some(table));
            assert_eq!(reads[0].kind, Some(AccessedKind::Virtual));
        }
    }
}

#[tokio::test]
async fn accesses_know_what_their_tables_are() {
    let file = file_with(SCRIPT);
    let database = Database::open(options(file.path())).unwrap();
    let cases = [
        (
            "insert into t values (1, 2)",
            "t",
            Some(AccessedKind::Table),
        ),
        (
            "insert into f values ('x')",
            "f",
            Some(AccessedKind::Virtual),
        ),
        ("delete from f_data", "f_data", Some(AccessedKind::Shadow)),
        (
            "insert into t (a) select a from v",
            "v",
            Some(AccessedKind::View),
        ),
        (
            "insert into t (a) select value from json_each('[]')",
            "json_each",
            None,
        ),
        (
            "create temp table n as select * from t",
            "t",
            Some(AccessedKind::Table),
        ),
    ];
    for (sql, table, kind) in cases {
        let found = database
            .write(move |writer| Ok(writer.analyse(sql, &[])?))
            .await
            .unwrap_or_else(|fault| panic!("{sql}: {fault}"));
        let access = found.iter().find(|access| {
            access.operation.is_row_access() && access.table.as_deref() == Some(table)
        });
        assert_eq!(
            access.map(|access| access.kind),
            Some(kind),
            "{sql}: {found:?}"
        );
    }
}

/// Compiling alone does not notice that somebody else has changed the schema; a statement that is
/// looked at by an old one does something else when it runs.
#[tokio::test]
async fn changes_by_others_are_noticed() {
    let file = file_with("create table t (a); create table log (a);");
    let database = Database::open(options(file.path())).unwrap();
    let sql = "insert into t values (1)";
    let both = || async {
        let read = database.read(|reader| Ok(reader.analyse(sql, &[])?));
        let write = database.write(|writer| Ok(writer.analyse(sql, &[])?));
        [lines(&read.await.unwrap()), lines(&write.await.unwrap())]
    };
    for found in both().await {
        assert_eq!(found, ["insert table t"]);
    }
    from_outside(
        file.path(),
        "create trigger g after insert on t begin insert into log values (1); end",
    );
    for found in both().await {
        assert_eq!(found, ["insert table t", "insert table log <g"]);
    }
    from_outside(file.path(), "drop table t");
    let read = database.read(|reader| Ok(reader.analyse(sql, &[])?)).await;
    assert_eq!(refusal(read), "no such table: t");
}

#[tokio::test]
async fn analysing_changes_nothing() {
    let file = file_with(SCRIPT);
    let database = Database::open(options(file.path())).unwrap();
    let statements = [
        "delete from t",
        "drop table t",
        "create view n as select * from t",
        "pragma user_version = 7",
        "pragma query_only = 1",
        "query plan pragma query_only = 1",
        "attach ':memory:' as other",
    ];
    for sql in statements {
        database
            .write(move |writer| Ok(writer.analyse(sql, &[])?))
            .await
            .unwrap();
    }
    database
        .write(|writer| Ok(writer.execute("insert into t values (3, 4)", &[])?))
        .await
        .unwrap();
    from_outside(
        file.path(),
        "create table proof as select count(*) as c from t;
         create view n as select (select user_version from pragma_user_version) as u;
         select 1 / (c = 2) from proof",
    );
    let rows = database
        .read(|reader| {
            let (batch, _) = reader.batch(
                "select (select count(*) from t), (select c from proof), u from n",
                &[],
                &datasette_sqlite::Limits::NONE,
            )?;
            Ok(batch.at(0).to_values())
        })
        .await
        .unwrap();
    use datasette_core::Value::Integer;
    assert_eq!(rows, [Integer(2), Integer(2), Integer(0)]);
}
