//! Storing, changing and removing queries.

use datasette_core::{Fault, FaultKind, StoredQuery, Value};
use datasette_sqlite::{Limits, Writer};

use super::row::{self, COLUMNS};
use crate::cell::{fault, optional};
use crate::internal::Internal;

const PLACES: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

const REPLACING: &str = "on conflict (database_name, name) do update set sql = excluded.sql, \
     title = excluded.title, description = excluded.description, \
     description_html = excluded.description_html, options = excluded.options, \
     parameters = excluded.parameters, is_write = excluded.is_write, \
     is_private = excluded.is_private, is_trusted = excluded.is_trusted, \
     source = excluded.source, owner_id = excluded.owner_id, updated_at = CURRENT_TIMESTAMP";

impl Internal {
    /// Replaces all queries of configuration by these; those of other sources survive unless one
    /// of these has their name (CONF-71, CONF-72, STORED-03).
    pub async fn store_configured_queries(&self, queries: Vec<StoredQuery>) -> Result<(), Fault> {
        self.database()
            .write(move |writer| {
                writer
                    .execute_values("delete from queries where source = 'config'", &[])
                    .map_err(fault)?;
                queries.iter().try_for_each(|query| put(writer, query))
            })
            .await
    }

    /// Stores a query in place of any other of its database and name.
    pub async fn save_query(&self, query: StoredQuery) -> Result<(), Fault> {
        self.database()
            .write(move |writer| put(writer, &query))
            .await
    }

    /// Stores a query whose name must be free.
    ///
    /// # Errors
    /// 409 `Query already exists` when it is not.
    pub async fn add_query(&self, query: StoredQuery) -> Result<(), Fault> {
        self.database()
            .write(move |writer| {
                let sql = format!("insert into queries ({COLUMNS}) values {PLACES}");
                writer
                    .execute_values(&sql, &row::values(&query))
                    .map_err(|error| {
                        if error.is_constraint() {
                            Fault::new(FaultKind::Conflict, "Query already exists")
                        } else {
                            fault(error)
                        }
                    })?;
                Ok(())
            })
            .await
    }

    /// Changes a query where it stands, so that no other change is lost in between, and answers
    /// the changed query; `None` when there is no such query. Its database and name stay.
    ///
    /// # Errors
    /// What `change` refuses; then nothing is changed.
    pub async fn update_query(
        &self,
        database: &str,
        name: &str,
        change: impl FnOnce(&mut StoredQuery) -> Result<(), Fault> + Send + 'static,
    ) -> Result<Option<StoredQuery>, Fault> {
        let key = [Value::from(database), Value::from(name)];
        self.database()
            .write(move |writer| {
                let sql =
                    format!("select {COLUMNS} from queries where database_name = ? and name = ?");
                let (rows, _) = writer
                    .batch_values(&sql, &key, &Limits::NONE)
                    .map_err(fault)?;
                let Some(row) = rows.rows().next() else {
                    return Ok(None);
                };
                let before = row::read(row);
                let mut query = before.clone();
                change(&mut query)?;
                query.database = before.database.clone();
                query.name = before.name.clone();
                if query != before {
                    put(writer, &query)?;
                }
                Ok(Some(query))
            })
            .await
    }

    /// Removes a query, only if it has that source where one is given, and answers whether it
    /// was there.
    pub async fn remove_query(
        &self,
        database: &str,
        name: &str,
        source: Option<&str>,
    ) -> Result<bool, Fault> {
        let values = [Value::from(database), Value::from(name), optional(source)];
        self.database()
            .write(move |writer| {
                let removed = writer
                    .execute_values(
                        "delete from queries where database_name = ?1 and name = ?2 \
                         and (?3 is null or source = ?3)",
                        &values,
                    )
                    .map_err(fault)?;
                Ok(removed > 0)
            })
            .await
    }
}

fn put(writer: &mut Writer<'_>, query: &StoredQuery) -> Result<(), Fault> {
    let sql = format!("insert into queries ({COLUMNS}) values {PLACES} {REPLACING}");
    writer
        .execute_values(&sql, &row::values(query))
        .map_err(fault)?;
    Ok(())
}
