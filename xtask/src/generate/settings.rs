//! The reference of the settings, from the table that the server itself uses.

use std::fmt::Write as _;

use datasette_config::settings::{SETTINGS, Setting, SettingDefault, SettingKind};

/// The whole document.
pub(crate) fn reference() -> String {
    let mut text = String::from(
        "# Settings\n\nWritten by `cargo xtask gen`; edit the table in the crate `config` instead.\n\n\
         Set one with `datasette serve -s NAME VALUE`, or under `settings:` in `datasette.yaml`.\n\n\
         | setting | kind | default | meaning |\n|---|---|---|---|\n",
    );
    for setting in SETTINGS {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", line(setting));
    }
    text
}

fn line(setting: &Setting) -> String {
    let kind = match setting.kind {
        SettingKind::Integer => "integer",
        SettingKind::Boolean => "on or off",
        SettingKind::Text => "text",
    };
    let default = match setting.default {
        SettingDefault::Integer(number) => number.to_string(),
        SettingDefault::Boolean(true) => "on".to_owned(),
        SettingDefault::Boolean(false) => "off".to_owned(),
        SettingDefault::Text("") => "empty".to_owned(),
        SettingDefault::Text(words) => format!("`{words}`"),
    };
    let help = setting.help.replace('|', "\\|");
    format!("| `{}` | {kind} | {default} | {help} |", setting.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_line() {
        let text = reference();
        for setting in SETTINGS {
            assert!(
                text.contains(&format!("| `{}` |", setting.name)),
                "{}",
                setting.name
            );
        }
        assert_eq!(
            text.lines().filter(|line| line.starts_with("| `")).count(),
            SETTINGS.len()
        );
    }

    #[test]
    fn defaults_are_written_the_way_they_are_typed() {
        let setting = Setting {
            name: "spread",
            kind: SettingKind::Boolean,
            default: SettingDefault::Boolean(true),
            help: "on | off",
        };
        assert_eq!(line(&setting), "| `spread` | on or off | on | on \\| off |");
    }
}
