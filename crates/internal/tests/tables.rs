//! The internal tables themselves.

mod fixture;

use std::fs;

use datasette_internal::Internal;
use fixture::{internal, open, rows, run};

/// `NAME TYPE`, with `*` for a NOT NULL column and the place in the primary key.
async fn columns(internal: &Internal, table: &str) -> Vec<String> {
    let sql = format!(
        "select name || ' ' || type || iif(\"notnull\", '*', '') || iif(pk, ' ' || pk, '') \
         from pragma_table_info('{table}')"
    );
    rows(internal.database(), &sql).await
}

// Proves: INT-10, INT-11, INT-12, INT-13, INT-14, INT-15, INT-16, INT-17, INT-18, INT-19
#[tokio::test]
async fn columns_types_and_keys() {
    let internal = internal().await;
    for (table, expected) in [
        (
            "catalog_databases",
            "database_name TEXT 1, path TEXT, is_memory INTEGER, schema_version INTEGER",
        ),
        (
            "catalog_tables",
            "database_name TEXT 1, table_name TEXT 2, rootpage INTEGER, sql TEXT",
        ),
        (
            "catalog_views",
            "database_name TEXT 1, view_name TEXT 2, rootpage INTEGER, sql TEXT",
        ),
        (
            "catalog_columns",
            "database_name TEXT 1, table_name TEXT 2, cid INTEGER, name TEXT 3, type TEXT, \
             notnull INTEGER, default_value TEXT, is_pk INTEGER, hidden INTEGER",
        ),
        (
            "catalog_indexes",
            "database_name TEXT 1, table_name TEXT 2, seq INTEGER, name TEXT 3, unique INTEGER, \
             origin TEXT, partial INTEGER",
        ),
        (
            "catalog_foreign_keys",
            "database_name TEXT 1, table_name TEXT 2, id INTEGER 3, seq INTEGER 4, table TEXT, \
             from TEXT, to TEXT, on_update TEXT, on_delete TEXT, match TEXT",
        ),
        ("metadata_instance", "key TEXT, value TEXT"),
        (
            "metadata_databases",
            "database_name TEXT, key TEXT, value TEXT",
        ),
        (
            "metadata_resources",
            "database_name TEXT, resource_name TEXT, key TEXT, value TEXT",
        ),
        (
            "metadata_columns",
            "database_name TEXT, resource_name TEXT, column_name TEXT, key TEXT, value TEXT",
        ),
        (
            "column_types",
            "database_name TEXT* 1, resource_name TEXT* 2, column_name TEXT* 3, \
             column_type TEXT*, config TEXT",
        ),
        (
            "queries",
            "database_name TEXT* 1, name TEXT* 2, sql TEXT*, title TEXT, description TEXT, \
             description_html TEXT, options TEXT*, parameters TEXT*, is_write INTEGER*, \
             is_private INTEGER*, is_trusted INTEGER*, source TEXT*, owner_id TEXT, \
             created_at TEXT*, updated_at TEXT*",
        ),
    ] {
        let found = columns(&internal, table).await.join(", ");
        assert_eq!(found.replace(" text", " TEXT"), expected, "{table}");
    }
}

// Proves: INT-11, INT-12, INT-13, INT-14, INT-15
#[tokio::test]
async fn references_between_tables() {
    let internal = internal().await;
    let found = rows(
        internal.database(),
        "select m.name, f.\"table\", group_concat(f.\"from\" || '=' || f.\"to\", ',') \
         from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table' \
         group by m.name, f.id order by m.name, f.\"table\"",
    )
    .await;
    let databases = "database_name=database_name";
    let mut expected = Vec::new();
    for table in ["columns", "foreign_keys", "indexes", "tables", "views"] {
        expected.push(format!("catalog_{table}|catalog_databases|{databases}"));
        if !matches!(table, "tables" | "views") {
            let both = format!("{databases},table_name=table_name");
            expected.push(format!("catalog_{table}|catalog_tables|{both}"));
        }
    }
    assert_eq!(found, expected);
}

// Proves: INT-16, INT-17, INT-19
#[tokio::test]
async fn unique_keys_and_indexes() {
    let internal = internal().await;
    let found = rows(
        internal.database(),
        "select m.name, i.\"unique\", (select group_concat(name, ',') from pragma_index_info(i.name)) \
         from sqlite_master m, pragma_index_list(m.name) i \
         where m.type = 'table' and i.origin <> 'pk' order by m.name",
    )
    .await;
    assert_eq!(
        found,
        [
            "_sqlite_migrations|1|migration_set,name",
            "keyed_calls|0|begun_at",
            "metadata_columns|1|database_name,resource_name,column_name,key",
            "metadata_databases|1|database_name,key",
            "metadata_instance|1|key",
            "metadata_resources|1|database_name,resource_name,key",
            "queries|0|owner_id",
        ]
    );
}

