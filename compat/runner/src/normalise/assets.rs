//! Hashes of bundled assets: the files are our own, so their hashes differ.

use super::{Context, replace_after};

/// `_hash=0123456789ab` in links.
pub(super) fn hash_in_text(text: &mut String, _: &Context) -> usize {
    replace_after(text, "_hash=", |char| char.is_ascii_hexdigit(), "HASH")
}

/// The same inside headers such as Location.
pub(super) fn hash_in_header(_: &str, value: &mut String, _: &Context) -> usize {
    if value.contains("/-/static") {
        return replace_after(value, "_hash=", |char| char.is_ascii_hexdigit(), "HASH");
    }
    0
}

/// The ETag of a bundled file; that of a database download stays.
pub(super) fn etag(name: &str, value: &mut String, context: &Context) -> usize {
    if name == "etag" && context.path.contains("/-/static") {
        *value = "HASH".to_owned();
        return 1;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_static_files_lose_their_etag() {
        let mut value = "\"abc\"".to_owned();
        let mut context = Context {
            path: "/fixtures.db".to_owned(),
            ..Context::default()
        };
        assert_eq!(etag("etag", &mut value, &context), 0);
        context.path = "/-/static/app.css".to_owned();
        assert_eq!(etag("etag", &mut value, &context), 1);
        assert_eq!(value, "HASH");
    }
}
