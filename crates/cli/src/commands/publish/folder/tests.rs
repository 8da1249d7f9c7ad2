//! Folders on a real disk.

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use super::super::context::text;
use super::*;

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

fn entry(path: &str, content: Content) -> Entry {
    Entry {
        path: path.to_owned(),
        content,
    }
}

// Proves: PUB-14
#[test]
fn files_are_links_in_a_folder_that_goes_away() {
    let source = tempfile::tempdir().unwrap();
    let one = source.path().join("one.db");
    fs::write(&one, "data").unwrap();
    fs::set_permissions(&one, fs::Permissions::from_mode(0o644)).unwrap();
    let link = source.path().join("link.db");
    symlink("one.db", &link).unwrap();
    let folder = TemporaryFolder::write(
        "name",
        &[
            entry("app/one.db", Content::File(one.clone())),
            entry("app/link.db", Content::File(link)),
            entry("secret", Content::SecretText("s".to_owned())),
            entry("run", Content::Script("r".to_owned())),
        ],
    )
    .unwrap();
    let path = folder.path().to_owned();
    assert!(path.ends_with("name"));
    let own = one.metadata().unwrap();
    for name in ["app/one.db", "app/link.db"] {
        let written = path.join(name).symlink_metadata().unwrap();
        assert!(written.is_file(), "{name}");
        // A temporary folder may be on another disk, where links are copies.
        if written.dev() == own.dev() {
            assert_eq!(written.ino(), own.ino(), "{name}");
        }
    }
    assert_eq!(mode(&path.join("secret")), 0o600);
    assert_eq!(mode(&path.join("run")), 0o755);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    drop(folder);
    assert!(!path.exists() && !path.parent().unwrap().exists());
    assert_eq!(fs::read_to_string(&one).unwrap(), "data");
}

#[test]
fn the_container_may_read_what_only_the_user_could() {
    let source = tempfile::tempdir().unwrap();
    let one = source.path().join("one.db");
    fs::write(&one, "data").unwrap();
    fs::set_permissions(&one, fs::Permissions::from_mode(0o600)).unwrap();
    let entries = [entry("one.db", Content::File(one.clone()))];
    let folder = TemporaryFolder::write("name", &entries).unwrap();
    assert_eq!(mode(&folder.path().join("one.db")), 0o644);
    assert_eq!(mode(&one), 0o600);
}

// Proves: PUB-05, PUB-06
#[test]
fn folders_are_copied_with_what_links_lead_to() {
    let source = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    fs::create_dir(source.path().join("deep")).unwrap();
    fs::write(source.path().join("deep/a.css"), "a").unwrap();
    fs::write(other.path().join("b.css"), "b").unwrap();
    symlink(other.path(), source.path().join("linked")).unwrap();
    let entries = [entry("x/y", Content::Folder(source.path().to_owned()))];
    let folder = TemporaryFolder::write("name", &entries).unwrap();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("x/y/deep/a.css"), "a");
    assert_eq!(read("x/y/linked/b.css"), "b");

    symlink(source.path(), source.path().join("deep/again")).unwrap();
    let refused = TemporaryFolder::write("name", &entries).err().unwrap();
    assert!(
        refused.text().contains("leads back to a folder"),
        "{}",
        refused.text()
    );
}

#[test]
fn nothing_is_written_over_something() {
    let twice = [text("a", "1"), text("a", "2")];
    let refused = TemporaryFolder::write("name", &twice).err().unwrap();
    assert_eq!(refused.text(), "Error: Could not copy a: File exists");
    for name in ["", ".", "..", "a/b", "/a"] {
        assert!(TemporaryFolder::write(name, &[]).is_err(), "{name}");
    }
}

#[test]
fn a_generated_folder_is_new_and_holds_copies() {
    let parent = tempfile::tempdir().unwrap();
    let one = parent.path().join("one.db");
    fs::write(&one, "data").unwrap();
    let generated = parent.path().join("deep/out");
    let entries = [entry("one.db", Content::File(one.clone()))];
    generate(&generated, &entries).unwrap();
    let written = generated.join("one.db").metadata().unwrap();
    assert_ne!(written.ino(), one.metadata().unwrap().ino());
    assert_eq!(mode(&generated), 0o700);
    let again = generate(&generated, &entries).unwrap_err();
    assert_eq!(again.text(), "Error: Directory already exists");
    let half = parent.path().join("half");
    let missing = entry("two.db", Content::File(parent.path().join("two.db")));
    assert!(generate(&half, &[entries[0].clone(), missing]).is_err());
    assert!(!half.exists());
}
