//! Attached databases, the live catalogue and its mirror.

mod fixture;

use std::sync::Arc;
use std::time::{Duration, Instant};

use datasette_internal::{Internal, Registry};
use datasette_sqlite::{Database, OpenOptions, Source};
use fixture::{open, registry, rows, run};

const SCHEMA: &str = "create table t (id integer primary key, a text unique not null default 'x', \
     b references t(id)); create view v as select 1 as one; create virtual table f using fts5(x)";

async fn tables(internal: &Internal) -> Vec<String> {
    rows(
        internal.database(),
        "select database_name, table_name from catalog_tables where table_name not like 'f%' \
         order by 1, 2",
    )
    .await
}

// Proves: INT-25, INT-26
#[tokio::test]
async fn the_catalogue_is_mirrored() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("one.db");
    let (internal, registry) = registry().await;
    let one = open(&path);
    run(&one, SCHEMA).await;
    registry.attach("one", "uno", one);
    let memory = Source::Memory {
        name: "registry_mirror".to_owned(),
    };
    let memory = Database::open(OpenOptions::new(memory)).unwrap();
    registry.attach("_memory", "_memory", memory);
    registry.refresh().await.unwrap();
    registry.settled().await;

    let catalogue = registry.catalogue();
    let one = catalogue.database_by_route("uno").unwrap();
    assert_eq!(one.name(), "one");
    assert!(one.table("t").is_some() && one.table("v").is_some());
    assert!(registry.database_handle(&one).is_some());
    let names: Vec<_> = catalogue
        .databases()
        .map(|one| one.name().to_owned())
        .collect();
    assert_eq!(names, ["one", "_memory"]);

    let version = one.schema().version;
    let path = path.display();
    for (sql, expected) in [
        (
            "select * from catalog_databases order by database_name desc",
            vec![
                format!("one|{path}|0|{version}"),
                "_memory|-|1|0".to_owned(),
            ],
        ),
        (
            "select database_name, view_name, rootpage, sql from catalog_views",
            vec!["one|v|0|CREATE VIEW v as select 1 as one".to_owned()],
        ),
        (
            "select * from catalog_columns where table_name = 't'",
            vec![
                "one|t|0|id|INTEGER|0|-|1|0".to_owned(),
                "one|t|1|a|TEXT|1|'x'|0|0".to_owned(),
                "one|t|2|b||0|-|0|0".to_owned(),
            ],
        ),
        (
            "select * from catalog_columns where table_name = 'f'",
            vec![
                "one|f|0|x||0|-|0|0".to_owned(),
                "one|f|1|f||0|-|0|1".to_owned(),
                "one|f|2|rank||0|-|0|1".to_owned(),
            ],
        ),
        (
            "select * from catalog_indexes where table_name = 't'",
            vec!["one|t|0|sqlite_autoindex_t_1|1|u|0".to_owned()],
        ),
        (
            "select * from catalog_foreign_keys",
            vec!["one|t|0|0|t|b|id|NO ACTION|NO ACTION|NONE".to_owned()],
        ),
        (
            "select table_name from catalog_tables order by 1",
            [
                "f",
                "f_config",
                "f_content",
                "f_data",
                "f_docsize",
                "f_idx",
                "t",
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
    ] {
        let found = rows(internal.database(), sql).await;
        assert_eq!(
            found.join("\n").to_lowercase(),
            expected.join("\n").to_lowercase(),
            "{sql}"
        );
    }
}

// Proves: INT-28
#[tokio::test]
async fn a_new_schema_replaces_the_rows() {
    let directory = tempfile::tempdir().unwrap();
    let (internal, registry) = registry().await;
    let one = open(&directory.path().join("one.db"));
    run(&one, "create table a (x); create table b (x)").await;
    registry.attach("one", "one", one.clone());
    registry.refresh().await.unwrap();
    let before = registry.catalogue();
    registry.refresh().await.unwrap();
    assert!(
        Arc::ptr_eq(&before, &registry.catalogue()),
        "nothing changed"
    );
    run(&one, "drop table a; create table c (x)").await;
    registry.refresh().await.unwrap();
    registry.settled().await;
    assert_eq!(tables(&internal).await, ["one|b", "one|c"]);
    let found = rows(
        internal.database(),
        "select distinct table_name from catalog_columns",
    )
    .await;
    assert_eq!(found, ["b", "c"]);
    assert!(
        before.database("one").unwrap().table("a").is_some(),
        "snapshots stay"
    );
    assert!(
        registry
            .catalogue()
            .database("one")
            .unwrap()
            .table("a")
            .is_none()
    );
}

// Proves: INT-27, INT-30
#[tokio::test]
async fn requests_look_at_most_once_per_second() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("one.db");
    let (_internal, registry) = registry().await;
    registry.attach("one", "one", open(&path));
    let begun = Instant::now();
    registry.refresh_if_due().await;
    assert!(
        registry.catalogue().database("one").is_some(),
        "the first request looks"
    );
    // Another handle stands for another process.
    let other = open(&path);
    run(&other, "create table new (x)").await;
    while !sees_new(&registry) {
        registry.refresh_if_due().await;
        std::thread::yield_now();
    }
    assert!(begun.elapsed() >= Duration::from_secs(1), "too early");
}

