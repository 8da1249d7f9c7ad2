//! Introspection: from a file to the domain's description of it.

#![allow(clippy::unwrap_used)]

mod setting;

use std::sync::Arc;
use std::time::Duration;

use datasette_core::schema::{Derivation, ForeignKey};
use datasette_core::{DatabaseSchema, Table, TableKind};
use datasette_sqlite::{Database, effort};
use setting::{File, file_with, from_outside, options, refusal};

async fn schema_of(script: &str) -> (File, Arc<DatabaseSchema>) {
    let file = file_with(script);
    let database = Database::open(options(file.path())).unwrap();
    let schema = database.schema().await.unwrap();
    (file, schema)
}

fn names(table: &Table) -> Vec<&str> {
    table
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect()
}

fn key(other_table: &str, column: &str, other_column: &str) -> ForeignKey {
    ForeignKey {
        other_table: other_table.to_owned(),
        column: column.to_owned(),
        other_column: other_column.to_owned(),
    }
}

// Proves: TABLE-08, TABLE-10
#[tokio::test]
async fn tables_are_described_as_sqlite_knows_them() {
    let (_file, schema) = schema_of(
        "create table z (a text not null default 'x', B integer, c as (a || 'y'), d as (1) stored,
                         primary key (B, a));
         create table a (id integer primary key, n) without rowid;
         create view v as select a, B as b from z;
         create virtual table f using fts5(title, body);
         create index i on z (c, lower(a)) where B > 1;
         create table \"odd \"\" name\" (\"odd \"\" column\");
         create trigger g after insert on z begin select 1; end;",
    )
    .await;
    let tables: Vec<&str> = schema.tables.keys().map(String::as_str).collect();
    assert_eq!(tables[..4], ["z", "a", "v", "f"]);
    let z = &schema.tables["z"];
    assert_eq!(z.kind, TableKind::Rowid);
    assert_eq!(names(z), ["a", "B", "c", "d"]);
    assert_eq!(z.primary_key, [1, 0]);
    assert_eq!(z.columns[0].default.as_deref(), Some("'x'"));
    assert!(z.columns[0].not_null);
    assert_eq!(z.columns[2].hidden, 2);
    assert_eq!(z.columns[3].hidden, 3);
    assert!(z.root_page > 1);
    let index = &z.indexes[0];
    assert_eq!(
        (index.name.as_str(), index.unique, index.partial),
        ("i", false, true)
    );
    assert_eq!(index.columns, [Some("c".to_owned()), None]);
    assert!(index.sql.as_deref().unwrap().contains("lower(a)"));
    assert_eq!(z.indexes[1].origin, "pk");
    assert_eq!(
        z.indexes[1].columns,
        [Some("B".to_owned()), Some("a".to_owned())]
    );
    assert_eq!(z.indexes[1].sql, None);
    let a = &schema.tables["a"];
    assert_eq!(a.kind, TableKind::WithoutRowid);
    assert_eq!(a.indexes[0].origin, "pk");
    let v = &schema.tables["v"];
    assert!(v.is_view() && v.primary_key.is_empty());
    assert_eq!(names(v), ["a", "b"]);
    let f = &schema.tables["f"];
    assert_eq!(f.kind, TableKind::Virtual("fts5".to_owned()));
    assert_eq!(names(f), ["title", "body", "f", "rank"]);
    assert_eq!(f.columns[2].hidden, 1);
    assert_eq!(schema.tables["f_data"].kind, TableKind::Shadow);
    assert_eq!(names(&schema.tables["odd \" name"]), ["odd \" column"]);
    let kinds: Vec<&str> = schema
        .objects
        .iter()
        .map(|object| object.kind.as_str())
        .collect();
    assert!(kinds.contains(&"trigger") && kinds.contains(&"index"));
    assert!(schema.objects.iter().all(|object| !object.sql.is_empty()));
}

// Proves: LABEL-04, LABEL-05, LABEL-06, EXTRA-47
#[tokio::test]
async fn foreign_keys_lead_to_what_exists() {
    let (_file, schema) = schema_of(
        "create table Parent (Id integer primary key, code unique);
         create table two (a, b, primary key (a, b));
         create table child (
             p1 references parent (ID), p2 references PARENT, p3 references parent (code),
             q references two, gone references missing (id), wrong references parent (nope), x, y,
             foreign key (x, y) references two (a, b));
         create table also (child_of references parent);
         create view seen as select 1 as id;
         create table looker (s references seen (id));",
    )
    .await;
    let child = &schema.tables["child"];
    assert_eq!(child.foreign_key_parts.len(), 8);
    assert_eq!(
        child.outgoing,
        [
            key("Parent", "wrong", "nope"),
            key("Parent", "p3", "code"),
            key("Parent", "p2", "Id"),
            key("Parent", "p1", "Id")
        ]
    );
    assert_eq!(
        schema.tables["Parent"].incoming,
        [
            key("also", "Id", "child_of"),
            key("child", "Id", "p1"),
            key("child", "Id", "p2"),
            key("child", "code", "p3"),
            key("child", "nope", "wrong"),
        ]
    );
    assert!(schema.tables["two"].incoming.is_empty());
    assert!(schema.tables["looker"].outgoing.is_empty());
}

