//! Writes that share a transaction are none the wiser.

#![allow(clippy::unwrap_used)]

mod setting;

use std::path::Path;
use std::sync::mpsc;
use std::time::Instant;

use datasette_core::{Fault, Value};
use datasette_sqlite::{Database, OpenOptions, Writer};
use futures_util::future::join_all;
use proptest::prelude::*;
use rusqlite::Connection;
use setting::{file_with, options};

const SCHEMA: &str = "
    create table t (a integer unique);
    create trigger all_or_nothing before insert on t when new.a = 13
        begin select raise(rollback, 'thirteen'); end;
    create trigger nobody before insert on t when new.a = 14
        begin select raise(fail, 'fourteen'); end;";

/// What one write does.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Insert(i64),
    /// Inserts, then fails by itself.
    InsertAndRefuse(i64),
    InsertTwo(i64, i64),
    InsertAndPanic(i64),
}

fn perform(writer: &mut Writer<'_>, deed: Deed) -> Result<i64, Fault> {
    let mut insert = |number: i64| {
        let inserted = writer.execute_values("insert into t values (?)", &[Value::Integer(number)]);
        inserted.map(|_| number).map_err(Fault::from)
    };
    match deed {
        Deed::Insert(number) => insert(number),
        Deed::InsertTwo(one, other) => insert(one).and_then(|_| insert(other)),
        Deed::InsertAndRefuse(number) => {
            insert(number)?;
            Err(Fault::bad_request("refused"))
        }
        Deed::InsertAndPanic(number) => {
            insert(number)?;
            panic!("a job that breaks");
        }
    }
}

type Told = Result<i64, (u16, String)>;

fn told(result: Result<i64, Fault>) -> Told {
    result.map_err(|fault| (fault.status(), fault.message()))
}

/// Queues all of them while the lane is busy, so that they meet.
async fn together(database: &Database, deeds: &[Deed]) -> Vec<Told> {
    let (go, wait) = mpsc::channel::<()>();
    let blocking = database.write_without_transaction(move |_| {
        let _ = wait.recv();
        Ok(())
    });
    let writes = deeds.iter().map(|deed| {
        let deed = *deed;
        database.write_together(move |writer| perform(writer, deed))
    });
    let all = async {
        let writes = join_all(writes);
        tokio::pin!(writes);
        // One poll queues them.
        tokio::select! {
            biased;
            _ = &mut writes => unreachable!("the lane is busy"),
            () = std::future::ready(()) => {}
        }
        go.send(()).unwrap();
        writes.await
    };
    let (blocked, results) = tokio::join!(blocking, all);
    blocked.unwrap();
    results.into_iter().map(told).collect()
}

fn numbers(path: &Path) -> Vec<i64> {
    let outside = Connection::open(path).unwrap();
    let mut statement = outside.prepare("select a from t order by rowid").unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// How often anything was committed to the file.
fn commits(path: &Path) -> u32 {
    let bytes = std::fs::read(path).unwrap();
    u32::from_be_bytes(bytes[24..28].try_into().unwrap())
}

#[tokio::test]
async fn those_that_wait_go_with_one_commit() {
    let file = file_with("create table t (a integer unique)");
    let database = Database::open(options(file.path())).unwrap();
    let before = commits(file.path());
    let deeds: Vec<Deed> = (0..40).map(Deed::Insert).collect();
    let begun = Instant::now();
    let results = together(&database, &deeds).await;
    let took = begun.elapsed();
    assert!(results.iter().all(Result::is_ok));
    // A transaction takes no more of them after 20 ms, which on a busy machine may pass.
    let most = 1 + took.as_millis() / 20;
    let made = u128::from(commits(file.path()) - before);
    assert!((1..=most).contains(&made), "{made} in {took:?}");
    assert_eq!(numbers(file.path()), (0..40).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_commit_that_fails_fails_all_of_them() {
    let file = file_with("create table t (a integer unique)");
    let database = Database::open(OpenOptions {
        write_wait: std::time::Duration::from_millis(30),
        ..options(file.path())
    });
    let database = database.unwrap();
    // Another process reads: with a rollback journal nobody can commit meanwhile.
    let outside = Connection::open(file.path()).unwrap();
    outside.execute_batch("begin; select * from t;").unwrap();
    let results = together(
        &database,
        &[Deed::Insert(1), Deed::Insert(1), Deed::Insert(2)],
    )
    .await;
    for result in results {
        assert_eq!(result.unwrap_err().0, 503);
    }
    outside.execute_batch("commit").unwrap();
    assert_eq!(numbers(file.path()), Vec::<i64>::new());
    let results = together(&database, &[Deed::Insert(1), Deed::Insert(2)]).await;
    assert_eq!(results, [Ok(1), Ok(2)]);
}

#[tokio::test]
async fn one_that_breaks_takes_nobody_along() {
    let file = file_with(SCHEMA);
    let database = Database::open(options(file.path())).unwrap();
    let deeds = [
        Deed::Insert(1),
        Deed::InsertAndPanic(2),
        Deed::Insert(1),
        Deed::Insert(13),
        Deed::InsertTwo(3, 14),
        Deed::Insert(4),
    ];
    let results = together(&database, &deeds).await;
    let statuses: Vec<u16> = results
        .iter()
        .map(|result| result.as_ref().map_or_else(|error| error.0, |_| 200))
        .collect();
    assert_eq!(statuses, [200, 500, 400, 400, 400, 200]);
    assert_eq!(numbers(file.path()), [1, 4]);
}

fn deed() -> impl Strategy<Value = Deed> {
    let number = 0..16_i64;
    prop_oneof![
        5 => number.clone().prop_map(Deed::Insert),
        1 => number.clone().prop_map(Deed::InsertAndRefuse),
        1 => (number.clone(), 0..16_i64).prop_map(|(one, other)| Deed::InsertTwo(one, other)),
        1 => number.prop_map(Deed::InsertAndPanic),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// One by one, each in a transaction of its own, is the model.
    #[test]
    fn sharing_changes_nothing(deeds in proptest::collection::vec(deed(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (shared, single) = (file_with(SCHEMA), file_with(SCHEMA));
            let database = Database::open(options(shared.path())).unwrap();
            let results = together(&database, &deeds).await;
            let database = Database::open(options(single.path())).unwrap();
            let mut expected = Vec::new();
            for deed in deeds.iter().copied() {
                expected.push(told(database.write(move |writer| perform(writer, deed)).await));
            }
            prop_assert_eq!(results, expected);
            prop_assert_eq!(numbers(shared.path()), numbers(single.path()));
            Ok(())
        })?;
    }
}
