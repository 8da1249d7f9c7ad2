//! A limit from row to row does not count the time that the reader of an export takes.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::mpsc;
use std::time::Duration;

use datasette_core::{Row, RowSink, SinkClosed};
use datasette_sqlite::{Database, Limits, OpenOptions, Source, SqlError};

/// Takes its time before it takes each row.
struct Slow {
    time: Duration,
    rows: usize,
}

impl RowSink for Slow {
    fn columns(&mut self, _names: &[String]) {}

    fn row(&mut self, _row: &dyn Row) -> Result<(), SinkClosed> {
        let (_never, wait) = mpsc::channel::<()>();
        let _ = wait.recv_timeout(self.time);
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
    let read = async |limit: Duration| {
        let job = database.read(move |reader| {
            let mut sink = Slow {
                time: limit * 2,
                rows: 0,
            };
            let sql = "select value from json_each('[1,2,3]')";
            let limits = Limits::between_rows(limit);
            Ok(reader
                .query(sql, &[], &limits, &mut sink)
                .map(|_| sink.rows))
        });
        job.await.unwrap()
    };
    // A busy machine may keep SQLite from giving a row in time. The reader takes twice any limit.
    let mut limits = [30, 300, 3_000].map(Duration::from_millis).into_iter();
    let rows = loop {
        let Some(limit) = limits.next() else {
            panic!("the reader was not waited for");
        };
        match read(limit).await {
            Err(SqlError::Interrupted { .. }) => {}
            ended => break ended,
        }
    };
    assert_eq!(rows, Ok(3));
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