// Proves: LABEL-08
#[tokio::test]
async fn labels_follow_the_rules_in_order() {
    let (_file, schema) = schema_of(
        "create table unique_text (id integer primary key, name text, code text unique);
         create table two_unique (id integer primary key, a text unique, b text unique, Title text);
         create table text_key (slug text primary key, other text, number integer unique);
         create table untyped (id integer primary key, x unique);
         create table named (id integer primary key, TITLE text, Name text);
         create table pair (id integer primary key, word text);
         create table pair_last (word text, pk integer primary key);
         create table both (id integer, pk integer);
         create table upper_id (ID integer primary key, word text);
         create table none (id integer primary key, a text, b text);
         create table compound (a text, b text, c, unique (a, b));
         create table generated (id integer primary key, word text, name text as (word));
         create view seen as select 1 as id, 'x' as name;",
    )
    .await;
    let label = |table: &str| {
        let table = &schema.tables[table];
        table
            .label_column
            .map(|index| table.columns[index].name.clone())
    };
    let cases = [
        ("unique_text", Some("code")),
        ("two_unique", Some("Title")),
        ("text_key", Some("slug")),
        ("untyped", Some("x")),
        ("named", Some("TITLE")),
        ("pair", Some("word")),
        ("pair_last", Some("word")),
        ("both", None),
        ("upper_id", None),
        ("none", None),
        ("compound", None),
        ("generated", Some("word")),
        ("seen", None),
    ];
    for (table, expected) in cases {
        assert_eq!(label(table).as_deref(), expected, "{table}");
    }
}

