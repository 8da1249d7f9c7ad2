//! Which tables are hidden by their nature (HIDE-01, HIDE-02).

use super::ddl::VirtualTable;

/// What hiding depends on.
pub(super) struct Candidate<'a> {
    pub(super) name: &'a str,
    pub(super) is_shadow: bool,
    pub(super) declaration: Option<&'a VirtualTable>,
    /// Whether the database has SpatiaLite's tables.
    pub(super) in_spatialite: bool,
}

impl Candidate<'_> {
    /// Whether a table, not a view, is hidden.
    pub(super) fn is_hidden(&self) -> bool {
        const STATISTICS: [&str; 4] = [
            "sqlite_stat1",
            "sqlite_stat2",
            "sqlite_stat3",
            "sqlite_stat4",
        ];
        self.is_shadow
            || self.name.starts_with('_')
            || STATISTICS.contains(&self.name)
            || self
                .declaration
                .is_some_and(|table| table.is_fts() && table.option("content").is_some())
            || (self.in_spatialite && is_part_of_spatialite(self.name))
    }
}

fn is_part_of_spatialite(name: &str) -> bool {
    const TABLES: [&str; 12] = [
        "ElementaryGeometries",
        "SpatialIndex",
        "geometry_columns",
        "spatial_ref_sys",
        "spatialite_history",
        "sql_statements_log",
        "sqlite_sequence",
        "views_geometry_columns",
        "virts_geometry_columns",
        "data_licenses",
        "KNN",
        "KNN2",
    ];
    // Its spatial indexes: the underscore stands for any character, as in LIKE.
    let is_index = name
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("idx"))
        && name.len() > 3;
    TABLES.contains(&name) || is_index
}
