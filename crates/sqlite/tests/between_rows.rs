//! A limit from row to row does not count the time that the reader of an export takes.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::mpsc;
use std::time::Duration;

use datasette_core::{Row, RowSink, SinkClosed};
use datasette_sqlite::{Database, Limits, OpenOptions, Source, SqlError};

/// Waits for a permission before it takes each row.
struct Slow {
    permissions: mpsc::Receiver<()>,
    rows: usize,
}

impl RowSink for Slow {
    fn columns(&mut self, _names: &[String]) {}

    fn row(&mut self, _row: &dyn Row) -> Result<(), SinkClosed> {
        self.permissions.recv().map_err(|_| SinkClosed)?;
        self.rows += 1;
        Ok(())
    }
}

fn memory(name: &str) -> Database {
    Database::open(OpenOptions::new(Source::Memory {
        name: name.to_owned(),
    }))
    .unwrap()
}

// Proves: CSV-12
#[tokio::test]
async fn a_slow_reader_is_waited_for() {
    let database = memory("slow");
    let limit = Duration::from_millis(30);
    let (permit, permissions) = mpsc::channel();
    // Each permission comes later than the limit.
    let giver = std::thread::spawn(move || {
        let (_never, wait) = mpsc::channel::<()>();
        for _ in 0..3 {
            let _ = wait.recv_timeout(limit * 2);
            permit.send(()).unwrap();
        }
    });
    let rows = database
        .read(move |reader| {
            let mut sink = Slow {
                permissions,
                rows: 0,
            };
            let sql = "select value from json_each('[1,2,3]')";
            reader.query(sql, &[], &Limits::between_rows(limit), &mut sink)?;
            Ok(sink.rows)
        })
        .await
        .unwrap();
    giver.join().unwrap();
    assert_eq!(rows, 3);
}

#[tokio::test]
async fn a_statement_that_gives_no_rows_ends() {
    let database = memory("endless");
    let ended = database
        .read(|reader| {
            let sql = "with recursive n(i) as (select 1 union all select i + 1 from n) \
                       select i from n where i < 0";
            let limits = Limits::between_rows(Duration::from_millis(30));
            Ok(reader.batch(sql, &[], &limits).map(|_| ()))
        })
        .await
        .unwrap();
    assert!(matches!(ended, Err(SqlError::Interrupted { .. })));
}
