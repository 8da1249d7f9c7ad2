//! The reference of configuration and metadata keys, from the table that the server itself uses.

use std::fmt::Write as _;

use datasette_config::keys::{Key, LEVELS, METADATA};

/// The whole document.
pub(crate) fn reference() -> String {
    let mut text = String::from(
        "# Keys of configuration and metadata\n\nWritten by `cargo xtask gen`; edit the table in the crate \
         `config` instead.\n\nA key that is not listed is kept and shown by `/-/config`, and does nothing. \
         How to use them: [Configuring a site](../guides/configuration.md).\n",
    );
    for level in LEVELS {
        let place = match level.path {
            "" => "At the top of `datasette.yaml`.".to_owned(),
            path => format!("Under `{path}`."),
        };
        // Writing to a String cannot fail.
        let _ = write!(text, "\n## {}\n\n{place}\n\n", level.title);
        table(&mut text, level.keys);
    }
    text.push_str(
        "\n## Metadata\n\nIn `metadata.yaml`, at the top and under `databases.DATABASE` and \
         `databases.DATABASE.tables.TABLE`; other keys are kept for templates. A table also has \
         `columns`, a mapping of descriptions by column name.\n\n",
    );
    table(&mut text, METADATA);
    text.push_str(
        "\nThese keys of configuration may stand in metadata files, too, and move from there:\n",
    );
    for level in LEVELS {
        let moving = level.keys.iter().filter(|key| key.moves);
        let names: Vec<String> = moving.map(|key| format!("`{}`", key.name)).collect();
        if !names.is_empty() {
            let _ = write!(
                text,
                "\n- {}: {}",
                level.title.to_lowercase(),
                names.join(", ")
            );
        }
    }
    text.push('\n');
    text
}

fn table(text: &mut String, keys: &[Key]) {
    text.push_str("| key | holds | meaning |\n|---|---|---|\n");
    for key in keys {
        let means = key.means.replace('|', "\\|");
        let _ = writeln!(text, "| `{}` | {} | {means} |", key.name, key.holds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_line_and_no_line_is_broken() {
        let text = reference();
        let keys: usize = LEVELS.iter().map(|level| level.keys.len()).sum();
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("| `"))
            .collect();
        assert_eq!(lines.len(), keys + METADATA.len());
        assert!(
            lines.iter().all(|line| line.matches(" | ").count() == 2),
            "{text}"
        );
    }
}
