//! Writing: transactions, the queue, and databases in memory.

#![allow(clippy::unwrap_used)]

mod setting;

use std::time::Duration;

use datasette_core::{FaultKind, Value};
use datasette_sqlite::{Database, Limits, OpenOptions};
use rusqlite::Connection;
use setting::{file_with, in_memory, options, refusal};

const COUNT: &str = "select count(*) from t";

async fn count(database: &Database) -> i64 {
    let found = database
        .read(|reader| Ok(reader.single(COUNT, &[], &Limits::NONE)?))
        .await
        .unwrap();
    match found {
        Some(Value::Integer(number)) => number,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn success_commits_and_failure_undoes() {
    let file = file_with("create table t (a unique)");
    let database = Database::open(options(file.path())).unwrap();
    let changed = database
        .write(|writer| {
            let one = [("x".to_owned(), Value::Integer(1))];
            let inserted = writer.execute("insert into t values (:x), (:x + 1)", &one)?;
            assert_eq!(writer.last_insert_rowid(), 2);
            let nothing = writer.execute("create table other (a)", &[])?;
            let updated = writer.execute_values("update t set a = a + ?", &[Value::Integer(10)])?;
            let none = writer.execute("delete from t where a = 0", &[])?;
            Ok((inserted, nothing, updated, none))
        })
        .await
        .unwrap();
    assert_eq!(changed, (2, 0, 2, 0));
    let fault = database
        .write(|writer| {
            writer.execute("delete from t", &[])?;
            writer.execute("insert into t values (1)", &[])?;
            Ok(writer.execute("insert into t values (1)", &[])?)
        })
        .await
        .unwrap_err();
    assert_eq!(fault.message(), "UNIQUE constraint failed: t.a");
    assert_eq!(fault.status(), 400);
    assert_eq!(count(&database).await, 2);
}

#[tokio::test]
async fn writes_run_in_order_even_when_nobody_waits() {
    let file = file_with("create table t (a)");
    let database = Database::open(options(file.path())).unwrap();
    for number in 0..20i64 {
        let write = database.write(move |writer| {
            std::thread::sleep(Duration::from_millis(2));
            let values = [Value::Integer(number)];
            Ok(writer.execute_values("insert into t values (?)", &values)?)
        });
        // Long enough to be queued, not long enough to be done.
        let _ = tokio::time::timeout(Duration::from_micros(100), write).await;
    }
    let path = file.path().to_owned();
    drop(database);
    let outside = Connection::open(path).unwrap();
    let order: String = outside
        .query_row(
            "select group_concat(a) from (select a from t order by rowid)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let expected: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    assert_eq!(order, expected.join(","));
}

#[tokio::test]
async fn closing_finishes_the_queue_and_takes_no_more() {
    let file = file_with("create table t (a)");
    let database = Database::open(options(file.path())).unwrap();
    let queued = {
        let database = database.clone();
        tokio::spawn(async move {
            database
                .write(|writer| {
                    std::thread::sleep(Duration::from_millis(20));
                    Ok(writer.execute("insert into t values (1)", &[])?)
                })
                .await
        })
    };
    tokio::task::yield_now().await;
    let closing = database.clone();
    tokio::task::spawn_blocking(move || closing.close())
        .await
        .unwrap();
    assert_eq!(queued.await.unwrap().unwrap(), 1);
    let late = database.read(|_| Ok(())).await.unwrap_err();
    assert_eq!(late.kind(), FaultKind::Unavailable);
    let late = database.write(|_| Ok(())).await.unwrap_err();
    assert_eq!(late.kind(), FaultKind::Unavailable);
}

#[tokio::test]
async fn another_writer_is_waited_for_up_to_a_point() {
    let file = file_with("create table t (a)");
    let database = Database::open(OpenOptions {
        write_wait: Duration::from_millis(50),
        ..options(file.path())
    })
    .unwrap();
    let holder = Connection::open(file.path()).unwrap();
    holder.execute_batch("begin immediate").unwrap();
    let insert = |database: Database| async move {
        database
            .write(|writer| Ok(writer.execute("insert into t values (1)", &[])?))
            .await
    };
    let fault = insert(database.clone()).await.unwrap_err();
    assert_eq!(fault.status(), 503);
    holder.execute_batch("commit").unwrap();
    assert_eq!(insert(database.clone()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_read_only_file_refuses_writes_clearly() {
    let file = file_with("create table t (a)");
    let database = Database::open(options(file.path())).unwrap();
    let message = refusal(
        database
            .write(|writer| {
                writer.execute("pragma query_only = 1", &[])?;
                Ok(writer.execute("insert into t values (1)", &[])?)
            })
            .await,
    );
    assert_eq!(message, "attempt to write a readonly database");
}

#[tokio::test]
async fn returning_reports_some_rows_and_writes_all() {
    let file = file_with("create table t (a)");
    let database = Database::open(options(file.path())).unwrap();
    let outcome = database
        .write(|writer| {
            let sql = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 30)
                insert into t select i from n returning a";
            let (batch, outcome) = writer.batch(sql, &[], &Limits::NONE.rows(10))?;
            assert_eq!(batch.len(), 10);
            Ok(outcome)
        })
        .await
        .unwrap();
    assert!(outcome.truncated);
    assert_eq!(count(&database).await, 30);
}

#[tokio::test]
async fn scripts_may_bring_their_own_transactions() {
    let file = file_with("create table t (a)");
    let database = Database::open(options(file.path())).unwrap();
    database
        .write_without_transaction(|writer| {
            writer.execute_batch("begin; insert into t values (1); commit; vacuum")?;
            writer.execute("pragma journal_mode = wal", &[])?;
            // Left open on purpose: what a job does not commit is undone.
            Ok(writer.execute_batch("begin; insert into t values (2)")?)
        })
        .await
        .unwrap();
    assert_eq!(count(&database).await, 1);
    database
        .write(|writer| Ok(writer.execute("insert into t values (3)", &[])?))
        .await
        .unwrap();
    assert_eq!(count(&database).await, 2);
}

#[tokio::test]
async fn foreign_keys_are_not_enforced_unasked() {
    let file =
        file_with("create table p (id integer primary key); create table t (a references p)");
    let database = Database::open(options(file.path())).unwrap();
    database
        .write(|writer| Ok(writer.execute("insert into t values (99)", &[])?))
        .await
        .unwrap();
    assert_eq!(count(&database).await, 1);
}

// Proves: MEM-04
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_is_one_database_for_all_lanes() {
    let options = OpenOptions {
        read_wait: Duration::from_secs(3600),
        write_wait: Duration::from_secs(3600),
        ..in_memory()
    };
    let database = Database::open(options.clone()).unwrap();
    assert!(database.is_memory() && database.is_mutable());
    assert_eq!(database.path(), None);
    assert_eq!(database.size_bytes(), 0);
    let stamp = database.change_stamp().unwrap();
    database
        .write(|writer| Ok(writer.execute_batch("create table t (a)")?))
        .await
        .unwrap();
    assert_ne!(database.change_stamp(), Some(stamp));
    assert!(database.schema().await.unwrap().tables.contains_key("t"));
    // The same name is the same content.
    let again = Database::open(options).unwrap();
    again
        .write(|writer| Ok(writer.execute("insert into t values (1)", &[])?))
        .await
        .unwrap();
    assert_eq!(count(&database).await, 1);
    let other = Database::open(in_memory()).unwrap();
    assert!(other.schema().await.unwrap().tables.is_empty());
    let fault = database
        .read(|reader| {
            Ok(reader
                .batch("delete from t", &[], &Limits::NONE)
                .map(drop)?)
        })
        .await
        .unwrap_err();
    assert_eq!(fault.message(), "attempt to write a readonly database");
    // Readers and the writer take turns instead of answering "locked".
    let writers = (0..4).map(|_| {
        let database = database.clone();
        tokio::spawn(async move {
            for _ in 0..50 {
                database
                    .write(|writer| Ok(writer.execute("insert into t values (2)", &[])?))
                    .await
                    .unwrap();
            }
        })
    });
    let readers = (0..4).map(|_| {
        let database = database.clone();
        tokio::spawn(async move {
            for _ in 0..50 {
                count(&database).await;
            }
        })
    });
    for task in writers.chain(readers).collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(count(&database).await, 201);
}

#[tokio::test]
async fn immutable_memory_keeps_nothing() {
    let database = Database::open(in_memory().immutable()).unwrap();
    assert!(database.is_memory() && !database.is_mutable());
    let refused = database.write(|_| Ok(())).await.unwrap_err();
    assert_eq!(refused.kind(), FaultKind::Forbidden);
    let fault = database
        .read(|reader| {
            Ok(reader
                .batch("create table t (a)", &[], &Limits::NONE)
                .map(drop)?)
        })
        .await
        .unwrap_err();
    assert_eq!(fault.message(), "attempt to write a readonly database");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_reads_and_writes_at_once_all_arrive() {
    for script in [
        "create table t (a)",
        "pragma journal_mode = wal; create table t (a)",
    ] {
        let file = file_with(script);
        // How long each waits for the locks of the others is for the machine to say.
        let database = Database::open(OpenOptions {
            read_wait: Duration::from_secs(3600),
            write_wait: Duration::from_secs(3600),
            ..options(file.path())
        })
        .unwrap();
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let database = database.clone();
                tokio::spawn(async move {
                    for _ in 0..25 {
                        if number % 2 == 0 {
                            database
                                .write(
                                    |writer| Ok(writer.execute("insert into t values (1)", &[])?),
                                )
                                .await
                                .unwrap();
                        } else {
                            count(&database).await;
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(count(&database).await, 100);
    }
}
