//! The first statements that an actor is offered: those that would be allowed (UI-45).

use datasette_core::action::CreateTable;
use datasette_core::{Actor, DatabaseRef, Fault, TableRef};
use datasette_query::change::SqlTemplate;
use datasette_query::change::sql_template::CREATE_TABLE;
use datasette_query::statement::named_parameters;

use super::preview::blank;
use super::{Analysis, Judge};
use crate::Instance;

/// First statements.
#[derive(Clone, Debug, Default)]
pub struct WriteTemplates {
    /// The one that creates a table.
    pub create: Option<&'static str>,
    /// Those about tables, by the names of the tables; each has at least one.
    pub tables: Vec<(String, Vec<(SqlTemplate, String)>)>,
}

/// The first statements for these tables, all looked at in one visit to the database.
///
/// # Errors
/// The database cannot be asked.
pub async fn write_templates(
    instance: &Instance,
    actor: Option<&Actor>,
    database: &DatabaseRef,
    tables: &[TableRef],
) -> Result<WriteTemplates, Fault> {
    let create = instance.gate.allows::<CreateTable>(actor, database).await?;
    let offered: Vec<(usize, SqlTemplate, String)> = tables
        .iter()
        .enumerate()
        .filter(|(_, table)| !table.is_view() && !table.hidden)
        .flat_map(|(index, table)| {
            let sql = move |template: SqlTemplate| Some((index, template, template.sql(table)?));
            SqlTemplate::ALL.into_iter().filter_map(sql)
        })
        .collect();
    let statements: Vec<_> = offered
        .iter()
        .map(|(_, _, sql)| (sql.clone(), blank(&named_parameters(sql))))
        .collect();
    let handle = instance.handle(database)?;
    let analysed = handle
        .read(move |reader| Ok(reader.analyse_all(&statements)))
        .await?;
    let mut judge = Judge::new(instance, actor);
    let mut found: Vec<(String, Vec<(SqlTemplate, String)>)> = Vec::new();
    for ((index, template, sql), accesses) in offered.into_iter().zip(analysed) {
        let Ok(accesses) = accesses else { continue };
        let analysis = Analysis {
            database: database.clone(),
            accesses,
        };
        let allowed = judge.operations(&analysis).await?;
        if allowed.iter().any(|row| row.allowed == Some(false)) {
            continue;
        }
        let table = tables[index].name();
        match found.last_mut().filter(|(name, _)| name == table) {
            Some((_, templates)) => templates.push((template, sql)),
            None => found.push((table.to_owned(), vec![(template, sql)])),
        }
    }
    found.sort_by_key(|(name, _)| name.to_lowercase());
    Ok(WriteTemplates {
        create: create.map(|_| CREATE_TABLE),
        tables: found,
    })
}
