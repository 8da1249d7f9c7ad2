//! The words of a refusal.

use datasette_core::Fault;

/// The refusal of an action, as the view pages word it (ERR-21, PERM-53).
pub(crate) fn refusal(action: &str) -> Fault {
    let viewed = match action {
        "view-table" => "table",
        "view-database" => "database",
        "view-query" => "query",
        other => return Fault::forbidden(other),
    };
    Fault::forbidden(format!("You do not have permission to view this {viewed}"))
}
