//! Which full-text table searches a table (SEARCH-01 to SEARCH-03).

use super::ddl::VirtualTable;

/// The full-text table of `table`: the first in schema order that names it as its content, or
/// is the table itself. Content named in single quotes or without quotes is not recognised
/// (EXT-30).
pub(super) fn of<'a>(table: &str, virtual_tables: &[(&'a str, &VirtualTable)]) -> Option<&'a str> {
    virtual_tables
        .iter()
        .filter(|(_, declaration)| declaration.is_fts())
        .find(|(name, declaration)| {
            *name == table
                || declaration.option("content").is_some_and(|content| {
                    matches!(content.quote, Some('"' | '['))
                        && content.value.eq_ignore_ascii_case(table)
                })
        })
        .map(|(name, _)| *name)
}
