//! Analysis: what a statement would touch, known before it runs.

#![allow(clippy::unwrap_used)]

mod setting;

use datasette_sqlite::Database;
use datasette_sqlite::analyse::Access;
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
        ("savepoint s", &["savepoint transaction s"]),
        ("attach 'x.db' as x", &["attach database x.db"]),
        ("pragma journal_mode = off", &["pragma pragma journal_mode"]),
        ("vacuum", &["vacuum database main"]),
        ("reindex i", &["reindex index i"]),
    ];
    for (sql, expected) in cases {
        let accesses = database
            .write(move |writer| Ok(writer.analyse(sql)?))
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
        .read(|reader| Ok(reader.analyse("select \"a\" from [T] join main.log on what = a")?))
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
        ("delete from t where (", "incomplete input"),
    ];
    for (sql, expected) in cases {
        let result = database.write(move |writer| Ok(writer.analyse(sql)?)).await;
        assert_eq!(refusal(result), expected, "{sql}");
    }
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
        "attach ':memory:' as other",
    ];
    for sql in statements {
        database
            .write(move |writer| Ok(writer.analyse(sql)?))
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
