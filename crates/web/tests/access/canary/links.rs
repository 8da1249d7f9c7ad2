//! Where an answer leads.

use std::collections::BTreeSet;

use datasette_testkit::Answer;

/// Addresses on this site that an answer names, in attributes, in JSON and in headers.
pub(super) fn of(path: &str, answer: &Answer) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (name, value) in &answer.headers {
        match name.as_str() {
            "location" => found.extend(local(path, value)),
            "link" => {
                let target = value
                    .strip_prefix('<')
                    .and_then(|rest| rest.split_once('>'));
                found.extend(target.and_then(|(target, _)| local(path, target)));
            }
            _ => {}
        }
    }
    let kind = answer.header("content-type").unwrap_or_default();
    let starts: &[&str] = match kind {
        kind if kind.contains("html") => &["href=\"", "src=\"", "action=\"", "value=\"/"],
        kind if kind.contains("json") => &["\"http://localhost", "\"/"],
        _ => &[],
    };
    let body = String::from_utf8_lossy(&answer.body);
    for start in starts {
        let slash = if start.ends_with('/') { "/" } else { "" };
        for rest in body.split(start).skip(1) {
            let target = rest.split('"').next().unwrap_or_default();
            let target = target.replace("&amp;", "&").replace("&#39;", "'");
            found.extend(local(path, &format!("{slash}{target}")));
        }
    }
    found
}

fn local(path: &str, target: &str) -> Option<String> {
    let target = target.strip_prefix("http://localhost").unwrap_or(target);
    let target = target.split('#').next().unwrap_or_default();
    if target.starts_with('?') {
        let page = path.split('?').next().unwrap_or_default();
        return Some(format!("{page}{target}"));
    }
    let is_local = target.starts_with('/') && !target.starts_with("//");
    // The files of databases have paths, too.
    (is_local && !target.ends_with(".db")).then(|| target.to_owned())
}
