//! Files: opening good, bad, missing and locked ones, and living with what happens to them.

#![allow(clippy::unwrap_used)]

mod setting;

use std::time::Duration;

use datasette_core::{FaultKind, Value};
use datasette_sqlite::{
    Attached, Database, Extension, Limits, Mutability, OpenOptions, Source, effort,
};
use rusqlite::Connection;
use setting::{File, file_of, file_with, from_outside, nowhere, options, refusal};

async fn one(database: &Database, sql: &'static str) -> Result<Option<Value>, String> {
    let result = database
        .read(move |reader| Ok(reader.single(sql, &[], &Limits::NONE)?))
        .await;
    result.map_err(|fault| format!("{} {}", fault.status(), fault.message()))
}

const COUNT: &str = "select count(*) from t";

#[test]
fn what_cannot_be_opened_says_why() {
    let missing = nowhere();
    let directory = nowhere();
    std::fs::create_dir(directory.path()).unwrap();
    let text = file_of(
        b"this is a text of more than a hundred bytes "
            .repeat(9)
            .as_slice(),
    );
    let short = file_of(b"short");
    let cases = [
        (&missing, "no such file"),
        (&directory, "directory"),
        (&text, "file is not a database"),
        (&short, "file is not a database"),
    ];
    for (file, expected) in cases {
        let message = refusal(Database::open(options(file.path())));
        assert!(message.contains(expected), "{message}");
        let immutable = refusal(Database::open(options(file.path()).immutable()));
        assert!(immutable.contains(expected), "{immutable}");
    }
}

// Proves: CLI-61
#[tokio::test]
async fn a_missing_file_is_created_on_request_only() {
    let file = nowhere();
    let create = OpenOptions {
        create: true,
        ..options(file.path())
    };
    let database = Database::open(create.clone()).unwrap();
    assert_eq!(database.size_bytes(), 4096);
    assert!(database.schema().await.unwrap().tables.is_empty());
    drop(database);
    from_outside(file.path(), "create table t (a)");
    let database = Database::open(create).unwrap();
    assert_eq!(one(&database, COUNT).await, Ok(Some(Value::Integer(0))));
}

// Proves: CLI-62
#[tokio::test]
async fn an_empty_file_is_an_empty_database() {
    let file = file_of(b"");
    let database = Database::open(options(file.path())).unwrap();
    assert_eq!(database.size_bytes(), 0);
    assert!(database.schema().await.unwrap().tables.is_empty());
    database
        .write(|writer| Ok(writer.execute("create table t (a)", &[])?))
        .await
        .unwrap();
    assert!(database.schema().await.unwrap().tables.contains_key("t"));
    assert!(database.size_bytes() > 0);
}

#[tokio::test]
async fn odd_names_open_the_file_they_name() {
    let directory = tempfile::tempdir().unwrap();
    for name in [
        "a b.db",
        "50%25.db",
        "q?mode=rw.db",
        "h#sh.db",
        "é.db",
        "x'\"y.db",
    ] {
        let path = directory.path().join(name);
        from_outside(&path, "create table t (a); insert into t values (1)");
        let database = Database::open(options(&path)).unwrap();
        assert_eq!(
            one(&database, COUNT).await,
            Ok(Some(Value::Integer(1))),
            "{name}"
        );
        database
            .write(|writer| Ok(writer.execute("insert into t values (2)", &[])?))
            .await
            .unwrap();
        assert_eq!(
            one(&database, COUNT).await,
            Ok(Some(Value::Integer(2))),
            "{name}"
        );
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 6);
}

// Proves: CLI-67
#[tokio::test]
async fn a_locked_file_opens_and_answers_later() {
    let file = file_with("create table t (a)");
    let holder = Connection::open(file.path()).unwrap();
    holder.execute_batch("begin exclusive").unwrap();
    let database = Database::open(OpenOptions {
        read_wait: Duration::from_millis(50),
        ..options(file.path())
    })
    .unwrap();
    let fault = database
        .read(|reader| Ok(reader.single(COUNT, &[], &Limits::NONE)?))
        .await
        .unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Unavailable);
    assert!(fault.message().contains("locked"), "{fault}");
    assert_eq!(refusal(database.check().await), "database is locked");
    assert_eq!(database.change_stamp(), None);
    // A statement never waits longer than it may take.
    let patient = Database::open(OpenOptions {
        read_wait: Duration::from_secs(3600),
        ..options(file.path())
    })
    .unwrap();
    let limit = Limits::time(Duration::from_millis(20));
    let soon = patient
        .read(move |reader| Ok(reader.single(COUNT, &[], &limit)?))
        .await;
    assert!(soon.is_err());
    let unlocked = Database::open(OpenOptions {
        nolock: true,
        ..options(file.path())
    })
    .unwrap();
    assert_eq!(one(&unlocked, COUNT).await, Ok(Some(Value::Integer(0))));
    holder.execute_batch("commit").unwrap();
    assert_eq!(one(&database, COUNT).await, Ok(Some(Value::Integer(0))));
    assert!(database.check().await.is_ok());
}

