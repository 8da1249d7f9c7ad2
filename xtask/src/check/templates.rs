//! Rule `templates`: pages carry no script inside their attributes.

use super::finding::Finding;
use crate::tree::Tree;

const ROOM: &str = "crates/render/templates";

/// Event handlers written into markup, and `javascript:` links.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree
        .with_extension(&["html"])
        .filter(|file| file.is_under(ROOM))
    {
        for (line, text) in file.numbered() {
            if let Some(name) = inline_handler(text) {
                findings.push(Finding::on(
                    file,
                    line,
                    format!("the attribute `{name}` holds a script"),
                    "add the listener in a module below frontend/, found by a class or data attribute",
                ));
            }
            if text.to_ascii_lowercase().contains("javascript:") {
                findings.push(Finding::on(
                    file,
                    line,
                    "a link that runs a script",
                    "use a button and a listener in a module below frontend/",
                ));
            }
        }
    }
    findings
}

/// The name of the first attribute of the form `onsomething=`.
fn inline_handler(text: &str) -> Option<&str> {
    text.split(|mark: char| mark.is_ascii_whitespace() || mark == '"' || mark == '\'')
        .filter_map(|word| word.split_once('='))
        .map(|(name, _)| name)
        .find(|name| {
            name.len() > 2
                && name.is_char_boundary(2)
                && name[..2].eq_ignore_ascii_case("on")
                && name[2..].bytes().all(|byte| byte.is_ascii_alphabetic())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        check(&Tree::of(&[("crates/render/templates/a.html", text)])).len()
    }

    #[test]
    fn handlers_and_script_links_are_found() {
        assert_eq!(count("<a href=\"#\" onclick=\"go()\">x</a>"), 1);
        assert_eq!(count("<body\n  OnLoad='go()'>"), 1);
        assert_eq!(count("<a href=\"javascript:go()\">x</a>"), 1);
    }

    #[test]
    fn ordinary_attributes_and_other_rooms_pass() {
        assert_eq!(
            count("<a class=\"on\" data-on=\"x\" href=\"?once=1&on=2\">one = on</a>"),
            0
        );
        let elsewhere = Tree::of(&[("compat/goldens/a.html", "<a onclick=\"go()\">")]);
        assert!(check(&elsewhere).is_empty());
    }
}
