//! Metadata and column types.

mod fixture;

use datasette_core::{ColumnTypeAssignment, MetadataEntry, MetadataScope};
use fixture::{internal, rows, run};
use serde_json::json;

fn entry(scope: MetadataScope, key: &str, value: &str) -> MetadataEntry {
    MetadataEntry {
        scope,
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

fn database() -> MetadataScope {
    MetadataScope::Database("one".to_owned())
}

fn resource() -> MetadataScope {
    MetadataScope::Resource("one".to_owned(), "t".to_owned())
}

fn column(name: &str) -> MetadataScope {
    MetadataScope::Column("one".to_owned(), "t".to_owned(), name.to_owned())
}

// Proves: META-04, META-08, META-14, META-20
#[tokio::test]
async fn entries_come_back_by_level_and_in_order() {
    let internal = internal().await;
    let entries = vec![
        entry(MetadataScope::Instance, "title", "T"),
        entry(MetadataScope::Instance, "about", "A"),
        entry(database(), "title", "D"),
        entry(database(), "license", "L"),
        entry(resource(), "title", "R"),
        entry(resource(), "source", "S"),
        entry(column("b"), "description", "second"),
        entry(column("a"), "description", "first"),
    ];
    internal.store_metadata(entries).await.unwrap();
    let metadata = internal.metadata().await.unwrap();
    assert!(metadata.instance().keys().eq(["title", "about"]));
    assert!(metadata.database("one").keys().eq(["license", "title"]));
    assert!(metadata.resource("one", "t").keys().eq(["source", "title"]));
    assert!(metadata.columns("one", "t").keys().eq(["a", "b"]));
    assert_eq!(metadata.column("one", "t", "b")["description"], "second");
    // META-09: nothing is inherited.
    assert!(metadata.database("two").is_empty());
    assert!(metadata.resource("one", "u").is_empty());
    assert!(metadata.column("one", "t", "c").is_empty());
    let stored = rows(
        internal.database(),
        "select * from metadata_columns order by 3",
    )
    .await;
    assert_eq!(
        stored,
        ["one|t|a|description|first", "one|t|b|description|second"]
    );
}

// Proves: META-07
#[tokio::test]
async fn storing_replaces_key_by_key() {
    let internal = internal().await;
    let store = async |value: &str, scope| {
        let entries = vec![entry(scope, "k", value)];
        internal.store_metadata(entries).await.unwrap();
    };
    for scope in [MetadataScope::Instance, database(), resource(), column("a")] {
        store("old", scope.clone()).await;
        store("new", scope).await;
    }
    let other = vec![entry(MetadataScope::Instance, "other", "x")];
    internal.store_metadata(other).await.unwrap();
    let metadata = internal.metadata().await.unwrap();
    assert_eq!(metadata.instance()["k"], "new");
    assert_eq!(metadata.instance()["other"], "x");
    assert_eq!(metadata.database("one")["k"], "new");
    assert_eq!(metadata.resource("one", "t")["k"], "new");
    assert_eq!(metadata.column("one", "t", "a")["k"], "new");
}

#[tokio::test]
async fn changes_by_others_are_seen_at_once() {
    let internal = internal().await;
    assert!(internal.metadata().await.unwrap().instance().is_empty());
    run(
        internal.database(),
        "insert into metadata_instance values ('title', 'by hand')",
    )
    .await;
    let first = internal.metadata().await.unwrap();
    assert_eq!(first.instance()["title"], "by hand");
    let second = internal.metadata().await.unwrap();
    assert!(
        std::sync::Arc::ptr_eq(&first, &second),
        "kept while nothing changes"
    );
}

fn assignment(column: &str, type_name: &str, config: serde_json::Value) -> ColumnTypeAssignment {
    ColumnTypeAssignment {
        database: "one".to_owned(),
        resource: "t".to_owned(),
        column: column.to_owned(),
        type_name: type_name.to_owned(),
        config: config.as_object().cloned(),
    }
}

// Proves: INT-34, CONF-46, CONF-49
#[tokio::test]
async fn column_types_are_overwritten_and_others_remain() {
    let internal = internal().await;
    let first = vec![
        assignment("b", "json", json!({"b": [1], "a": "é"})),
        assignment("a", "url", json!(null)),
        assignment("kept", "email", json!({})),
    ];
    internal.store_column_types(first).await.unwrap();
    let second = vec![assignment("a", "textarea", json!(null))];
    internal.store_column_types(second).await.unwrap();
    assert_eq!(
        rows(internal.database(), "select * from column_types order by 3").await,
        [
            "one|t|a|textarea|-",
            r#"one|t|b|json|{"b": [1], "a": "\u00e9"}"#,
            "one|t|kept|email|-",
        ]
    );
    let types = internal.column_types().await.unwrap();
    let names: Vec<_> = types
        .of("one", "t")
        .iter()
        .map(|given| given.column.as_str())
        .collect();
    assert_eq!(names, ["a", "b", "kept"]);
    assert_eq!(
        types.get("one", "t", "b"),
        Some(&assignment("b", "json", json!({"b": [1], "a": "é"})))
    );
    assert_eq!(types.get("one", "u", "b"), None);
    internal.remove_column_type("one", "t", "b").await.unwrap();
    let types = internal.column_types().await.unwrap();
    assert_eq!(types.get("one", "t", "b"), None);
    assert_eq!(types.of("one", "t").len(), 2);
}
