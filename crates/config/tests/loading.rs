//! Files, directories and `-s` together.

// Helpers of tests may fail loudly, as tests do.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use datasette_config::{Config, Sources, load};
use datasette_core::{Fault, MetadataEntry, MetadataScope};
use serde_json::json;

fn pairs(settings: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    settings.iter().map(owned).collect()
}

fn with_settings(settings: &[(&str, &str)]) -> Result<Config, Fault> {
    load(Sources {
        settings: pairs(settings),
        ..Sources::default()
    })
}

fn message(settings: &[(&str, &str)]) -> String {
    with_settings(settings).unwrap_err().message()
}

// Proves: CLI-85, CLI-88, CLI-89
#[test]
fn full_paths_must_have_the_right_type() {
    let hint = "Hint: In YAML/JSON config files, remove quotes from boolean and integer values.";
    assert_eq!(
        message(&[("settings.allow_facet", "off")]),
        format!(
            "Setting 'allow_facet' in config file has incorrect type. Expected bool, got str. \
             Value: 'off'. {hint} (-s settings.allow_facet)"
        )
    );
    assert_eq!(
        message(&[("base_url", "5")]),
        format!(
            "Setting 'base_url' in config file has incorrect type. Expected str, got int. \
             Value: 5. {hint} (-s base_url)"
        )
    );
    assert_eq!(
        message(&[("settings.nosuch", "1")]),
        "Invalid setting 'nosuch' in config file (-s settings.nosuch)"
    );
    let config = with_settings(&[("nosuch", "1"), ("hash_urls", "1")]).unwrap();
    assert_eq!(config.raw, json!({"nosuch": 1, "hash_urls": 1}));
    assert!(
        !with_settings(&[("allow_facet", "off")])
            .unwrap()
            .settings
            .allow_facet
    );
}

// Proves: CLI-91, PERM-44
#[test]
fn permissions_can_be_set_from_the_command_line() {
    let config = with_settings(&[
        ("permissions.execute-sql", "0"),
        ("permissions.insert-row.id", "alice"),
        ("allow", "false"),
        ("databases.one.allow_sql", "{\"id\": [\"a\", \"b\"]}"),
    ])
    .unwrap();
    let alice = datasette_core::Actor::with_id("alice");
    let blocks = &config.instance.permissions;
    assert!(!blocks["execute-sql"].allows(Some(&alice)));
    assert!(blocks["insert-row"].allows(Some(&alice)));
    assert!(!config.instance.allow.unwrap().allows(Some(&alice)));
    let of_database = config.databases["one"].allow_sql.clone().unwrap();
    assert!(of_database.allows(Some(&datasette_core::Actor::with_id("b"))));
}

struct Site {
    directory: tempfile::TempDir,
}

impl Site {
    fn new(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(directory.path().join(name), content).unwrap();
        }
        Self { directory }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn file(&self, name: &str) -> Option<PathBuf> {
        Some(self.path().join(name))
    }

    fn sources(&self) -> Sources {
        Sources {
            config_dir: Some(self.path().to_owned()),
            ..Sources::default()
        }
    }
}

// Proves: CLI-87, SET-03
#[test]
fn arguments_merge_over_the_file() {
    let site = Site::new(&[(
        "c.yaml",
        "settings: {default_page_size: 5, max_csv_mb: 6}\na: {b: 1}",
    )]);
    let config = load(Sources {
        config_file: site.file("c.yaml"),
        settings: pairs(&[("default_page_size", "7"), ("a.c", "2")]),
        ..Sources::default()
    })
    .unwrap();
    assert_eq!(config.settings.default_page_size, 7);
    assert_eq!(config.settings.max_csv_mb, 6);
    assert_eq!(config.settings.max_returned_rows, 1000);
    assert_eq!(config.raw["a"], json!({"b": 1, "c": 2}));
}

#[test]
fn a_mistake_of_an_argument_is_not_blamed_on_the_file() {
    let site = Site::new(&[("c.yaml", "settings:\n  max_csv_mb: 6\n")]);
    let fault = load(Sources {
        config_file: site.file("c.yaml"),
        settings: pairs(&[("settings.max_csv_mb", "x")]),
        ..Sources::default()
    })
    .unwrap_err();
    assert!(!fault.message().contains("c.yaml"), "{fault}");
}

// Proves: CLI-153, CLI-155
#[test]
fn a_directory_brings_its_files() {
    let site = Site::new(&[
        ("datasette.yaml", "a: 1"),
        ("datasette.json", "{\"b\": 2}"),
        ("metadata.yaml", "title: T"),
    ]);
    let config = load(site.sources()).unwrap();
    assert_eq!(config.raw, json!({"b": 2}));
    assert_eq!(config.metadata.instance()["title"], "T");
}

// Proves: CLI-154
#[test]
fn any_argument_hides_the_configuration_of_the_directory() {
    let site = Site::new(&[("datasette.yaml", "a: 1"), ("c.yaml", "c: 3")]);
    let mut sources = site.sources();
    sources.settings = pairs(&[("plugins.x.y", "1")]);
    assert_eq!(
        load(sources).unwrap().raw,
        json!({"plugins": {"x": {"y": 1}}})
    );
    let mut sources = site.sources();
    sources.config_file = site.file("c.yaml");
    assert_eq!(load(sources).unwrap().raw, json!({"c": 3}));
}

// Proves: CLI-155, META-21
#[test]
fn a_metadata_file_hides_that_of_the_directory_unless_empty() {
    let site = Site::new(&[
        ("metadata.json", "{\"title\": \"inner\"}"),
        ("m.yaml", "title: outer"),
        ("e.yaml", ""),
    ]);
    let title = |name: &str| {
        let mut sources = site.sources();
        sources.metadata_file = site.file(name);
        load(sources).unwrap().metadata.instance["title"].clone()
    };
    assert_eq!(title("m.yaml"), "outer");
    assert_eq!(title("e.yaml"), "inner");
}