// Proves: INT-19
#[tokio::test]
async fn defaults_and_limits_of_queries() {
    let internal = internal().await;
    let database = internal.database();
    run(
        database,
        "insert into queries (database_name, name, sql) values ('d', 'q', 'select 1')",
    )
    .await;
    let found = rows(
        database,
        "select options, parameters, is_write, is_private, is_trusted, source, owner_id, \
         created_at glob '????-??-?? ??:??:??', updated_at = created_at from queries",
    )
    .await;
    assert_eq!(found, ["{}|[]|0|0|0|user|-|1|1"]);
    for column in ["is_write", "is_private", "is_trusted"] {
        let sql = format!("update queries set {column} = 2");
        let outcome = database
            .write(move |writer| Ok(writer.execute_values(&sql, &[])?))
            .await;
        assert!(outcome.is_err(), "{column}");
    }
}

// Proves: INT-06
#[tokio::test]
async fn the_migration_is_recorded_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("internal.db");
    for _ in 0..2 {
        let internal = Internal::open(Some(path.clone())).await.unwrap();
        assert_eq!(
            columns(&internal, "_sqlite_migrations")
                .await
                .join(", ")
                .to_lowercase(),
            "id integer 1, migration_set text, name text, applied_at text"
        );
        let found = rows(
            internal.database(),
            "select id, migration_set, name, applied_at glob \
             '20[0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9]*+00:00', \
             length(applied_at) from _sqlite_migrations",
        )
        .await;
        assert_eq!(found, ["1|datasette_internal|0001_initial|1|32"]);
    }
}

// Proves: INT-02
#[tokio::test]
async fn a_temporary_file_goes_with_the_handle() {
    let internal = Internal::open(None).await.unwrap();
    let path = internal.database().path().unwrap().to_owned();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    assert!(
        name.starts_with("datasette_temp_") && name.ends_with(".db"),
        "{name}"
    );
    assert_eq!(
        rows(internal.database(), "pragma journal_mode").await,
        ["wal"]
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    internal.database().close();
    drop(internal);
    assert!(!path.exists());
    assert!(!path.with_extension("db-wal").exists());
}

// Proves: INT-03, INT-08
#[tokio::test]
async fn a_named_file_is_kept_in_its_journal_mode() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("internal.db");
    let internal = Internal::open(Some(path.clone())).await.unwrap();
    run(
        internal.database(),
        "create table of_a_plugin (a); insert into of_a_plugin values (1)",
    )
    .await;
    internal.database().close();
    drop(internal);
    let internal = Internal::open(Some(path)).await.unwrap();
    assert_eq!(
        rows(internal.database(), "select a from of_a_plugin").await,
        ["1"]
    );
    assert_eq!(
        rows(internal.database(), "pragma journal_mode").await,
        ["delete"]
    );
}

// Proves: INT-07
#[tokio::test]
async fn tables_of_an_earlier_version_are_adopted() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("internal.db");
    let earlier = open(&path);
    run(
        &earlier,
        "create table metadata_instance (key text, value text, unique(key)); \
         insert into metadata_instance values ('title', 'kept')",
    )
    .await;
    earlier.close();
    let internal = Internal::open(Some(path)).await.unwrap();
    assert_eq!(
        internal.metadata().await.unwrap().instance()["title"],
        "kept"
    );
    let names = rows(internal.database(), "select name from _sqlite_migrations").await;
    assert_eq!(names, ["0001_initial"]);
}

// Proves: INT-04
#[tokio::test]
async fn an_unusable_location_is_explained() {
    let directory = tempfile::tempdir().unwrap();
    let text = directory.path().join("text.db");
    fs::write(
        &text,
        "this is a text and not a database at all, as can be seen".repeat(20),
    )
    .unwrap();
    for (location, words) in [
        (directory.path().to_owned(), ""),
        (directory.path().join("missing/internal.db"), ""),
        (text, "file is not a database"),
    ] {
        let name = location.display().to_string();
        let fault = Internal::open(Some(location)).await.err().unwrap();
        let expected = format!("The internal database {name} cannot be used: ");
        assert!(fault.message().starts_with(&expected), "{fault}");
        assert!(fault.message().contains(words), "{fault}");
        assert!(
            !fault.message().contains("Internal server error"),
            "{fault}"
        );
    }
}