#[tokio::test]
async fn a_lock_that_is_let_go_in_time_is_not_noticed() {
    let file = file_with("create table t (a)");
    let database = Database::open(OpenOptions {
        read_wait: Duration::from_secs(3600),
        ..options(file.path())
    })
    .unwrap();
    let holder = Connection::open(file.path()).unwrap();
    holder
        .execute_batch("begin exclusive; insert into t values (1)")
        .unwrap();
    let mut waiting = std::pin::pin!(one(&database, COUNT));
    let early = tokio::time::timeout(Duration::from_millis(50), &mut waiting).await;
    assert!(early.is_err(), "{early:?}");
    holder.execute_batch("commit").unwrap();
    assert_eq!(waiting.await, Ok(Some(Value::Integer(1))));
}

// Proves: IMM-01, IMM-02, IMM-04
#[tokio::test]
async fn an_immutable_file_is_read_without_locks_and_never_written() {
    let file = file_with("create table t (a)");
    let holder = Connection::open(file.path()).unwrap();
    holder.execute_batch("begin exclusive").unwrap();
    let database = Database::open(options(file.path()).immutable()).unwrap();
    assert!(!database.is_mutable());
    assert_eq!(one(&database, COUNT).await, Ok(Some(Value::Integer(0))));
    let stamp = database.change_stamp();
    assert!(stamp.is_some());
    assert_eq!(database.change_stamp(), stamp);
    let size = database.size_bytes();
    assert!(size > 0);
    let fault = database
        .write(|writer| Ok(writer.execute("delete from t", &[])?))
        .await
        .unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Forbidden);
    holder
        .execute_batch("create table u as select hex(zeroblob(9000)); commit")
        .unwrap();
    assert_eq!(database.size_bytes(), size);
}

#[tokio::test]
async fn damage_is_reported_without_a_path() {
    let file = file_with(
        "create table t (a); insert into t select hex(randomblob(2000)) from
         (with recursive n(i) as (select 1 union all select i + 1 from n where i < 50) select i from n)",
    );
    let mut bytes = std::fs::read(file.path()).unwrap();
    for byte in &mut bytes[4096..] {
        *byte = 0x5a;
    }
    std::fs::write(file.path(), bytes).unwrap();
    let database = Database::open(options(file.path())).unwrap();
    let fault = database
        .read(|reader| {
            Ok(reader
                .batch("select * from t", &[], &Limits::NONE)
                .map(drop)?)
        })
        .await
        .unwrap_err();
    assert_eq!(fault.status(), 500);
    assert!(fault.message().contains("damaged"), "{fault}");
    assert!(!fault.message().contains("data.db"));
}

#[cfg(unix)]
#[test]
fn write_ahead_logging_without_its_index_explains_itself() {
    let file = file_with("pragma journal_mode = wal; create table t (a)");
    // As in a directory that cannot be written to, the index of the log cannot be made.
    std::os::unix::fs::symlink("/nonexistent/x", file.directory().join("data.db-shm")).unwrap();
    let message = refusal(Database::open(options(file.path())));
    assert!(message.contains("write-ahead logging"), "{message}");
    assert!(message.contains("immutable"), "{message}");
    assert!(Database::open(options(file.path()).immutable()).is_ok());
}

#[tokio::test]
async fn a_replaced_file_is_followed() {
    let file = file_with("create table t (a)");
    let database = Database::open(options(file.path())).unwrap();
    assert_eq!(one(&database, COUNT).await, Ok(Some(Value::Integer(0))));
    let before = database.schema().await.unwrap();
    let stamp = database.change_stamp();
    let fresh = file.directory().join("fresh.db");
    from_outside(
        &fresh,
        "create table t (a, b); insert into t values (1, 2), (3, 4)",
    );
    std::fs::rename(&fresh, file.path()).unwrap();
    // Somebody looks now and then.
    while database.change_stamp() == stamp {
        std::thread::yield_now();
    }
    assert_eq!(one(&database, COUNT).await, Ok(Some(Value::Integer(2))));
    let after = database.schema().await.unwrap();
    assert_eq!(before.tables["t"].columns.len(), 1);
    assert_eq!(after.tables["t"].columns.len(), 2);
    database
        .write(|writer| Ok(writer.execute("delete from t where a = 1", &[])?))
        .await
        .unwrap();
    let outside = Connection::open(file.path()).unwrap();
    let left: i64 = outside.query_row(COUNT, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 1);
}

