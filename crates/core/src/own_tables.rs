//! Tables that SQLite itself keeps in a database.

/// Tables that hold the names of other tables or values from them.
const TELLS_OF_OTHERS: [&str; 9] = [
    "sqlite_master",
    "sqlite_schema",
    "sqlite_sequence",
    "sqlite_stat1",
    "sqlite_stat2",
    "sqlite_stat3",
    "sqlite_stat4",
    "sqlite_temp_master",
    "sqlite_temp_schema",
];

/// Whether a table of that name, in any ASCII case, holds facts about other tables: the schema,
/// statistics, or the last automatic keys.
pub fn tells_of_others(table: &str) -> bool {
    TELLS_OF_OTHERS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(table))
}
