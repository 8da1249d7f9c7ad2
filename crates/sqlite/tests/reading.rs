//! Reading: what statements give back and how they are refused.

#![allow(clippy::unwrap_used)]

mod setting;

use datasette_core::{Fault, FaultKind, Row, RowSink, SinkClosed, Value, ValueRef};
use datasette_sqlite::{Database, Limits, Outcome, SqlError};
use setting::{file_with, options, refusal};

async fn message(database: &Database, sql: &str, params: &[(&str, &str)]) -> String {
    let sql = sql.to_owned();
    let params: Vec<(String, Value)> = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
        .collect();
    let result = database
        .read(move |reader| Ok(reader.batch(&sql, &params, &Limits::NONE)?))
        .await;
    if let Err(fault) = &result {
        assert_eq!(fault.status(), 400, "{fault}");
    }
    refusal(result)
}

// Proves: QUERY-10, QUERY-11, QUERY-12, QUERY-15, QUERY-16, DIF-06
#[tokio::test]
async fn refusals_read_as_clients_know_them() {
    let file = file_with("create table t (a); insert into t values (1)");
    let database = Database::open(options(file.path())).unwrap();
    let cases: [(&str, &str); 23] = [
        ("select x from t", "no such column: x"),
        ("select * from missing", "no such table: missing"),
        ("select 1 from ( ", "incomplete input"),
        ("select frm x y", "near \"y\": syntax error"),
        (
            "select :_x",
            "You did not supply a value for binding parameter :_x.",
        ),
        (
            "select @x",
            "You did not supply a value for binding parameter :x.",
        ),
        (
            "select $x",
            "You did not supply a value for binding parameter :x.",
        ),
        (
            "select ?",
            "Binding 1 has no name, but you supplied a dictionary (which has only names).",
        ),
        (
            "select 1; select 2",
            "You can only execute one statement at a time.",
        ),
        (
            "select 1; nonsense(",
            "You can only execute one statement at a time.",
        ),
        (
            "with x as (select 1) insert into t select 2",
            "attempt to write a readonly database",
        ),
        ("delete from t", "attempt to write a readonly database"),
        ("create table u (a)", "attempt to write a readonly database"),
        ("select load_extension('x')", "not authorized"),
        ("attach ':memory:' as other", "not authorized"),
        ("pragma query_only = 0", "not authorized"),
        ("create temp table x (a)", "not authorized"),
        ("begin", "not authorized"),
        ("/* lane */ begin", "not authorized"),
        (" /* lane */ commit", "not authorized"),
        ("detach main", "not authorized"),
        ("vacuum", "cannot VACUUM from within a transaction"),
        ("select 1\0 + 1", "the query contains a null character"),
    ];
    for (sql, expected) in cases {
        assert_eq!(message(&database, sql, &[]).await, expected, "{sql}");
    }
}

#[tokio::test]
async fn statements_give_their_rows() {
    let file = file_with("create table t (a)");
    let database = Database::open(options(file.path())).unwrap();
    let cases: [(&str, Value); 12] = [
        ("select 1;", Value::Integer(1)),
        ("select 1; -- done", Value::Integer(1)),
        ("select :a || $b || @c", Value::from("xyz")),
        (
            "select 12345678901234567",
            Value::Integer(12_345_678_901_234_567),
        ),
        ("select 1.5", Value::Real(1.5)),
        ("select x'00ff'", Value::Blob(vec![0, 255])),
        ("select \"no such name\"", Value::from("no such name")),
        ("select escape_fts('a \"b c')", Value::from("\"a\" \"b c\"")),
        ("pragma user_version", Value::Integer(0)),
        ("select (1.0 / 3) || ''", Value::from("0.333333333333333")),
        ("select 1e16 || ''", Value::from("1.0e+16")),
        ("select x'61' like 'a'", Value::Integer(0)),
    ];
    for (sql, expected) in cases {
        let params: Vec<(String, Value)> = [("a", "x"), ("b", "y"), ("c", "z"), ("unused", "")]
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
            .collect();
        let found = database
            .read(move |reader| Ok(reader.single(sql, &params, &Limits::NONE)?))
            .await
            .unwrap();
        assert_eq!(found, Some(expected), "{sql}");
    }
}

#[tokio::test]
async fn pragma_functions_answer_on_a_read_lane() {
    let file = file_with(
        "create table t (a references t); create index i on t (a);
         create virtual table f using fts5 (x, content='');
         create virtual table g using fts4 (x);
         create virtual table r using rtree (id, a, b);
         insert into g values ('one two');
         create view hits as select snippet(g) as s from g where g match 'two';",
    );
    let database = Database::open(options(file.path())).unwrap();
    let sources = [
        "pragma_database_list()",
        "pragma_foreign_key_list('t')",
        "pragma_function_list()",
        "pragma_index_info('i')",
        "pragma_index_list('t')",
        "pragma_index_xinfo('i')",
        "pragma_page_count()",
        "pragma_max_page_count()",
        "pragma_page_size()",
        "pragma_schema_version()",
        "pragma_table_info('t')",
        "pragma_table_xinfo('t')",
        "pragma_table_list()",
        "hits",
        "json_each('[1]')",
        "dbstat",
    ];
    for source in sources {
        let sql = format!("select * from {source}");
        let found = database
            .read(move |reader| Ok(reader.single(&sql, &[], &Limits::NONE)?))
            .await
            .unwrap_or_else(|fault| panic!("{source}: {fault}"));
        assert!(found.is_some(), "{source}");
    }
    for sql in [
        "select * from f where f match 'x'",
        "select * from r where a < 1",
    ] {
        let found = database
            .read(move |reader| Ok(reader.single(sql, &[], &Limits::NONE)?))
            .await;
        assert_eq!(found.unwrap(), None, "{sql}");
    }
}

