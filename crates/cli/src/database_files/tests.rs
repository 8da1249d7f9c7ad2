use std::fs;

use super::*;

fn names(files: &[&str], immutable: &[&str], memory: bool) -> Vec<(String, Option<bool>)> {
    let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
    let named = Named {
        files: &paths(files),
        immutable: &paths(immutable),
        memory,
        // Nothing is looked for, so the files need not exist.
        create: true,
        inspect_file: None,
    };
    let databases = settle(named).unwrap().databases;
    let named = databases
        .into_iter()
        .map(|one| (one.name, one.file.map(|file| file.immutable)));
    named.collect()
}

fn only_names(files: &[&str]) -> Vec<String> {
    names(files, &[], false)
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

// Proves: CLI-68
#[test]
fn a_database_is_called_after_its_file() {
    let files = [
        "one.db",
        "we ird.name.db",
        "noext",
        ".hidden.db",
        ".plain",
        "odd.",
    ];
    assert_eq!(
        only_names(&files),
        ["one", "we ird.name", "noext", ".hidden", ".plain", "odd."]
    );
}

// Proves: CLI-70
#[test]
fn a_name_that_is_taken_gets_a_number() {
    assert_eq!(
        only_names(&["a.db", "n1/a.db", "a_2.db"]),
        ["a", "a_2", "a_2_2"]
    );
    assert_eq!(
        only_names(&["a_2.db", "a.db", "n1/a.db"]),
        ["a_2", "a", "a_3"]
    );
    let with_memory = names(&["_memory.db"], &[], true);
    assert_eq!(
        with_memory,
        [
            ("_memory".to_owned(), None),
            ("_memory_2".to_owned(), Some(false))
        ]
    );
}

// Proves: CLI-02, CLI-69, CLI-72, MEM-01
#[test]
fn memory_comes_first_and_immutable_files_last() {
    assert_eq!(names(&[], &[], false), [("_memory".to_owned(), None)]);
    assert_eq!(
        names(&["one.db", "two.db"], &["three.db", "one.db"], true),
        [
            ("_memory".to_owned(), None),
            ("one".to_owned(), Some(true)),
            ("two".to_owned(), Some(false)),
            ("three".to_owned(), Some(true)),
            ("one_2".to_owned(), Some(true)),
        ]
    );
}

// Proves: CLI-60, CLI-71, CLI-73
#[test]
fn what_cannot_be_served_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    fs::write(place("one.db"), "").unwrap();
    fs::create_dir(place("a")).unwrap();
    fs::create_dir(place("b.db")).unwrap();
    let refused = |files: &[PathBuf], create| {
        let named = Named {
            files,
            create,
            ..Named::default()
        };
        let verified = settle(named).and_then(|settled| verify(named, &settled));
        let failure = verified.unwrap_err();
        assert_eq!(failure.code(), 1);
        failure.text()
    };
    let missing = place("missing.db");
    assert_eq!(
        refused(&[place("one.db"), missing.clone()], false),
        format!(
            "Error: Invalid value for '[FILES]...': Path '{}' does not exist.",
            missing.display()
        )
    );
    let twice = refused(&[place("one.db"), place("a/../one.db")], false);
    assert!(
        twice.starts_with("Error: Duplicate database file: '"),
        "{twice}"
    );
    let real = place("one.db").canonicalize().unwrap();
    assert!(
        twice.ends_with(&format!("both refer to {}", real.display())),
        "{twice}"
    );
    let created_twice = refused(&[missing, place("a/../missing.db")], true);
    assert!(created_twice.contains("Duplicate"), "{created_twice}");
    assert_eq!(
        refused(&[place("a"), place("b.db")], false),
        "Error: Cannot pass multiple directories. Pass a single directory as config_dir."
    );
}

// Proves: CLI-150, CLI-151, CLI-152, CLI-156
#[test]
fn a_directory_brings_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("site");
    fs::create_dir(&directory).unwrap();
    let files = [directory.clone(), PathBuf::from("elsewhere.db")];
    let settled = |files, immutable| {
        let named = Named {
            files,
            immutable,
            create: true,
            ..Named::default()
        };
        settle(named).unwrap()
    };
    let empty = settled(&files[..1], &[]);
    assert_eq!(empty.config_dir, Some(directory.clone()));
    assert_eq!(empty.databases[0].name, "_memory");

    for name in ["live.db", "still.sqlite", "x.txt"] {
        fs::write(directory.join(name), "").unwrap();
    }
    let inspected = r#"{"still": {"file": "still.sqlite", "hash": "abc"}}"#;
    fs::write(directory.join("inspect-data.json"), inspected).unwrap();
    let settled_names = |found: &DatabaseFiles| -> Vec<(String, bool)> {
        let databases = found.databases.iter();
        databases
            .map(|one| (one.name.clone(), one.file.as_ref().unwrap().immutable))
            .collect()
    };
    let found = settled(&files, &[]);
    let expected = [("elsewhere", false), ("live", false), ("still", true)];
    assert_eq!(
        settled_names(&found),
        expected.map(|(name, is)| (name.to_owned(), is))
    );
    assert_eq!(
        found.inspect_data.get("still").unwrap().hash.as_deref(),
        Some("abc")
    );
    let other = [directory.join("other.db")];
    let found = settled(&files[..1], &other);
    let expected = [("other", true), ("live", false), ("still", false)];
    assert_eq!(
        settled_names(&found),
        expected.map(|(name, is)| (name.to_owned(), is))
    );

    fs::write(directory.join("inspect-data.json"), "{").unwrap();
    let named = Named {
        files: &files[..1],
        ..Named::default()
    };
    assert!(
        settle(named)
            .unwrap_err()
            .text()
            .contains("is not valid JSON")
    );
}
