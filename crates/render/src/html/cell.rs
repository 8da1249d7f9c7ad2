//! One value as the inside of a table cell.

use datasette_core::{ValueRef, real};

use crate::number;

/// Appends text with `&`, `<`, `>`, `'` and `"` escaped (HTML-12).
pub fn escape(out: &mut String, text: &str) {
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let replacement = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'\'' => "&#39;",
            b'"' => "&#34;",
            _ => continue,
        };
        out.push_str(&text[start..at]);
        out.push_str(replacement);
        start = at + 1;
    }
    out.push_str(&text[start..]);
}

/// The class of a cell by storage class (HTML-55).
pub fn storage_class(value: ValueRef<'_>) -> &'static str {
    match value {
        ValueRef::Null => "none",
        ValueRef::Integer(_) => "int",
        ValueRef::Real(_) => "float",
        ValueRef::Text(_) => "str",
        ValueRef::Blob(_) => "bytes",
    }
}

/// Appends a value that has no link of its own: `&nbsp;` for NULL and empty text, a link for a
/// URL, else text, cut after `truncate` characters unless that is 0 (HTML-56 to HTML-58). Blobs
/// are written by [`blob_link`].
pub fn plain(out: &mut String, value: ValueRef<'_>, truncate: usize) {
    match value {
        ValueRef::Null | ValueRef::Blob(_) | ValueRef::Text(b"") => out.push_str("&nbsp;"),
        ValueRef::Integer(number) => {
            use std::fmt::Write as _;
            let _ = write!(out, "{number}");
        }
        ValueRef::Real(number) => real::write(out, number),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            if is_url(text.trim()) {
                url_link(out, text.trim(), truncate);
            } else if truncate > 0 && text.len() > truncate {
                truncated(out, &text, truncate);
            } else {
                escape(out, &text);
            }
        }
    }
}

/// Whether [`plain`] writes this text as text, not as a link or a blank.
pub fn is_only_text(bytes: &[u8]) -> bool {
    !bytes.is_empty() && !is_url(String::from_utf8_lossy(bytes).trim())
}

/// Text cut as [`plain`] cuts it, not escaped.
pub fn cut(bytes: &[u8], truncate: usize) -> String {
    let text = String::from_utf8_lossy(bytes);
    match text.char_indices().nth(truncate) {
        Some((end, _)) if truncate > 0 => format!("{}…", &text[..end]),
        _ => text.into_owned(),
    }
}

fn truncated(out: &mut String, text: &str, truncate: usize) {
    match text.char_indices().nth(truncate) {
        Some((end, _)) => {
            escape(out, &text[..end]);
            out.push('…');
        }
        None => escape(out, text),
    }
}

/// Whether a whole value is a link: `http://` or `https://` in lower case and no white space
/// (HTML-57).
pub fn is_url(text: &str) -> bool {
    (text.starts_with("http://") || text.starts_with("https://"))
        && !text.contains(char::is_whitespace)
}

fn url_link(out: &mut String, url: &str, truncate: usize) {
    out.push_str("<a href=\"");
    escape(out, url);
    out.push_str("\">");
    escape(out, &truncated_url(url, truncate));
    out.push_str("</a>");
}

/// The text of a link, cut to `length` characters; an extension of one to four characters stays
/// visible behind the cut (HTML-57).
pub fn truncated_url(url: &str, length: usize) -> String {
    if length == 0 || url.chars().count() <= length {
        return url.to_owned();
    }
    let extension = url
        .rsplit_once('.')
        .map(|(_, extension)| extension)
        .filter(|text| (1..=4).contains(&text.chars().count()) && !text.contains('/'));
    let (keep, tail) = match extension {
        // The dot is not counted: the text may be one character longer than asked.
        Some(extension) => (
            length.saturating_sub(1 + extension.chars().count()),
            format!("….{extension}"),
        ),
        None => (length.saturating_sub(1), "…".to_owned()),
    };
    let mut text: String = url.chars().take(keep).collect();
    text.push_str(&tail);
    text
}

/// Appends the link that stands for a blob of `size` bytes (HTML-34).
pub fn blob_link(out: &mut String, url: &str, size: usize) {
    out.push_str("<a class=\"blob-download\" href=\"");
    escape(out, url);
    out.push('"');
    if size >= 1024 {
        out.push_str(" title=\"");
        out.push_str(&number::bytes(size as u64));
        out.push('"');
    }
    out.push_str(">&lt;Binary:&nbsp;");
    out.push_str(&number::thousands(size as u64));
    out.push_str(if size == 1 {
        "&nbsp;byte&gt;</a>"
    } else {
        "&nbsp;bytes&gt;</a>"
    });
}