// Proves: SEARCH-01, SEARCH-02, SEARCH-03, EXT-30
#[tokio::test]
async fn search_tables_are_found_for_the_tables_that_name_them() {
    let (_file, schema) = schema_of(
        "create table docs (a);
         create table \"Bracketed one\" (a);
         create table axb (a);
         create table \"a_b\" (a);
         create table single (a);
         create table bare (a);
         create view seen as select 1 as a;
         create virtual table docs_fts USING FTS4 (a, content=\"DOCS\");
         create virtual table docs_again using fts5 (a, content=\"docs\");
         create virtual table bracket_fts using fts5 (a, content=[Bracketed one]);
         create virtual table under_fts using fts5 (a, content=\"a_b\");
         create virtual table single_fts using fts5 (a, content='single');
         create virtual table bare_fts using fts5 (a, content=bare);
         create virtual table seen_fts using fts5 (a, content=\"seen\");
         create virtual table places using rtree (id, x0, x1);
         create virtual table words using fts5vocab ('docs_again', 'row');
         create table mentions (a default 'VIRTUAL TABLE USING FTS5 content=\"axb\"');",
    )
    .await;
    let cases = [
        ("docs", Some("docs_fts")),
        ("Bracketed one", Some("bracket_fts")),
        ("a_b", Some("under_fts")),
        ("axb", None),
        ("single", None),
        ("bare", None),
        ("seen", None),
        ("docs_fts", Some("docs_fts")),
        ("single_fts", Some("single_fts")),
        ("words", Some("words")),
        ("places", None),
        ("docs_fts_segments", None),
    ];
    for (table, expected) in cases {
        assert_eq!(
            schema.tables[table].fts_table.as_deref(),
            expected,
            "{table}"
        );
    }
}

// Proves: HIDE-01, PERM-56, PERM-58, EXT-37
#[tokio::test]
async fn hidden_and_derived_tables_are_known() {
    let (_file, schema) = schema_of(
        "create table docs (a);
         create table _private (a);
         create table plain_data (a);
         create index docs_a on docs (a);
         insert into docs values (1); analyze;
         create view _seen as select 1 as a;
         create virtual table outer_fts using fts5 (a, content=\"docs\");
         create virtual table own using fts4 (a);
         create virtual table empty using fts5 (a, content='');
         create virtual table words using fts5vocab ('outer_fts', 'row');
         create virtual table places using rtree (id, x0, x1);",
    )
    .await;
    let from = |name: &str| Derivation::From(name.to_owned());
    let cases = [
        ("docs", false, Derivation::None),
        ("_private", true, Derivation::None),
        ("plain_data", false, Derivation::None),
        ("sqlite_stat1", true, Derivation::None),
        ("_seen", false, Derivation::None),
        ("outer_fts", true, from("docs")),
        ("outer_fts_data", true, from("outer_fts")),
        ("outer_fts_config", true, from("outer_fts")),
        ("own", false, Derivation::None),
        ("own_content", true, from("own")),
        ("own_segdir", true, from("own")),
        ("empty", true, Derivation::None),
        ("empty_docsize", true, from("empty")),
        ("words", false, from("outer_fts")),
        ("places", false, Derivation::None),
        ("places_node", true, from("places")),
    ];
    for (table, hidden, derivation) in cases {
        let table = &schema.tables[table];
        assert_eq!(table.hidden, hidden, "{}", table.name);
        assert_eq!(table.derivation, derivation, "{}", table.name);
    }
}

// Proves: HIDE-02
#[tokio::test]
async fn tables_of_spatialite_are_hidden_where_it_is_in_use() {
    let common = "create table idx_roads_geom (a); create table IDXroads (a); create table KNN (a);
        create table seq (a integer primary key autoincrement);";
    let (_file, without) = schema_of(common).await;
    let (_file, with) = schema_of(&format!("{common} create table geometry_columns (a);")).await;
    for table in ["idx_roads_geom", "IDXroads", "KNN", "sqlite_sequence"] {
        assert!(!without.tables[table].hidden, "{table}");
        assert!(with.tables[table].hidden, "{table}");
    }
    assert!(with.tables["geometry_columns"].hidden);
    assert!(!with.tables["seq"].hidden);
}

#[tokio::test]
async fn what_cannot_be_described_is_listed_without_columns() {
    let file = file_with("create table t (a); create view broken as select * from t, gone;");
    from_outside(
        file.path(),
        "pragma writable_schema = on;
         insert into sqlite_schema (type, name, tbl_name, rootpage, sql)
         values ('table', 'alien', 'alien', 0, 'CREATE VIRTUAL TABLE alien USING nosuchmod(a)')",
    );
    let database = Database::open(options(file.path())).unwrap();
    let schema = database.schema().await.unwrap();
    assert_eq!(names(&schema.tables["t"]), ["a"]);
    assert!(schema.tables["broken"].is_view());
    assert!(schema.tables["broken"].columns.is_empty());
    assert_eq!(
        schema.tables["alien"].kind,
        TableKind::Virtual("nosuchmod".to_owned())
    );
    assert_eq!(refusal(database.check().await), "no such module: nosuchmod");
    let whole = file_with("create table t (a); create view broken as select * from gone;");
    let database = Database::open(options(whole.path())).unwrap();
    assert!(database.check().await.is_ok());
}

#[tokio::test]
async fn a_table_named_like_a_pragma_function_deceives_nobody() {
    let (_file, schema) = schema_of(
        "create table pragma_table_xinfo (a);
         create table pragma_table_list (b);
         create virtual table f using fts5 (x);",
    )
    .await;
    assert_eq!(names(&schema.tables["pragma_table_xinfo"]), ["a"]);
    assert_eq!(names(&schema.tables["pragma_table_list"]), ["b"]);
    assert!(schema.tables["f_data"].hidden);
}

#[tokio::test]
async fn the_schema_is_introspected_once_per_version() {
    let file = file_with("create table t (a)");
    let database = Database::open(options(file.path())).unwrap();
    assert!(database.cached_schema().is_none());
    let first = database.schema().await.unwrap();
    assert!(Arc::ptr_eq(&first, &database.schema().await.unwrap()));
    assert!(Arc::ptr_eq(&first, &database.cached_schema().unwrap()));
    // Rows change, the schema stays the same object.
    from_outside(file.path(), "insert into t values (1)");
    assert!(Arc::ptr_eq(&first, &database.schema().await.unwrap()));
    let inside = database.read(|reader| Ok(reader.schema()?)).await.unwrap();
    assert!(Arc::ptr_eq(&first, &inside));
    from_outside(file.path(), "create table u (b)");
    let second = database.schema().await.unwrap();
    assert!(second.tables.contains_key("u"));
    assert!(second.version > first.version);
    database
        .write(|writer| {
            writer.execute("create table w (c)", &[])?;
            assert!(writer.schema()?.tables.contains_key("w"));
            Ok(())
        })
        .await
        .unwrap();
    assert!(database.schema().await.unwrap().tables.contains_key("w"));
}

#[tokio::test]
async fn hundreds_of_tables_are_milliseconds_of_work() {
    let script: String = (0..488)
        .map(|number| {
            format!(
                "create table t{number} (id integer primary key, name text unique, a, b real, c,
                     other integer references t{});
                 create index i{number} on t{number} (a, b);",
                number / 2
            )
        })
        .collect();
    let file = file_with(&format!("begin; {script} commit;"));
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let database = Database::open(options(file.path())).unwrap();
        // The first visit opens the lane and has SQLite parse the schema.
        database
            .read(|reader| Ok(reader.schema_version()?))
            .await
            .unwrap();
        let (schema, worked) = database
            .read(|reader| {
                let before = effort();
                let schema = reader.schema()?;
                Ok((schema, effort() - before))
            })
            .await
            .unwrap();
        best = best.min(worked);
        assert_eq!(schema.tables.len(), 488);
        assert_eq!(schema.tables["t7"].outgoing, [key("t3", "other", "id")]);
    }
    // Built without optimisation this code is several times slower.
    let allowed = if cfg!(debug_assertions) { 150 } else { 15 };
    assert!(best < Duration::from_millis(allowed), "{best:?}");
}
