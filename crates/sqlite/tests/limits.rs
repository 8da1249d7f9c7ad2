//! Time limits and cancellation: every kind of statement stops in time, and its lane is free.

#![allow(clippy::unwrap_used)]

mod setting;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use datasette_core::{Fault, FaultKind};
use datasette_sqlite::{Database, Limits, OpenOptions, effort};
use parking_lot::Mutex;
use setting::{file_with, options};

const LIMIT: Duration = Duration::from_millis(100);

/// How long a statement may go on working after its end. What a busy machine does in between is not
/// its work.
const GRACE: Duration = Duration::from_millis(50);

/// Who stops the statement may have to wait for a turn of its own; being in time once proves it.
const TRIES: usize = 25;

/// Statements that would run for seconds to ages, each in its own way.
const TORTURES: [(&str, &str); 15] = [
    (
        "counting up",
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
    ),
    ("cross join", "select count(*) from t a, t b, t c, t d"),
    (
        "sorting",
        "select a.i from t a, t b, t c order by random() limit 1",
    ),
    (
        "grouping",
        "select a.i * b.i * c.i as x, count(*) from t a, t b, t c group by x order by 2 limit 1",
    ),
    (
        "distinct",
        "select count(distinct a.i * b.i * c.i) from t a, t b, t c",
    ),
    (
        "windows",
        "select sum(a.i) over (order by b.i rows between 1000 preceding and 1000 following)
         from t a, t b, t c",
    ),
    (
        "like",
        "select count(*) from t a, t b, t c
         where hex(zeroblob(500 + (a.i + b.i + c.i) % 7)) like '%0%0%0%0%0%0%0%0%1'",
    ),
    (
        "glob",
        "select count(*) from t a, t b, t c
         where hex(zeroblob(500 + (a.i + b.i + c.i) % 7)) glob '*0*0*0*0*0*0*0*[1-9]*0'",
    ),
    (
        "like over long text",
        "select count(*) from t a, t b where hex(zeroblob(50000 + (a.i + b.i) % 7)) like '%0000000000000001%'",
    ),
    (
        "random bytes",
        "select sum(length(randomblob(1000000 + b.i))) from t a, t b",
    ),
    (
        "json",
        "select count(*) from
         json_each('[' || replace(hex(zeroblob(100000)), '0', '1,') || '1]') a,
         json_each('[' || replace(hex(zeroblob(1000)), '0', '1,') || '1]') b",
    ),
    (
        "json tree",
        "select count(*) from t, json_tree('[' || replace(hex(zeroblob(3000)), '0', '[1],') || '1]') a,
         json_tree('[' || replace(hex(zeroblob(3000)), '0', '[1],') || '1]') b",
    ),
    (
"collecting",
        "select length(group_concat(a.i || b.i || c.i)) from t a, t b, t c",
    ),
    (
        "printing",
        "select sum(length(printf('%.*c', 1000000 + b.i, 'x'))) from t a, t b",
    ),
    (
        "search",
        "select count(*) from words a, words b, words c
         where a.words match 'w*' and b.words match 'w* NOT w1*' and c.words match 'w*'",
    ),
];

/// Statements that spend minutes to days inside of one function call, where SQLite cannot stop.
const LOST: [(&str, &str); 3] = [
    (
        "instr",
        "select instr(replace(hex(zeroblob(1000000)), '0', 'a'),
                      replace(hex(zeroblob(500000)), '0', 'a') || 'b')",
    ),
    (
        "glob",
        "select hex(zeroblob(5000000)) glob '*' || hex(zeroblob(1000)) || '1*'",
    ),
    (
        "trim",
        "select length(trim(replace(hex(zeroblob(5000000)), '0', 'a'),
                            replace(hex(zeroblob(5000)), '0', 'b') || 'a'))",
    ),
];

const SCRIPT: &str = "
    create table t (i);
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)
        insert into t select i from n;
    create virtual table words using fts5(w);
    insert into words select 'w' || i || ' w' || (i * 7) || ' w' || (i % 10) from t;";

/// How long the statement took to be refused, and how long its thread worked for it.
async fn endure(database: &Database, sql: &'static str) -> (Duration, Duration, Fault) {
    let begun = Instant::now();
    let worked = Arc::new(Mutex::new(Duration::MAX));
    let told = Arc::clone(&worked);
    let fault = database
        .read(move |reader| {
            let before = effort();
            let ended = reader.batch(sql, &[], &Limits::time(LIMIT));
            *told.lock() = effort() - before;
            Ok(ended?)
        })
        .await
        .expect_err(sql);
    let worked = *worked.lock();
    (begun.elapsed(), worked, fault)
}

async fn is_alive(database: &Database) -> bool {
    database
        .read(|reader| Ok(reader.single("select 1", &[], &Limits::NONE)?))
        .await
        .is_ok_and(|found| found.is_some())
}

#[tokio::test]
async fn every_statement_stops_in_time() {
    let file = file_with(SCRIPT);
    let database = Database::open(options(file.path())).unwrap();
    for (name, sql) in TORTURES {
        let mut best = Duration::MAX;
        for _ in 0..TRIES {
            let (took, worked, fault) = endure(&database, sql).await;
            assert_eq!(fault.title(), Some("SQL Interrupted"), "{name}: {fault}");
            assert_eq!(fault.interrupted_sql(), Some(sql), "{name}");
            assert!(took >= LIMIT, "{name} stopped early, after {took:?}");
            best = best.min(worked);
            if best < LIMIT + GRACE {
                break;
            }
        }
        assert!(best < LIMIT + GRACE, "{name} worked for {best:?}");
    }
    assert!(is_alive(&database).await);
}