fn sees_new(registry: &Registry) -> bool {
    let one = registry.catalogue().database("one");
    one.is_some_and(|one| one.table("new").is_some())
}

// Proves: INT-29
#[tokio::test]
async fn rows_of_detached_databases_go() {
    let directory = tempfile::tempdir().unwrap();
    let (internal, registry) = registry().await;
    run(
        internal.database(),
        "insert into catalog_databases values ('earlier', 'x', 0, 1); \
         insert into catalog_tables values ('earlier', 't', 2, 'x'); \
         insert into catalog_columns (database_name, table_name, name) values ('orphan', 't', 'c')",
    )
    .await;
    for name in ["one", "two"] {
        let database = open(&directory.path().join(format!("{name}.db")));
        run(&database, SCHEMA).await;
        registry.attach(name, name, database);
    }
    registry.refresh().await.unwrap();
    registry.settled().await;
    assert_eq!(tables(&internal).await, ["one|t", "two|t"]);
    assert!(registry.detach("one"));
    assert!(!registry.detach("one"));
    assert!(
        registry.catalogue().database("one").is_none(),
        "gone at once"
    );
    registry.refresh().await.unwrap();
    registry.settled().await;
    for table in [
        "databases",
        "tables",
        "views",
        "columns",
        "indexes",
        "foreign_keys",
    ] {
        let sql = format!("select distinct database_name from catalog_{table}");
        assert_eq!(rows(internal.database(), &sql).await, ["two"], "{table}");
    }
}

#[tokio::test]
async fn a_replaced_database_keeps_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let (internal, registry) = registry().await;
    for (name, file, sql) in [
        ("one", "a.db", "create table a (x)"),
        ("two", "b.db", "create table b (x)"),
        ("one", "c.db", "create table c (x)"),
    ] {
        let database = open(&directory.path().join(file));
        run(&database, sql).await;
        registry.attach(name, name, database);
        registry.refresh().await.unwrap();
    }
    registry.settled().await;
    assert_eq!(tables(&internal).await, ["one|c", "two|b"]);
    let names: Vec<_> = registry
        .handles()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["one", "two"]);
}

#[tokio::test]
async fn a_hash_becomes_known_later() {
    let directory = tempfile::tempdir().unwrap();
    let (_internal, registry) = registry().await;
    registry.attach("one", "one", open(&directory.path().join("one.db")));
    registry.refresh().await.unwrap();
    let hash = |registry: &Registry| {
        let one = registry.catalogue().database("one").unwrap();
        one.entry().hash.clone()
    };
    assert_eq!(hash(&registry), None);
    registry.set_hash("one", "abc".to_owned());
    assert_eq!(hash(&registry).as_deref(), Some("abc"));
    registry.refresh().await.unwrap();
    assert_eq!(hash(&registry).as_deref(), Some("abc"));
}

// Proves: INT-33
#[tokio::test]
async fn settled_means_that_all_was_written() {
    let directory = tempfile::tempdir().unwrap();
    let (internal, registry) = registry().await;
    registry.settled().await;
    let names: Vec<_> = (0..5).map(|number| format!("d{number}")).collect();
    for name in &names {
        let database = open(&directory.path().join(format!("{name}.db")));
        run(&database, "create table t (x)").await;
        registry.attach(name.as_str(), name.as_str(), database);
    }
    registry.refresh().await.unwrap();
    registry.settled().await;
    let expected: Vec<_> = names.iter().map(|name| format!("{name}|t")).collect();
    assert_eq!(tables(&internal).await, expected);
}
