//! Where a request arrived, and the links that are made from it.

use datasette_core::QueryString;

/// The address of the current request, from which toggles, next pages and alternates are made.
#[derive(Clone, Debug)]
pub struct Location {
    /// `scheme://host`, without a slash at the end (WIRE-14 to WIRE-16).
    pub origin: String,
    /// The setting `base_url`; starts and ends with `/`.
    pub base_url: String,
    /// The raw path below `base_url`, starting with `/`.
    pub path: String,
    /// The decoded query string.
    pub query: QueryString,
    /// The query string as it was received.
    pub raw_query: String,
}

impl Location {
    /// `path` below the server's root, with `base_url` exactly once (ROUTE-40).
    pub fn local(&self, path: &str) -> String {
        join(&self.base_url, path)
    }

    /// The absolute URL of a path that already carries `base_url`.
    pub fn absolute(&self, local: &str) -> String {
        format!("{}{local}", self.origin)
    }

    /// The current path with `base_url`, and `query` as its query string, blanks dropped
    /// (WIRE-12).
    pub fn with_query(&self, query: &QueryString) -> String {
        append(&self.local(&self.path), &query.encode_without_blanks())
    }

    /// The current path with arguments replaced or removed (WIRE-13); blanks among the current ones
    /// are dropped, blanks among the new ones stay (WIRE-12).
    pub fn replacing(&self, replacements: &[(&str, Option<&str>)]) -> String {
        let kept = self.query.without(|_, value| value.is_empty());
        append(
            &self.local(&self.path),
            &kept.replacing(replacements).encode(),
        )
    }

    /// The current path with arguments appended; blanks among the current ones are dropped, blanks
    /// among the new ones stay (WIRE-12).
    pub fn adding(&self, added: &[(&str, &str)]) -> String {
        let kept = self.query.without(|_, value| value.is_empty());
        append(&self.local(&self.path), &kept.adding(added).encode())
    }

    /// The current path without the pairs that `unwanted` names.
    pub fn without(&self, unwanted: impl Fn(&str, &str) -> bool) -> String {
        self.with_query(&self.query.without(unwanted))
    }

    /// The path and query string as received, with `base_url`.
    pub fn full_path(&self) -> String {
        append(&self.local(&self.path), &self.raw_query)
    }

    /// The current address, `extra` appended to the query string as it was received.
    pub fn with_format_argument(&self, extra: &[(&str, &str)]) -> String {
        append(&self.full_path(), &encode_sorted(extra))
    }

    /// The path with the suffix `.{format}` in place of the one it has (EXTRA-39), the query
    /// string kept as received and `extra` appended.
    pub fn in_format(&self, page_path: &str, format: &str, extra: &[(&str, &str)]) -> String {
        let path = self.local(&format!("{page_path}.{format}"));
        append(&append(&path, &self.raw_query), &encode_sorted(extra))
    }
}

/// Added arguments stand in the order of their names.
fn encode_sorted(extra: &[(&str, &str)]) -> String {
    let mut sorted = extra.to_vec();
    sorted.sort_unstable();
    QueryString::default().adding(&sorted).encode()
}

/// `base_url` and a path below it, joined with one slash.
pub fn join(base_url: &str, path: &str) -> String {
    let path = path.strip_prefix('/').unwrap_or(path);
    format!("{base_url}{path}")
}

/// A path and a query string; no `?` when the query string is empty, `&` when there is one
/// already.
pub fn append(path: &str, query: &str) -> String {
    if query.is_empty() {
        path.to_owned()
    } else if path.contains('?') {
        format!("{path}&{query}")
    } else {
        format!("{path}?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(base_url: &str) -> Location {
        let raw_query = "_size=1&_search=&state=CA".to_owned();
        Location {
            origin: "http://localhost".to_owned(),
            base_url: base_url.to_owned(),
            path: "/data/t".to_owned(),
            query: QueryString::parse(&raw_query),
            raw_query,
        }
    }

    // Proves: ROUTE-40, ROUTE-41, WIRE-12, WIRE-13, WIRE-14
    #[test]
    fn links_carry_the_prefix_once_and_drop_blanks() {
        let here = location("/prefix/");
        assert_eq!(
            here.replacing(&[("_next", Some("5"))]),
            "/prefix/data/t?_size=1&state=CA&_next=5"
        );
        assert_eq!(
            here.without(|key, _| key != "state"),
            "/prefix/data/t?state=CA"
        );
        assert_eq!(
            here.absolute(&here.local("/data")),
            "http://localhost/prefix/data"
        );
        assert_eq!(
            here.in_format("/data/t", "json", &[]),
            "/prefix/data/t.json?_size=1&_search=&state=CA"
        );
        assert_eq!(
            here.adding(&[("a", "")]),
            "/prefix/data/t?_size=1&state=CA&a="
        );
        assert_eq!(
            here.replacing(&[("_sort", Some(""))]),
            "/prefix/data/t?_size=1&state=CA&_sort="
        );
        assert_eq!(
            location("/").full_path(),
            "/data/t?_size=1&_search=&state=CA"
        );
    }
}
