//! What a plugin adds to a table question.

use crate::binding::Params;

/// Conditions from the hook `filters_from_request`. Its SQL is trusted: plugins are code of the
/// instance's owner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contribution {
    /// SQL conditions, joined with `and` after those of the query string.
    pub where_clauses: Vec<String>,
    /// Values for the named parameters in them. A name that is already bound gets the new value.
    pub params: Params,
    /// Clauses for the description, before those of the column filters.
    pub human_descriptions: Vec<String>,
}
