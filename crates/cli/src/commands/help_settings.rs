//! `--help-settings`: all settings and their defaults.

use datasette_config::SETTINGS;
use datasette_config::settings::{Setting, SettingDefault};

/// The text (SET-02).
pub(crate) fn text() -> String {
    let width = SETTINGS
        .iter()
        .map(|setting| setting.name.len())
        .max()
        .unwrap_or(0);
    let mut text = String::from("Settings:");
    for setting in SETTINGS {
        let name = setting.name;
        let help = setting.help;
        text.push_str(&format!(
            "\n  {name:width$}  {help} (default={})",
            default(setting)
        ));
    }
    text
}

/// The default as Python writes it, which is what SET-02 asks for.
fn default(setting: &Setting) -> String {
    match setting.default {
        SettingDefault::Integer(number) => number.to_string(),
        SettingDefault::Boolean(true) => "True".to_owned(),
        SettingDefault::Boolean(false) => "False".to_owned(),
        SettingDefault::Text(text) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    // Proves: SET-02
    #[test]
    fn every_setting_has_a_line_in_order() {
        let text = super::text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + datasette_config::SETTINGS.len());
        assert!(
            lines[1].starts_with("  default_page_size  ") && lines[1].ends_with("(default=100)")
        );
        assert!(text.contains("(default=True)") && text.contains("(default=False)"));
        assert!(lines[24].starts_with("  base_url ") && lines[24].ends_with("(default=/)"));
    }
}
