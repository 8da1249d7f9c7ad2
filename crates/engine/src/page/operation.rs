//! What a statement would do, as pages and answers list it.

/// One operation of a statement (WRITE-147).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationRow {
    /// What is done.
    pub operation: &'static str,
    /// The database it is done to, where it is done to one.
    pub database: Option<String>,
    /// The table, else whatever else it is done to.
    pub table: Option<String>,
    /// The actions that must be allowed; none where nobody may.
    pub required: &'static [&'static str],
    /// The trigger or view in whose name it happens.
    pub source: Option<String>,
    /// Whether the actor may; `None` for what nobody may and nothing changes.
    pub allowed: Option<bool>,
}
