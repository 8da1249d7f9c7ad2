//! The files that pages load, embedded when the binary is built.

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// Its path below `/-/static/`.
    pub name: &'static str,
    /// Its bytes.
    pub content: &'static [u8],
    /// MD5 of the content in hex: the ETag (CACHE-07).
    pub md5: &'static str,
    /// The first twelve hex digits of the SHA-256: the `_hash` of links (CACHE-08, CACHE-09).
    pub hash: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The asset of that name.
pub fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// Whether files stand below that path, which is empty for the root.
pub fn is_folder(path: &str) -> bool {
    let folder = path.trim_end_matches('/');
    folder.is_empty()
        || ASSETS.iter().any(|asset| {
            let below = asset.name.strip_prefix(folder);
            below.is_some_and(|rest| rest.starts_with('/'))
        })
}

/// The source of a built-in template.
pub fn template(name: &str) -> Option<&'static str> {
    TEMPLATES
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()
        .map(|index| TEMPLATES[index].1)
}

/// Names of all built-in templates.
pub fn template_names() -> impl Iterator<Item = &'static str> {
    TEMPLATES.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_files_are_found() {
        assert!(template("base.html").is_some());
        assert!(template("nothing.html").is_none());
        let sheet = find("app.css").unwrap();
        assert!(!sheet.content.is_empty());
        assert_eq!(sheet.hash.len(), 12);
    }
}
