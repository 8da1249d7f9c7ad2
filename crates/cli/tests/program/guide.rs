//! The guide to configuration tells the truth: its files are written, its commands are run.

use std::fs;
use std::path::Path;

use crate::folder::Folder;

/// A fenced block: what its fence says, and its lines.
pub(crate) fn blocks(text: &str) -> Vec<(String, Vec<String>)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, Vec<String>)> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(kind), None) => open = Some((kind.to_owned(), Vec::new())),
            (Some(_), Some(block)) => blocks.push(block),
            (None, Some((kind, mut lines))) => {
                lines.push(line.to_owned());
                open = Some((kind, lines));
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// The words of a command; single quotes hold one together.
pub(crate) fn words(command: &str) -> Vec<&str> {
    let parts = command.split('\'').enumerate();
    let words = parts.flat_map(|(number, part)| match number % 2 {
        1 => vec![part],
        _ => part.split_whitespace().collect(),
    });
    words.collect()
}

fn run(folder: &Folder, command: &str, expected: &[&str]) {
    let words = words(command);
    assert_eq!(words[0], "datasette", "{command}");
    let ran = folder.run(&words[1..]);
    let said = format!("{}{}", ran.err, ran.text());
    assert_eq!(said.lines().collect::<Vec<_>>(), expected, "{command}");
}

#[test]
fn what_the_guide_to_configuration_shows_is_so() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides/configuration.md");
    let guide = fs::read_to_string(guide).unwrap();
    let folder = Folder::new();
    let mut commands = 0;
    for (kind, lines) in blocks(&guide) {
        match kind.as_str() {
            "sql" => drop(folder.database("city.db", &lines.join("\n"))),
            "yaml" => {
                let name = lines[0].strip_prefix("# ").unwrap();
                folder.write(name, lines.join("\n"));
            }
            "console" => {
                let mut rest = lines.iter().map(String::as_str).peekable();
                while let Some(line) = rest.next() {
                    let command = line.strip_prefix("$ ").unwrap();
                    let mut expected = Vec::new();
                    while let Some(said) = rest.next_if(|line| !line.starts_with("$ ")) {
                        expected.push(said);
                    }
                    run(&folder, command, &expected);
                    commands += 1;
                }
            }
            other => panic!("nobody knows how to try a block of {other:?}"),
        }
    }
    assert!(commands >= 9, "only {commands} commands were found");
}
