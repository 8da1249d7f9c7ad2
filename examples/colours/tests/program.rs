//! The program that was built with the plugin does what the plugin adds.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

fn answered(folder: &Path, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_datasette-with-colours"))
        .args(words)
        .current_dir(folder)
        .env("DATASETTE_VENV", folder.join("no-venv"))
        .env_remove("DATASETTE_PYTHON")
        .env_remove("VIRTUAL_ENV")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_plugin_is_part_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let listed = answered(folder.path(), &["plugins"]);
    assert!(listed.contains("\"name\": \"colours\""), "{listed}");

    let sql = "/_memory/-/query?sql=select+%27%23ff8800%27+as+shade";
    let page = answered(folder.path(), &["--memory", "--get", sql]);
    assert!(page.contains("<span style=\"color: #ff8800\">■</span> #ff8800"));
    assert!(page.contains("<a href=\"/-/my-tables\""));

    let configured = ["-s", "plugins.colours.sign", "<o>"];
    let words = [&["--memory", "--get", sql][..], &configured].concat();
    assert!(answered(folder.path(), &words).contains("&lt;o></span> #ff8800"));

    let list = ["--memory", "--get", "/-/my-tables"];
    assert_eq!(answered(folder.path(), &list).trim_end(), "");
}
