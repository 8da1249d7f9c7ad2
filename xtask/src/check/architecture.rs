//! The machine-read blocks of ARCHITECTURE.md: the arrows and the promises.

use anyhow::{Result, bail};

/// The document that is read.
pub(crate) const PATH: &str = "ARCHITECTURE.md";

/// One line `subject -> a, b`: a folder and the folders it may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrow {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
}

/// One line `library: a, b`: a library and the only folders that may name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Promise {
    pub(crate) library: String,
    pub(crate) rooms: Vec<String>,
}

/// The arrows. A bare name on the right is a folder below `crates/`; `nothing` is nothing.
pub(crate) fn arrows(document: &str) -> Result<Vec<Arrow>> {
    lines_of(document, "arrows")?
        .into_iter()
        .map(|line| {
            let Some((from, to)) = line.split_once("->") else {
                bail!("{PATH}: `{line}` is not of the form `folder -> folder, folder`");
            };
            let to = listed(to)
                .filter(|name| *name != "nothing")
                .map(as_folder)
                .collect();
            Ok(Arrow {
                from: as_folder(from.trim()),
                to,
            })
        })
        .collect()
}

/// The promises about who may name which library.
pub(crate) fn promises(document: &str) -> Result<Vec<Promise>> {
    lines_of(document, "promises")?
        .into_iter()
        .map(|line| {
            let Some((library, rooms)) = line.split_once(':') else {
                bail!("{PATH}: `{line}` is not of the form `library: folder, folder`");
            };
            Ok(Promise {
                library: library.trim().to_owned(),
                rooms: listed(rooms).map(as_folder).collect(),
            })
        })
        .collect()
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

/// `core` is `crates/core`; the rooms outside `crates/` are written as they lie in the tree.
fn as_folder(name: &str) -> String {
    match name {
        "benches" | "xtask" => name.to_owned(),
        _ if name.contains('/') => name.to_owned(),
        _ => format!("crates/{name}"),
    }
}

/// The non-empty lines of the fenced block with this info string.
fn lines_of<'a>(document: &'a str, info: &str) -> Result<Vec<&'a str>> {
    let mut lines = document.lines().map(str::trim);
    let opening = format!("```{info}");
    if !lines.any(|line| line == opening) {
        bail!("{PATH} has no block that opens with {opening}");
    }
    Ok(lines
        .take_while(|line| !line.starts_with("```"))
        .filter(|line| !line.is_empty())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "# A\n\n```arrows\ncore -> nothing\nquery -> core\ncompat/runner -> nothing\n```\n\n```promises\nrusqlite: sqlite, compat/runner, xtask\n```\n";

    #[test]
    fn blocks_are_read() {
        let arrows = arrows(DOCUMENT).unwrap();
        assert_eq!(arrows.len(), 3);
        assert_eq!(arrows[0].to, Vec::<String>::new());
        assert_eq!(arrows[1].to, ["crates/core"]);
        assert_eq!(arrows[2].from, "compat/runner");
        let promises = promises(DOCUMENT).unwrap();
        assert_eq!(
            promises[0].rooms,
            ["crates/sqlite", "compat/runner", "xtask"]
        );
    }

    #[test]
    fn a_missing_block_or_a_broken_line_is_said() {
        assert!(arrows("# nothing here").is_err());
        assert!(arrows("```arrows\ncore query\n```").is_err());
        assert!(promises("```promises\nrusqlite sqlite\n```").is_err());
    }
}
