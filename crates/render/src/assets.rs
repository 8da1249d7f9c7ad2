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

/// What the original calls files that have other names here. Templates that were copied from it
/// load them by these names (CACHE-11).
const ALSO_KNOWN_AS: [(&str, &str); 2] = [
    ("cm-editor-6.0.1.bundle.js", "sql-editor.bundle.js"),
    ("sql-formatter-2.3.3.min.js", "sql-formatter.bundle.js"),
];

/// The asset of that name.
pub fn find(name: &str) -> Option<&'static Asset> {
    let named = |name: &str| ASSETS.iter().find(|asset| asset.name == name);
    named(name).or_else(|| {
        let (_, ours) = ALSO_KNOWN_AS.iter().find(|(other, _)| *other == name)?;
        named(ours)
    })
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

    // Proves: cli-config/TPL-71
    #[test]
    fn files_that_others_load_are_found_by_name() {
        for name in [
            "app.css",
            "favicon.png",
            "table.js",
            "datasette-manager.js",
            "modal.js",
            "column-chooser.js",
            "mobile-column-actions.js",
            "navigation-search.js",
            "autocomplete.js",
            "edit-tools.js",
            "sql-editor.bundle.js",
            "sql-formatter.bundle.js",
            "cm-editor-6.0.1.bundle.js",
            "sql-formatter-2.3.3.min.js",
        ] {
            assert!(
                find(name).is_some_and(|asset| !asset.content.is_empty()),
                "{name}"
            );
        }
        assert!(find("json-format-highlight-1.0.1.js").is_none());
        let bundle = find("cm-editor-6.0.1.bundle.js").unwrap();
        assert!(
            std::str::from_utf8(bundle.content)
                .unwrap()
                .contains("var cm=")
        );
        assert!(find("sql-editor.licenses.txt").is_some());
    }
}
