//! Which full-text table searches a table (SEARCH-01 to SEARCH-03).

use std::collections::HashMap;

use super::ddl::VirtualTable;

/// The full-text tables of a database.
pub(super) struct SearchTables<'a> {
    /// The place of each full-text table in schema order.
    places: HashMap<&'a str, usize>,
    /// The first full-text table that names a table as its content, by its name in lower case.
    by_content: HashMap<String, (usize, &'a str)>,
}

impl<'a> SearchTables<'a> {
    /// Reads the declarations, which are in schema order.
    pub(super) fn new(virtual_tables: &[(&'a str, &VirtualTable)]) -> Self {
        let mut found = Self {
            places: HashMap::new(),
            by_content: HashMap::new(),
        };
        for (place, (name, declaration)) in virtual_tables.iter().enumerate() {
            // Vocabulary tables count as full-text tables of their own, as in the original.
            if declaration.module.starts_with("fts") {
                found.places.insert(name, place);
            }
            if !declaration.is_fts() {
                continue;
            }
            // Content named in single quotes or without quotes is not recognised (EXT-30).
            if let Some(content) = declaration.option("content")
                && matches!(content.quote, Some('"' | '['))
            {
                let content = content.value.to_ascii_lowercase();
                found.by_content.entry(content).or_insert((place, name));
            }
        }
        found
    }

    /// The full-text table of `table`: the first that names it as its content or is the table
    /// itself.
    pub(super) fn table_for(&self, table: &str) -> Option<&'a str> {
        let itself = self.places.get_key_value(table);
        let itself = itself.map(|(name, place)| (*place, *name));
        let other = self.by_content.get(&table.to_ascii_lowercase()).copied();
        itself.into_iter().chain(other).min().map(|(_, name)| name)
    }
}