// Proves: CLI-162
#[test]
fn unreadable_configuration_ends_the_start() {
    let site = Site::new(&[("datasette.yaml", "a: [")]);
    let words = load(site.sources()).unwrap_err().message();
    assert!(
        words.contains("datasette.yaml:1:5: Metadata is not valid JSON or YAML: "),
        "{words}"
    );
    let missing = load(Sources {
        config_file: site.file("missing.yaml"),
        ..Sources::default()
    });
    assert!(missing.unwrap_err().message().contains("missing.yaml"));
}

fn metadata_of(file: &str) -> Result<Config, Fault> {
    load(Sources {
        metadata_file: Some(PathBuf::from(file)),
        ..Sources::default()
    })
}

// Proves: META-01, META-03, META-04, META-05, META-06, META-08, CONF-98, CONF-99
#[test]
fn metadata_becomes_text_entries() {
    let config = metadata_of("tests/metadata/everything.yaml").unwrap();
    let entry = |scope: &MetadataScope, key: &str, value: &str| MetadataEntry {
        scope: scope.clone(),
        key: key.to_owned(),
        value: value.to_owned(),
    };
    let instance = MetadataScope::Instance;
    let database = MetadataScope::Database("one".to_owned());
    let table = MetadataScope::Resource("one".to_owned(), "t".to_owned());
    let column =
        |name: &str| MetadataScope::Column("one".to_owned(), "t".to_owned(), name.to_owned());
    assert_eq!(
        config.metadata.entries(),
        [
            entry(&instance, "title", "T"),
            entry(&instance, "count", "5"),
            entry(&instance, "truth", "true"),
            entry(&instance, "nothing", "null"),
            entry(&instance, "day", "\"2026-11-22\""),
            entry(&instance, "units", r#"{"name": "m", "\u00e9": [1, 2]}"#),
            entry(&database, "source", "S"),
            // What is below a database stands in the order of its keys.
            entry(&table, "facet_size", "3"),
            entry(&table, "title", "TT"),
            entry(&column("n"), "description", "5"),
            entry(&column("name"), "description", "Name desc"),
            entry(&column("o"), "description", r#"{"a": 1}"#),
            entry(&column("on"), "description", "1"),
        ]
    );
    assert_eq!(
        config.raw,
        json!({"allow": {"id": "root"}, "databases": {"one": {"tables": {"t": {"size": 2}}}}})
    );
}

// Proves: META-09
#[test]
fn nothing_is_inherited() {
    let metadata = metadata_of("tests/metadata/everything.yaml")
        .unwrap()
        .metadata;
    assert_eq!(metadata.database("one"), json!({"source": "S"}).as_object());
    assert!(!metadata.table("one", "t").unwrap().contains_key("source"));
    assert_eq!(metadata.columns("one", "t").unwrap()["name"], "Name desc");
    assert_eq!(metadata.database("two"), None);
}

// Proves: META-01
#[test]
fn metadata_must_have_the_right_shape() {
    let words = metadata_of("tests/metadata/database_text.yaml")
        .unwrap_err()
        .message();
    assert_eq!(
        words,
        "tests/metadata/database_text.yaml:2: databases.one must be a mapping, not text"
    );
}

// Proves: CONF-85, CONF-88, CONF-62, CONF-89
#[test]
fn the_shown_configuration_is_merged_and_starred() {
    let site = Site::new(&[
        (
            "c.yaml",
            "plugins: {p: {name: {$env: HOME}, secret: x, day: 2026-11-22}}",
        ),
        ("m.yaml", "databases: {one: {tables: {t: {size: 2}}}}"),
    ]);
    let config = load(Sources {
        config_file: site.file("c.yaml"),
        metadata_file: site.file("m.yaml"),
        settings: pairs(&[("allow_facet", "off")]),
        ..Sources::default()
    })
    .unwrap();
    assert_eq!(
        datasette_config::redact::redact(&config.raw),
        json!({
            "plugins": {"p": {"name": {"$env": "HOME"}, "secret": "***", "day": "2026-11-22"}},
            "settings": {"allow_facet": false},
            "databases": {"one": {"tables": {"t": {"size": 2}}}},
        })
    );
}

// Proves: CONF-46, CONF-70, STORED-03
#[test]
fn queries_and_column_types_are_ready_to_be_stored() {
    let read = |name: &str| {
        load(Sources {
            config_file: Some(PathBuf::from(format!("tests/valid/{name}.yaml"))),
            ..Sources::default()
        })
        .unwrap()
    };
    let queries: Vec<_> = read("queries").stored_queries().collect();
    assert_eq!(queries.len(), 3);
    assert_eq!(queries[1].name, "full");
    assert_eq!(queries[1].parameters, ["y", "x"]);
    assert!(!queries[1].is_trusted && queries[0].is_trusted && queries[2].is_write);
    assert!(queries.iter().all(|query| {
        query.source == "config" && query.owner_id.is_none() && !query.is_private
    }));
    let types: Vec<_> = read("table_options").column_types().collect();
    let names: Vec<_> = types.iter().map(|given| given.type_name.as_str()).collect();
    assert_eq!(names, ["url", "json", "email"]);
    assert_eq!(
        (types[1].resource.as_str(), types[1].column.as_str()),
        ("everything", "data")
    );
    assert_eq!(types[1].config, json!({"indent": 2}).as_object().cloned());
}
