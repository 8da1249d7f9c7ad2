//! `-c`: a configuration file, or what somebody hands over.

use std::io::Write;
use std::process::Stdio;

use serde_json::json;

use crate::folder::{Folder, ran};

// Proves: CLI-33
#[test]
fn the_configuration_is_a_file_or_the_standard_input() {
    let folder = Folder::new();
    folder.write("pages.yaml", "settings:\n  default_page_size: 1\n");
    folder.write("pages.json", r#"{"settings": {"default_page_size": 2}}"#);
    let path = "/one/t.json?_shape=arrayfirst";
    let rows = |arguments: &[&str]| folder.json(&[&["one.db"], arguments].concat(), path);
    assert_eq!(rows(&["-c", "pages.yaml"]), json!([1]));
    assert_eq!(rows(&["--config", "pages.json"]), json!([1, 2]));
    assert_eq!(rows(&["--config=pages.yaml"]), json!([1]));
    // The last one counts.
    assert_eq!(
        rows(&["-c", "pages.yaml", "-c", "pages.json"]),
        json!([1, 2])
    );
    let mut child = folder
        .command(&["one.db", "-c", "-", "--get", path])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut given = child.stdin.take().unwrap();
    given
        .write_all(b"settings: {default_page_size: 1}")
        .unwrap();
    drop(given);
    let ran = ran(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.text().as_str()), (Some(0), "[1]\n"));
}
