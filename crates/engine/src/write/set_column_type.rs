//! Saying what the values of a column mean (WRITE-115 to WRITE-119). Nothing of it is in the
//! database itself, so that it works for immutable ones and for views.

use datasette_core::action::SetColumnType;
use datasette_core::{ColumnTypeAssignment, Fault, python_text};
use datasette_permissions::Permit;
use datasette_query::change::SetTypeQuestion;

use crate::Instance;

/// Assigns a type to a column, or takes it away.
///
/// # Errors
/// 400: there is no such type, or it does not fit the column (WRITE-116, WRITE-117).
pub async fn set_column_type(
    instance: &Instance,
    permit: &Permit<SetColumnType>,
    question: &SetTypeQuestion,
) -> Result<(), Fault> {
    let table = permit.resource();
    let (database, resource) = (table.database().name(), table.name());
    let column = question.column.name();
    let Some(wanted) = &question.wanted else {
        let internal = &instance.internal;
        return internal
            .remove_column_type(database, resource, column)
            .await;
    };
    let Some(known) = instance.declared.column_types.get(&wanted.name) else {
        let words = format!("Unknown column type: {}", wanted.name);
        return Err(Fault::bad_request(words));
    };
    let (fitting, own) = (known.affinities(), question.column.affinity());
    if !fitting.is_empty() && !fitting.contains(&own) {
        let fitting: Vec<&str> = fitting.iter().map(|affinity| affinity.name()).collect();
        return Err(Fault::bad_request(format!(
            "Column type {} is only applicable to SQLite types {} \
             but {database}.{resource}.{column} has SQLite type {}",
            python_text::repr(&wanted.name),
            fitting.join(", "),
            own.name()
        )));
    }
    let assignment = ColumnTypeAssignment {
        database: database.to_owned(),
        resource: resource.to_owned(),
        column: column.to_owned(),
        type_name: wanted.name.clone(),
        config: wanted.config.clone(),
    };
    instance.internal.store_column_types(vec![assignment]).await
}
