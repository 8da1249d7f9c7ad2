//! Changing a table (WRITE-93 to WRITE-109).

use datasette_core::action::AlterTable;
use datasette_core::{Fault, TableRef};
use datasette_permissions::Permit;
use datasette_query::change::AlterQuestion;
use datasette_sqlite::Writer;
use serde_json::{Value as Json, json};

use super::event::{self, Altered};
use super::{Author, rebuild_table};

/// What became of a table.
#[derive(Clone, Debug)]
pub struct AlteredTable {
    /// Its name now.
    pub name: String,
    /// Its schema before.
    pub before: String,
    /// Its schema now.
    pub after: String,
}

impl AlteredTable {
    /// Whether the schema is another one (WRITE-107).
    pub fn is_altered(&self) -> bool {
        self.before != self.after
    }
}

/// Applies the operations, all or none.
///
/// # Errors
/// 400 for what cannot be done, in SQLite's words where SQLite refuses it.
pub async fn alter(
    author: Author,
    permit: Permit<AlterTable>,
    question: AlterQuestion,
) -> Result<AlteredTable, Fault> {
    let table = permit.resource();
    let job = move |writer: &mut Writer<'_>, table: &TableRef| {
        rebuild_table::apply(writer, table.name(), &question)
    };
    let altered = author.write_table(table, told, job).await?;
    if altered.is_altered() {
        let schemas = Altered {
            before: altered.before.clone(),
            after: altered.after.clone(),
        };
        let database = table.database().name();
        let done = event::altered(&author, (database, &altered.name), &schemas);
        author.tell(&done).await;
    }
    Ok(altered)
}

/// The schemas and the name, for plugins.
fn told(altered: &AlteredTable) -> Json {
    json!([altered.before, altered.after, altered.name])
}