#[tokio::test]
async fn a_lane_lost_in_a_function_is_answered_for_and_replaced() {
    let file = file_with(SCRIPT);
    let database = Database::open(OpenOptions {
        lanes: 1,
        ..options(file.path())
    })
    .unwrap();
    // What ends by itself says so; these go on for as long as the test runs.
    let ended = Arc::new(AtomicBool::new(false));
    let lose = async |sql: &'static str| {
        let told = Arc::clone(&ended);
        let job = database.read(move |reader| {
            let result = reader.batch(sql, &[], &Limits::time(LIMIT)).map(drop);
            told.store(true, Ordering::SeqCst);
            Ok(result?)
        });
        job.await.expect_err(sql)
    };
    let fault = lose(LOST[0].1).await;
    assert_eq!(fault.interrupted_sql(), Some(LOST[0].1));
    assert!(is_alive(&database).await);
    // Another lost lane is replaced too; the third stays stuck, and nobody waits for it.
    lose(LOST[1].1).await;
    assert!(is_alive(&database).await);
    lose(LOST[2].1).await;
    let refused = database.read(|_| Ok(())).await.unwrap_err();
    assert_eq!(refused.kind(), FaultKind::Unavailable);
    // Dropping the database does not wait for lost threads either.
    drop(database);
    assert!(!ended.load(Ordering::SeqCst), "a lane was not lost");
}

#[tokio::test]
async fn the_limit_counts_for_each_statement_and_ends_with_it() {
    let file = file_with(SCRIPT);
    let database = Database::open(options(file.path())).unwrap();
    let endless = TORTURES[0].1;
    // Long enough to be struck by what was meant for the one before.
    let longer = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
        select count(*) from n";
    database
        .read(move |reader| {
            for _ in 0..20 {
                let short = Limits::time(Duration::from_millis(2));
                assert!(reader.batch(endless, &[], &short).is_err());
                assert!(reader.single(longer, &[], &Limits::NONE)?.is_some());
                let hour = Limits::time(Duration::from_secs(3600));
                assert!(reader.batch(endless, &[], &short).is_err());
                assert!(reader.single(longer, &[], &hour)?.is_some());
            }
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaving_stops_the_statement_and_frees_the_lane() {
    let file = file_with(SCRIPT);
    let database = Database::open(OpenOptions {
        lanes: 1,
        ..options(file.path())
    })
    .unwrap();
    for (name, sql) in TORTURES {
        let mut best = Duration::MAX;
        for _ in 0..TRIES {
            let worked = Arc::new(Mutex::new(Duration::MAX));
            let told = Arc::clone(&worked);
            let begun = Instant::now();
            let running = database.read(move |reader| {
                let before = effort();
                let ended = reader.batch(sql, &[], &Limits::NONE).map(drop);
                *told.lock() = effort() - before;
                Ok(ended?)
            });
            let left = tokio::time::timeout(Duration::from_millis(30), running).await;
            let left_after = begun.elapsed();
            assert!(left.is_err(), "{name} ended by itself");
            assert!(is_alive(&database).await, "{name}");
            // It cannot have worked for longer than there was somebody to work for.
            best = best.min(worked.lock().saturating_sub(left_after));
            if best < GRACE {
                break;
            }
        }
        assert!(
            best < GRACE,
            "{name} worked for {best:?} when it was not wanted"
        );
    }
}

#[tokio::test]
async fn a_job_nobody_waits_for_never_runs() {
    let file = file_with(SCRIPT);
    let database = Database::open(OpenOptions {
        lanes: 1,
        ..options(file.path())
    })
    .unwrap();
    let ran = Arc::new(AtomicUsize::new(0));
    let (started, has_started) = tokio::sync::oneshot::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();
    let blocking = tokio::spawn({
        let database = database.clone();
        async move {
            database
                .read(move |_| {
                    let _ = started.send(());
                    let _ = released.recv();
                    Ok(())
                })
                .await
        }
    });
    has_started.await.unwrap();
    for _ in 0..10 {
        let ran = Arc::clone(&ran);
        let queued = database.read(move |_| {
            ran.fetch_add(1, Ordering::SeqCst);
            Ok(())
        });
        let left = tokio::time::timeout(Duration::from_millis(1), queued).await;
        assert!(left.is_err());
    }
    drop(release);
    blocking.await.unwrap().unwrap();
    assert!(is_alive(&database).await);
    assert_eq!(ran.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_write_that_takes_too_long_changes_nothing() {
    let file = file_with(SCRIPT);
    let database = Database::open(options(file.path())).unwrap();
    let fault = database
        .write(|writer| {
            writer.execute("delete from t where i = 1", &[])?;
            let sql = "insert into t select a.i from t a, t b, t c";
            Ok(writer.execute_within(sql, &[], &Limits::time(LIMIT))?)
        })
        .await
        .unwrap_err();
    assert_eq!(fault.title(), Some("SQL Interrupted"));
    let count = database
        .write(|writer| Ok(writer.single("select count(*) from t", &[], &Limits::NONE)?))
        .await
        .unwrap();
    assert_eq!(count, Some(datasette_core::Value::Integer(1000)));
}