/// Appends the link to a referenced row: its label and the value behind it, only the value where
/// both are the same, `-` for an empty or NULL label (LABEL-14, LABEL-15).
pub fn label_link(out: &mut String, url: &str, label: ValueRef<'_>, value: ValueRef<'_>) {
    let same = is_same(label, value);
    let label = match label {
        ValueRef::Null => std::borrow::Cow::Borrowed(""),
        label => label.printed(),
    };
    let value = value.printed();
    out.push_str("<a href=\"");
    escape(out, url);
    out.push_str("\">");
    if same {
        escape(out, &value);
        out.push_str("</a>");
        return;
    }
    escape(out, if label.is_empty() { "-" } else { &label });
    out.push_str("</a>&nbsp;<em>");
    escape(out, &value);
    out.push_str("</em>");
}

/// Whether label and value are one: the text `1` is not the number 1.
fn is_same(label: ValueRef<'_>, value: ValueRef<'_>) -> bool {
    match (label, value) {
        (ValueRef::Integer(one), ValueRef::Real(other))
        | (ValueRef::Real(other), ValueRef::Integer(one)) => one as f64 == other,
        // Text that is no UTF-8 is its own label too.
        (ValueRef::Text(_), ValueRef::Text(_)) => label.as_text() == value.as_text(),
        _ => label == value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: ValueRef<'_>, truncate: usize) -> String {
        let mut out = String::new();
        plain(&mut out, value, truncate);
        out
    }

    // Proves: HTML-12, HTML-58
    #[test]
    fn text_is_escaped_and_cut() {
        assert_eq!(
            shown(ValueRef::Text(b"<b>'\"&"), 0),
            "&lt;b&gt;&#39;&#34;&amp;"
        );
        assert_eq!(shown(ValueRef::Text("ééééé".as_bytes()), 3), "ééé…");
        assert_eq!(shown(ValueRef::Text(b"abc"), 3), "abc");
        assert_eq!(shown(ValueRef::Null, 3), "&nbsp;");
        assert_eq!(shown(ValueRef::Text(b""), 3), "&nbsp;");
    }

    // Proves: HTML-57
    #[test]
    fn urls_are_links() {
        assert_eq!(
            shown(ValueRef::Text(b"https://example.com/?a=1&b=2"), 0),
            "<a href=\"https://example.com/?a=1&amp;b=2\">https://example.com/?a=1&amp;b=2</a>"
        );
        assert_eq!(
            shown(ValueRef::Text(b"HTTPS://example.com"), 0),
            "HTTPS://example.com"
        );
        assert_eq!(shown(ValueRef::Text(b"https://a b"), 0), "https://a b");
        assert_eq!(
            shown(ValueRef::Text(b" https://a.b\n"), 0),
            "<a href=\"https://a.b\">https://a.b</a>"
        );
        assert_eq!(
            truncated_url("https://example.com/a-long-name.png", 16),
            "https://exam….png"
        );
    }

    // Proves: HTML-34
    #[test]
    fn blobs_tell_their_size() {
        let mut out = String::new();
        blob_link(&mut out, "/d/t/1.blob?a=1&b=2", 2048);
        assert_eq!(
            out,
            "<a class=\"blob-download\" href=\"/d/t/1.blob?a=1&amp;b=2\" title=\"2.0 KB\">&lt;Binary:&nbsp;2,048&nbsp;bytes&gt;</a>"
        );
    }

    // Proves: LABEL-14, LABEL-15
    #[test]
    fn labels_link_to_their_row() {
        let link = |label, value| {
            let mut out = String::new();
            label_link(&mut out, "/d/t/1", label, value);
            out
        };
        let one = ValueRef::Integer(1);
        assert_eq!(
            link(ValueRef::Text(b"One"), one),
            "<a href=\"/d/t/1\">One</a>&nbsp;<em>1</em>"
        );
        assert_eq!(link(one, one), "<a href=\"/d/t/1\">1</a>");
        assert_eq!(link(one, ValueRef::Real(1.0)), "<a href=\"/d/t/1\">1.0</a>");
        assert_eq!(
            link(ValueRef::Text(b"1"), one),
            "<a href=\"/d/t/1\">1</a>&nbsp;<em>1</em>"
        );
        assert_eq!(
            link(ValueRef::Null, one),
            "<a href=\"/d/t/1\">-</a>&nbsp;<em>1</em>"
        );
    }
}
