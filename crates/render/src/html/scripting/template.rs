//! Templates of any author under the policy: the script tags that stand in the text of a template
//! get the number of the page when the template is loaded. What a template prints is data and gets
//! none.

use std::collections::HashSet;
use std::sync::LazyLock;

use parking_lot::Mutex;

use super::markup::{self, EXPRESSION};
use super::needs::Needs;

/// Prints the number; a name of its own, so that no variable of a page can take its place.
pub(crate) const NONCE_FUNCTION: &str = "_page_nonce";
/// Notes what a template needs, and prints nothing.
pub(crate) const NEEDS_FUNCTION: &str = "_page_needs";

const INSERTED: &str = r#" nonce="{{ _page_nonce() }}""#;
const INSERTED_IN_RAW: &str = r#" nonce="{% endraw %}{{ _page_nonce() }}{% raw %}""#;

/// The source of a template with numbers on its script tags. `owner` is where it comes from if it is
/// not the server's own: then pages learn what it needs.
pub fn with_nonces(source: &str, owner: Option<&str>) -> String {
    let masked = mask(source);
    let found = markup::scan(&masked.text);
    let numbered = markup::insert(source, &found.scripts, |place| {
        match masked
            .raw
            .iter()
            .any(|(from, to)| (*from..*to).contains(&place))
        {
            true => INSERTED_IN_RAW,
            false => INSERTED,
        }
    });
    let Some(owner) = owner else {
        return numbered;
    };
    let needs = found.needs.and(masked.needs);
    if needs.any_inline() {
        warn(owner);
    }
    let bits = needs.and(Needs::FOREIGN).bits();
    format!("{{{{ {NEEDS_FUNCTION}({bits}) }}}}{numbered}")
}

/// Says once what keeps pages from being protected.
pub(super) fn warn(source: &str) {
    static SAID: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
    if SAID.lock().insert(source.to_owned()) {
        tracing::warn!(
            "{source} has scripts in attributes, in javascript: URLs or in markup that scripts write, \
             so its pages allow scripts from anywhere; addEventListener in a script does the same \
             without"
        );
    }
}

/// The text of a template without its statements, of the same length.
struct Masked {
    text: String,
    /// Where statements are text.
    raw: Vec<(usize, usize)>,
    /// What is inside of expressions, where it cannot be mended.
    needs: Needs,
}

fn mask(source: &str) -> Masked {
    let mut bytes = source.as_bytes().to_vec();
    let mut masked = Masked {
        text: String::new(),
        raw: Vec::new(),
        needs: Needs::NONE,
    };
    let mut at = 0;
    while let Some(start) = source[at..].find('{').map(|found| at + found) {
        let kind = source.as_bytes().get(start + 1);
        let (end, filler) = match kind {
            Some(b'{') => (end_of(source, start + 2, "}}"), EXPRESSION),
            Some(b'%') => (end_of(source, start + 2, "%}"), b' '),
            Some(b'#') => (
                source[start..].find("#}").map(|found| start + found + 2),
                b' ',
            ),
            _ => {
                at = start + 1;
                continue;
            }
        };
        // Not closed: nothing that could be rendered.
        let Some(end) = end else {
            bytes[start..].fill(b' ');
            break;
        };
        let inside = &source[start + 2..end - 2];
        if kind != Some(&b'#') && holds_script(inside) {
            masked.needs = masked.needs.and(Needs::INLINE);
        }
        bytes[start..end].fill(filler);
        at = end;
        let words =
            inside.trim_matches(|char: char| char == '-' || char == '+' || char.is_whitespace());
        if kind == Some(&b'%') && words == "raw" {
            let close = end_of_raw(source, end);
            let (from, to) = close.unwrap_or((source.len(), source.len()));
            masked.raw.push((end, from));
            bytes[from..to].fill(b' ');
            at = to;
        }
    }
    // Whole characters were replaced by single bytes.
    masked.text = String::from_utf8(bytes).unwrap_or_default();
    masked
}

/// Behind the next `close` that is not inside of a quoted text.
pub(crate) fn end_of(source: &str, from: usize, close: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut quote = None;
    let mut at = from;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (None, _) if bytes[at..].starts_with(close.as_bytes()) => return Some(at + 2),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The statement that ends raw text: where it begins and ends.
pub(crate) fn end_of_raw(source: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    while let Some(start) = source[at..].find("{%").map(|found| at + found) {
        let end = source[start..].find("%}").map(|found| start + found + 2)?;
        let words = source[start + 2..end - 2]
            .trim_matches(|char: char| char == '-' || char == '+' || char.is_whitespace());
        if words == "endraw" {
            return Some((start, end));
        }
        at = start + 2;
    }
    None
}

/// Whether an expression holds markup with scripts, which is printed without a number.
fn holds_script(expression: &str) -> bool {
    let lower = expression.to_ascii_lowercase();
    lower.contains("<script") || !markup::scan_script(&lower).eq(&Needs::NONE)
}

#[cfg(test)]
mod tests;
