//! The SQLite in this program is the one we mean to ship.

use datasette_sqlite::versions;

// Proves: EXT-20
#[test]
fn sqlite_has_what_is_promised_and_lacks_what_hurts() {
    let versions = versions();
    assert!(versions.version.starts_with("3."), "{}", versions.version);
    assert_eq!(versions.fts_versions, ["FTS5", "FTS4", "FTS3"]);
    let has = |option: &str| versions.compile_options.iter().any(|found| found == option);
    for option in [
        "ENABLE_COLUMN_METADATA",
        "ENABLE_DBSTAT_VTAB",
        "ENABLE_FTS3",
        "ENABLE_FTS4",
        "ENABLE_FTS5",
        "ENABLE_GEOPOLY",
        "ENABLE_MATH_FUNCTIONS",
        "ENABLE_RTREE",
        "THREADSAFE=1",
    ] {
        assert!(
            has(option),
            "{option} is missing: {:?}",
            versions.compile_options
        );
    }
    // One lock for the page caches of all connections: it would undo the lanes.
    assert!(!has("ENABLE_MEMORY_MANAGEMENT"));
    assert!(!has("DEFAULT_FOREIGN_KEYS"));
}