struct Witness {
    columns: Vec<String>,
    first: Vec<u8>,
    rows: usize,
    stop_after: usize,
}

impl RowSink for Witness {
    fn columns(&mut self, names: &[String]) {
        self.columns = names.to_vec();
    }

    fn row(&mut self, row: &dyn Row) -> Result<(), SinkClosed> {
        if self.rows == 0
            && let ValueRef::Text(bytes) = row.value(0)
        {
            self.first = bytes.to_vec();
        }
        self.rows += 1;
        if self.rows == self.stop_after {
            return Err(SinkClosed);
        }
        Ok(())
    }
}

fn witness(stop_after: usize) -> Witness {
    Witness {
        columns: Vec::new(),
        first: Vec::new(),
        rows: 0,
        stop_after,
    }
}

#[tokio::test]
async fn rows_flow_into_the_sink() {
    let file = file_with("create table t (a, b)");
    let database = Database::open(options(file.path())).unwrap();
    let (empty, bad, cut, whole, blank) = database
        .read(|reader| {
            let none = Limits::NONE;
            let mut empty = witness(0);
            reader.query("select a, b as c from t", &[], &none, &mut empty)?;
            let mut bad = witness(0);
            reader.query("select cast(x'61ff' as text)", &[], &none, &mut bad)?;
            let ten = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10)
                select i from n";
            let cut = reader.query(ten, &[], &none.rows(9), &mut witness(0))?;
            let whole = reader.query(ten, &[], &none.rows(10), &mut witness(0))?;
            let mut blank = witness(0);
            let nothing = reader.query("-- nothing", &[], &none, &mut blank)?;
            assert_eq!(nothing, Outcome::default());
            let closed = reader.query(ten, &[], &none, &mut witness(3));
            assert_eq!(closed, Err(SqlError::SinkClosed));
            Ok((empty, bad, cut, whole, blank))
        })
        .await
        .unwrap();
    assert_eq!(empty.columns, ["a", "c"]);
    assert_eq!(bad.first, b"a\xff");
    let outcome = |rows, truncated| Outcome { rows, truncated };
    assert_eq!(cut, outcome(9, true));
    assert_eq!(whole, outcome(10, false));
    assert!(blank.columns.is_empty());
}

#[tokio::test]
async fn one_job_sees_one_snapshot() {
    let file = file_with("pragma journal_mode = wal; create table t (a)");
    let database = Database::open(options(file.path())).unwrap();
    let path = file.path().to_owned();
    let count = "select count(*) from t";
    let (before, during) = database
        .read(move |reader| {
            let before = reader.single(count, &[], &Limits::NONE)?;
            setting::from_outside(&path, "insert into t values (1)");
            Ok((before, reader.single(count, &[], &Limits::NONE)?))
        })
        .await
        .unwrap();
    assert_eq!(before, Some(Value::Integer(0)));
    assert_eq!(during, Some(Value::Integer(0)));
    let after = database
        .read(move |reader| Ok(reader.single(count, &[], &Limits::NONE)?))
        .await
        .unwrap();
    assert_eq!(after, Some(Value::Integer(1)));
}

#[tokio::test]
async fn columns_follow_a_schema_changed_under_a_cached_statement() {
    let file = file_with("create table t (a)");
    let database = Database::open(options(file.path())).unwrap();
    for expected in [vec!["a"], vec!["a", "b"]] {
        let columns = database
            .read(|reader| {
                let (batch, _) = reader.batch("select * from t", &[], &Limits::NONE)?;
                Ok(batch.column_names().to_vec())
            })
            .await
            .unwrap();
        assert_eq!(columns, expected);
        if expected.len() == 1 {
            setting::from_outside(
                file.path(),
                "alter table t add column b; insert into t values (1, 2)",
            );
        }
    }
}

#[tokio::test]
async fn a_panic_costs_one_answer_and_no_lane() {
    let file = file_with("create table t (a)");
    let database = Database::open(options(file.path())).unwrap();
    let fault = database
        .read::<()>(|_| panic!("deliberate"))
        .await
        .unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Internal);
    assert!(!fault.message().contains("deliberate"));
    assert!(fault.cause().unwrap().to_string().contains("deliberate"));
    let alive = database
        .read(|reader| Ok(reader.single("select 1", &[], &Limits::NONE)?))
        .await;
    assert_eq!(alive.unwrap(), Some(Value::Integer(1)));
    let fault = database.write::<()>(|_| panic!("deliberate")).await;
    assert_eq!(fault.unwrap_err().kind(), FaultKind::Internal);
    database
        .write(|writer| Ok(writer.execute("insert into t values (1)", &[])?))
        .await
        .unwrap();
}

#[test]
fn every_error_becomes_a_fault_that_names_no_path() {
    let cases = [
        (SqlError::Busy, 503),
        (SqlError::Cancelled, 503),
        (
            SqlError::Interrupted {
                sql: "select 1".to_owned(),
            },
            400,
        ),
        (
            SqlError::Corrupt {
                message: "malformed /secret".to_owned(),
            },
            500,
        ),
        (
            SqlError::Unreachable {
                message: "unable to open /secret".to_owned(),
                code: 14,
            },
            503,
        ),
    ];
    for (error, status) in cases {
        let fault = Fault::from(error.clone());
        assert_eq!(fault.status(), status, "{error:?}");
        assert!(!fault.message().contains("secret"), "{error:?}");
    }
}
