//! Calls under a key that their client chose: what was begun, and what was answered (WRITE-155).

use datasette_core::{Fault, Value, ValueRef};
use datasette_sqlite::{Limits, Writer};

use crate::cell::{fault, required, truth};
use crate::internal::Internal;

/// The most calls that one round of cleaning drops, so that no other write waits long for it.
const AT_ONCE: i64 = 1_000;

/// Who chose which key. The same key of somebody else is another call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CallName {
    /// Who, as JSON.
    pub actor: String,
    /// The key.
    pub key: String,
}

impl CallName {
    fn values(&self) -> Vec<Value> {
        vec![
            Value::from(self.actor.as_str()),
            Value::from(self.key.as_str()),
        ]
    }
}

/// A call that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCall {
    /// The SHA-256 of what was asked.
    pub request: Vec<u8>,
    /// The length of its body; `None` where the body does not count.
    pub body_bytes: Option<u64>,
    /// When it was begun, in seconds since 1970.
    pub begun_at: i64,
    /// Whether it came to its end.
    pub is_done: bool,
    /// What its actor had to be allowed, as JSON.
    pub grants: String,
    /// What was answered; `None` before the end, and where that was not kept.
    pub answer: Option<Vec<u8>>,
}

/// How much is kept of each actor.
#[derive(Clone, Copy, Debug)]
pub struct KeptCalls {
    /// Calls that were begun before are dropped, in seconds since 1970.
    pub since: i64,
    /// The most calls; the oldest go first.
    pub calls: u32,
    /// The most bytes of answers; the oldest are forgotten first, but not that they were given.
    pub bytes: u64,
}

impl Internal {
    /// The call of that name, however long ago it was begun.
    pub async fn keyed_call(&self, name: &CallName) -> Result<Option<KeptCall>, Fault> {
        let values = name.values();
        self.database()
            .read(move |reader| {
                let sql = "select request, body_bytes, begun_at, is_done, grants, answer \
                     from keyed_calls where actor = ? and key = ?";
                let (rows, _) = reader
                    .batch_values(sql, &values, &Limits::NONE)
                    .map_err(fault)?;
                Ok(rows.rows().next().map(|row| KeptCall {
                    request: blob(row.get(0)).unwrap_or_default(),
                    body_bytes: number(row.get(1)).and_then(|bytes| u64::try_from(bytes).ok()),
                    begun_at: number(row.get(2)).unwrap_or_default(),
                    is_done: truth(row.get(3)),
                    grants: required(row.get(4)),
                    answer: blob(row.get(5)),
                }))
            })
            .await
    }

    /// Notes that a call begins, in place of one of the same name from before `since`, and answers
    /// whether the name was free. It is on the disk then.
    pub async fn begin_call(
        &self,
        name: &CallName,
        call: KeptCall,
        since: i64,
    ) -> Result<bool, Fault> {
        let mut values = name.values();
        let bytes = call.body_bytes.and_then(|bytes| i64::try_from(bytes).ok());
        values.extend([
            Value::Blob(call.request),
            bytes.map_or(Value::Null, Value::Integer),
            Value::Integer(call.begun_at),
            Value::Integer(since),
        ]);
        self.database()
            .write_together(move |writer| {
                let sql = "insert into keyed_calls (actor, key, request, body_bytes, begun_at) \
                     values (?1, ?2, ?3, ?4, ?5) on conflict (actor, key) do update set \
                     request = excluded.request, body_bytes = excluded.body_bytes, \
                     begun_at = excluded.begun_at, is_done = 0, grants = '[]', answer = null \
                     where begun_at < ?6";
                let begun = writer.execute_values(sql, &values).map_err(fault)?;
                Ok(begun > 0)
            })
            .await
    }

    /// Notes what a call was answered, and what that took.
    pub async fn end_call(
        &self,
        name: &CallName,
        grants: String,
        answer: Option<Vec<u8>>,
    ) -> Result<(), Fault> {
        let mut values = name.values();
        values.push(Value::Text(grants));
        values.push(answer.map_or(Value::Null, Value::Blob));
        let sql = "update keyed_calls set is_done = 1, grants = ?3, answer = ?4 \
             where actor = ?1 and key = ?2";
        self.change_calls(sql, values).await
    }

    /// Forgets a call that changed nothing.
    pub async fn forget_call(&self, name: &CallName) -> Result<(), Fault> {
        let sql = "delete from keyed_calls where actor = ? and key = ?";
        self.change_calls(sql, name.values()).await
    }

    async fn change_calls(&self, sql: &'static str, values: Vec<Value>) -> Result<(), Fault> {
        self.database()
            .write_together(move |writer| {
                writer.execute_values(sql, &values).map_err(fault)?;
                Ok(())
            })
            .await
    }

    /// Drops what is old or too much, a part of it where there is very much, and answers whether
    /// there may be more.
    pub async fn clean_calls(&self, kept: KeptCalls) -> Result<bool, Fault> {
        self.database()
            .write(move |writer| {
                let numbers = |numbers: &[i64]| -> Vec<Value> {
                    numbers
                        .iter()
                        .map(|number| Value::Integer(*number))
                        .collect()
                };
                let old = drop_calls(
                    writer,
                    "delete from keyed_calls where rowid in \
                     (select rowid from keyed_calls where begun_at < ? limit ?)",
                    &numbers(&[kept.since, AT_ONCE]),
                )?;
                let many = drop_calls(
                    writer,
                    "delete from keyed_calls where rowid in (select rowid from (select rowid, \
                     row_number() over (partition by actor order by begun_at desc, rowid desc) \
                     as place from keyed_calls) where place > ? limit ?)",
                    &numbers(&[i64::from(kept.calls), AT_ONCE]),
                )?;
                let bytes = i64::try_from(kept.bytes).unwrap_or(i64::MAX);
                let large = drop_calls(
                    writer,
                    "update keyed_calls set answer = null where rowid in (select rowid from \
                     (select rowid, sum(length(answer)) over (partition by actor \
                     order by begun_at desc, rowid desc) as bytes from keyed_calls \
                     where answer is not null) where bytes > ? limit ?)",
                    &numbers(&[bytes, AT_ONCE]),
                )?;
                Ok([old, many, large].contains(&AT_ONCE))
            })
            .await
    }
}

fn drop_calls(writer: &mut Writer<'_>, sql: &str, values: &[Value]) -> Result<i64, Fault> {
    let dropped = writer.execute_values(sql, values).map_err(fault)?;
    Ok(i64::try_from(dropped).unwrap_or(i64::MAX))
}

fn blob(cell: ValueRef<'_>) -> Option<Vec<u8>> {
    match cell.to_value() {
        Value::Blob(bytes) => Some(bytes),
        _ => None,
    }
}

fn number(cell: ValueRef<'_>) -> Option<i64> {
    match cell {
        ValueRef::Integer(number) => Some(number),
        _ => None,
    }
}