#[tokio::test]
async fn the_stamp_moves_with_every_commit_and_only_then() {
    for script in [
        "create table t (a)",
        "pragma journal_mode = wal; create table t (a)",
    ] {
        let file = file_with(script);
        let database = Database::open(options(file.path())).unwrap();
        let first = database.change_stamp().unwrap();
        one(&database, COUNT).await.unwrap();
        assert_eq!(database.change_stamp(), Some(first));
        from_outside(file.path(), "insert into t values (1)");
        let second = database.change_stamp().unwrap();
        assert_ne!(second, first);
        database
            .write(|writer| Ok(writer.execute("insert into t values (2)", &[])?))
            .await
            .unwrap();
        let third = database.change_stamp().unwrap();
        assert_ne!(third, second);
        assert_eq!(database.change_stamp(), Some(third));
    }
}

// Proves: XDB-02, XDB-05
#[tokio::test]
async fn attached_files_are_read_under_their_names() {
    let one_file = file_with("create table t (a); insert into t values (1)");
    let two_file = file_with("create table t (a); insert into t values (2)");
    let attached = |name: &str, path: &std::path::Path, mutability| Attached {
        name: name.to_owned(),
        path: path.to_owned(),
        mutability,
    };
    let database = Database::open(OpenOptions {
        attached: vec![
            attached("one", one_file.path(), Mutability::Mutable),
            attached("many \"space", two_file.path(), Mutability::Immutable),
        ],
        ..setting::in_memory().immutable()
    })
    .unwrap();
    let sum = "select o.a + m.a from one.t o, \"many \"\"space\".t m";
    assert_eq!(one(&database, sum).await, Ok(Some(Value::Integer(3))));
    let refused = one(&database, "with x as (select 1) insert into one.t select 5").await;
    assert_eq!(
        refused,
        Err("400 attempt to write a readonly database".to_owned())
    );
}

#[test]
fn opening_is_less_than_two_milliseconds_of_work() {
    let file = file_with("create table t (a)");
    let best = (0..20)
        .map(|_| {
            let before = effort();
            let database = Database::open(options(file.path())).unwrap();
            let worked = effort() - before;
            drop(database);
            worked
        })
        .min()
        .unwrap();
    assert!(best < Duration::from_millis(2), "{best:?}");
}

#[tokio::test]
async fn a_temporary_file_is_private_and_goes_with_its_database() {
    let database = Database::open(OpenOptions::new(Source::TemporaryFile)).unwrap();
    let path = database.path().unwrap().to_owned();
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(
        name.starts_with("datasette_temp_") && name.ends_with(".db"),
        "{name}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    database
        .write(|writer| Ok(writer.execute("create table t (a)", &[])?))
        .await
        .unwrap();
    assert_eq!(one(&database, COUNT).await, Ok(Some(Value::Integer(0))));
    assert_eq!(
        one(&database, "pragma journal_mode").await,
        Ok(Some(Value::from("wal")))
    );
    drop(database);
    for suffix in ["", "-wal", "-shm"] {
        let mut companion = path.clone().into_os_string();
        companion.push(suffix);
        assert!(!std::path::Path::new(&companion).exists(), "{suffix}");
    }
}

#[test]
fn an_extension_that_is_not_there_stops_the_opening() {
    let file = file_with("create table t (a)");
    let message = refusal(Database::open(OpenOptions {
        extensions: vec![Extension {
            path: "/nowhere/extension".into(),
            entry_point: None,
        }],
        ..options(file.path())
    }));
    assert!(message.contains("/nowhere/extension"), "{message}");
}

/// A file as a program leaves it that was killed while it wrote: its journal is still to be undone.
fn broken_off() -> File {
    let file = file_with("create table t (a); insert into t values (1)");
    let other = nowhere();
    let writing = Connection::open(file.path()).unwrap();
    // More than fits into its cache, so that a part of it is in the file.
    let much = "pragma cache_size = 5; begin immediate; insert into t select zeroblob(3000) \
         from (with recursive n(i) as (select 1 union all select i + 1 from n where i < 50) \
         select i from n)";
    writing.execute_batch(much).unwrap();
    let journal = |file: &File| file.path().with_extension("db-journal");
    std::fs::copy(file.path(), other.path()).unwrap();
    std::fs::copy(journal(&file), journal(&other)).unwrap();
    other
}

#[tokio::test]
async fn what_a_killed_program_left_is_undone_at_the_start() {
    let file = broken_off();
    let database = Database::open(options(file.path())).unwrap();
    assert_eq!(one(&database, COUNT).await, Ok(Some(Value::Integer(1))));
    assert!(!file.path().with_extension("db-journal").exists());
}
