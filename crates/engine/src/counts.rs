//! Row counts of whole tables, kept as long as the database does not change.

use std::collections::HashMap;
use std::time::Duration;

use datasette_core::{DatabaseRef, Fault, TableRef, Value, identifier};
use datasette_sqlite::{Database, Reader, SqlError};
use parking_lot::Mutex;

use crate::page::Count;
use crate::page::table::COUNT_LIMIT;
use crate::read::brief::briefly;
use crate::read::deadline::Deadline;

/// How long counting may take.
#[derive(Clone, Copy, Debug)]
pub struct CountTime {
    /// One table.
    pub each: Duration,
    /// All tables, for each of which that is little and which may be very many; `None` for no limit.
    pub together: Option<Duration>,
    /// Whether counts are of no use when one is missing.
    pub all_or_none: bool,
}

/// Counts by database. What `datasette inspect` counted in an immutable file is taken as it is,
/// however much it is (COUNT-03, IMM-08). Any other count is used again only while the database's change stamp is the one it
/// was counted under, so it is never wrong after a write, whoever wrote.
#[derive(Debug, Default)]
pub struct Counts {
    inspected: HashMap<String, HashMap<String, u64>>,
    known: Mutex<HashMap<String, Known>>,
}

#[derive(Debug, Default)]
struct Known {
    stamp: Option<datasette_sqlite::ChangeStamp>,
    tables: HashMap<String, Count>,
}

impl Counts {
    /// Counts that start with what was inspected: rows by table, by database.
    pub fn with_inspected(inspected: HashMap<String, HashMap<String, u64>>) -> Self {
        Self {
            inspected,
            known: Mutex::default(),
        }
    }

    /// How many rows were found in a whole table when its file was inspected.
    pub fn inspected(&self, table: &TableRef) -> Option<Count> {
        let database = self.inspected.get(table.database().name())?;
        database.get(table.name()).copied().map(Count::exact)
    }

    /// Counts tables; `None` where the time was not enough (DB-06, INDEX-07). What was counted is
    /// kept, so that the next one who asks finds more.
    pub async fn of(
        &self,
        database: &DatabaseRef,
        handle: &Database,
        tables: &[TableRef],
        time: CountTime,
    ) -> Result<Vec<Option<Count>>, Fault> {
        let stamp = handle.change_stamp();
        let mut counts = self.remembered(database.name(), stamp.as_ref(), tables);
        let missing: Vec<(usize, String)> = tables
            .iter()
            .enumerate()
            .filter(|(index, _)| counts[*index].is_none())
            .map(|(index, table)| (index, table.name().to_owned()))
            .collect();
        if missing.is_empty() {
            return Ok(counts);
        }
        let counted = handle
            .read(move |reader| {
                let deadline = time.together.map(Deadline::after);
                let mut counted = Vec::with_capacity(missing.len());
                for (index, name) in missing {
                    if deadline.is_some_and(|deadline| deadline.limits(time.each).is_none()) {
                        break;
                    }
                    let count = count_one(reader, &name, time.each, deadline)?;
                    if count.is_none() && time.all_or_none {
                        break;
                    }
                    counted.push((index, count));
                }
                Ok(counted)
            })
            .await?;
        let mut known = self.known.lock();
        let entry = known.entry(database.name().to_owned()).or_default();
        for (index, count) in counted {
            counts[index] = count;
            if let (Some(count), true) = (count, stamp.is_some() && entry.stamp == stamp) {
                entry.tables.insert(tables[index].name().to_owned(), count);
            }
        }
        Ok(counts)
    }

    fn remembered(
        &self,
        database: &str,
        stamp: Option<&datasette_sqlite::ChangeStamp>,
        tables: &[TableRef],
    ) -> Vec<Option<Count>> {
        let mut known = self.known.lock();
        let entry = known.entry(database.to_owned()).or_default();
        // Without a stamp nothing is known about changes, so nothing is remembered.
        if stamp.is_none() || entry.stamp.as_ref() != stamp {
            entry.stamp = stamp.cloned();
            entry.tables.clear();
        }
        tables
            .iter()
            .map(|table| {
                let inspected = self.inspected(table);
                inspected.or_else(|| entry.tables.get(table.name()).copied())
            })
            .collect()
    }
}

/// A broken table has no count; that is not a reason to fail the listing.
fn count_one(
    reader: &mut Reader<'_>,
    table: &str,
    each: Duration,
    deadline: Option<Deadline>,
) -> Result<Option<Count>, Fault> {
    let sql = format!(
        "select count(*) from (select * from {} limit {})",
        identifier::quote(table),
        COUNT_LIMIT + 1
    );
    match briefly(each, deadline, |limits| reader.single(&sql, &[], limits)) {
        Ok(Some(Some(Value::Integer(rows)))) => Ok(Some(Count::capped(rows.max(0) as u64))),
        Err(SqlError::Cancelled) => Err(SqlError::Cancelled.into()),
        Ok(_) | Err(_) => Ok(None),
    }
}
