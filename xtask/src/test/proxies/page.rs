//! What a page points at.

use std::collections::BTreeSet;

/// The targets of links, forms, scripts and styles.
pub(super) fn targets(html: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for attribute in [" href=\"", " src=\"", " action=\""] {
        for rest in html.split(attribute).skip(1) {
            let target = rest.split('"').next().unwrap_or_default();
            let target = target.split('#').next().unwrap_or_default();
            let target = target.replace("&amp;", "&").replace("&#39;", "'");
            if !target.is_empty() && !target.starts_with("data:") {
                found.insert(target);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::targets;

    #[test]
    fn targets_are_found_once_and_without_fragments() {
        let html = "<a href=\"/x?a=1&amp;b#c\"></a><a href=\"/x?a=1&amp;b\"></a><script src=\"/s.js\"></script><a href=\"#top\">";
        let found: Vec<String> = targets(html).into_iter().collect();
        assert_eq!(found, ["/s.js", "/x?a=1&b"]);
    }
}
