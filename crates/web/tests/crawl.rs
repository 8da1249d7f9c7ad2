//! A visitor who follows every link: none is dead, none leaves the prefix, none fails.

use std::collections::{BTreeSet, VecDeque};

use datasette_core::Actor;
use datasette_testkit::{Answer, TestSite, fixtures, hostile};
use serde_json::{Value, json};

/// Pages that are looked at before the crawl ends; the links of a table page alone are hundreds.
const PAGES: usize = 900;

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// Targets of links and forms, scripts and styles.
fn links(page: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for attribute in [" href=\"", " src=\"", " action=\""] {
        for rest in page.split(attribute).skip(1) {
            let target = rest.split('"').next().unwrap_or_default();
            let target = unescape(target);
            found.insert(target.split('#').next().unwrap_or_default().to_owned());
        }
    }
    found
}

/// Targets that JSON names: every text below these keys.
fn json_links(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| json_links(item, found)),
        Value::Object(members) => {
            for (key, member) in members {
                let is_url = ["next_url", "toggle_url", "url", "href", "path", "link"];
                match member.as_str().filter(|_| is_url.contains(&key.as_str())) {
                    // The files of databases have paths, too.
                    Some(target) if target.ends_with(".db") => {}
                    Some(target) if target.starts_with('/') || target.starts_with("http") => {
                        found.insert(target.to_owned());
                    }
                    _ => json_links(member, found),
                }
            }
        }
        _ => {}
    }
}

/// Targets of `Link` headers.
fn header_links(answer: &Answer) -> impl Iterator<Item = String> {
    let links = answer.headers.iter().filter(|(name, _)| name == "link");
    links.filter_map(|(_, value)| Some(value.strip_prefix('<')?.split_once('>')?.0.to_owned()))
}

/// Targets in a style sheet.
fn style_links(sheet: &str) -> impl Iterator<Item = String> {
    let parts = sheet.split("url(").skip(1);
    let targets = parts.filter_map(|rest| rest.split_once(')'));
    let targets = targets.map(|(target, _)| target.trim_matches(['"', '\'']).to_owned());
    targets.filter(|target| !target.starts_with("data:"))
}

/// The part of a link that belongs to this site; `None` for other sites.
fn local(link: &str) -> Option<&str> {
    if let Some(rest) = link.strip_prefix("http://localhost") {
        return Some(rest);
    }
    (!link.contains("://") && !link.starts_with("mailto:")).then_some(link)
}

async fn crawl(site: &TestSite, prefix: &str) -> usize {
    crawl_from(site, prefix, &[""], None).await
}

/// Crawls from these pages below the prefix.
async fn crawl_from(site: &TestSite, prefix: &str, pages: &[&str], actor: Option<&Actor>) -> usize {
    let mut seen = BTreeSet::new();
    let mut waiting: VecDeque<String> =
        pages.iter().map(|page| format!("{prefix}{page}")).collect();
    while let Some(path) = waiting.pop_front() {
        if seen.len() == PAGES || !seen.insert(path.clone()) {
            continue;
        }
        let answer = match actor {
            Some(actor) => site.get_as(actor, &path).await,
            None => site.get(&path).await,
        };
        let expected = matches!(answer.status, 200 | 301 | 302)
            // The twin of a query page on which nothing was run has nothing to show either.
            || (answer.status == 400 && path.contains("/-/query.json") && !path.contains("?sql="))
            // A label links to the value as a key, also where the foreign key names another column
            // (LABEL-16).
            || (answer.status == 404 && path.contains("/region_names/"))
            // A key that is binary is not found by its text.
            || (answer.status == 404 && path.contains("_idx/"));
        assert!(
            expected,
            "{} for {path}\n{}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        if let Some(target) = answer.header("location") {
            assert!(target.starts_with(prefix), "{path} redirects to {target}");
            waiting.push_back(target.to_owned());
        }
        let kind = answer.header("content-type").unwrap_or_default();
        let mut found: BTreeSet<String> = header_links(&answer).collect();
        if kind.contains("text/html") {
            found.extend(links(answer.text()));
        } else if kind.contains("application/json") && answer.status == 200 {
            json_links(&answer.json(), &mut found);
        } else if kind.contains("text/css") {
            found.extend(style_links(answer.text()));
        }
        for link in found {
            let link = match link.starts_with('?') {
                true => format!("{}{link}", path.split('?').next().unwrap_or_default()),
                false => link,
            };
            let Some(target) = local(&link).filter(|target| !target.is_empty()) else {
                continue;
            };
            assert!(target.starts_with(prefix), "{path} links to {link}");
            assert!(
                !target.starts_with(&format!("{prefix}prefix/")),
                "{path} links to {link}"
            );
            // Each page of a table links to every sort of every column; one of each is enough.
            let same_again = target.contains("_next=") && path.contains("_next=");
            if !same_again && target.matches('&').count() < 3 {
                waiting.push_back(target.to_owned());
            }
        }
    }
    seen.len()
}

// Proves: ROUTE-40, ROUTE-41, HTML-12
#[tokio::test(flavor = "multi_thread")]
async fn every_link_of_hostile_names_leads_somewhere() {
    let site = TestSite::build()
        .database("hostile", hostile::SQL)
        .start()
        .await;
    assert!(crawl(&site, "/").await > 300);
}

// Proves: ROUTE-39, ROUTE-40, ROUTE-41
#[tokio::test(flavor = "multi_thread")]
async fn under_a_prefix_every_link_carries_it_once() {
    let site = TestSite::build()
        .database("fixtures", fixtures::SQL)
        .setting("base_url", "/prefix/")
        .start()
        .await;
    assert!(crawl(&site, "/prefix/").await > 300);
}

/// A page of every kind, below the prefix.
const KINDS: &[&str] = &[
    "",
    "-/",
    ".json",
    "-/.json",
    "-/versions",
    "-/plugins",
    "-/settings",
    "-/config",
    "-/databases",
    "-/actor",
    "-/queries",
    "-/queries.json",
    "-/jump",
    "-/schema",
    "-/schema.json",
    "-/logout",
    "-/static/app.css",
    "files/own.css",
    "fixtures",
    "fixtures.json",
    "fixtures/-/schema",
    "fixtures/-/queries",
    "fixtures/-/query",
    "fixtures/-/query?sql=select+*+from+sightings",
    "fixtures/-/query.json?sql=select+*+from+sightings",
    "fixtures/sightings?_facet=place&_facet_array=tags&_size=3",
    "fixtures/sightings.json?_facet=place&_facet_array=tags&_size=3&_extra=suggested_facets,renderers",
    "fixtures/sightings.json?_size=1&_sort=town&_labels=on",
    "fixtures/sightings?_filter_column=place&_filter_op=exact&_filter_value=Hill",
    "fixtures/sightings?_sort=place&_sort_by_desc=on",
    "fixtures/sightings/1",
    "fixtures/towns/1.json?_extra=foreign_key_tables",
    "fixtures/sightings/-/schema",
    "fixtures/sightings/-/fragment",
    "fixtures/blobs",
    "fixtures/loose_blobs.csv",
    "fixtures/",
    "fixtures/sightings/",
    "-",
    ":memory:",
];

/// Tools that only the root user sees.
const TOOLS: &[&str] = &[
    "-/actions",
    "-/permissions",
    "-/allowed",
    "-/rules",
    "-/check",
    "-/allow-debug",
    "-/messages",
    "-/api",
    "-/threads",
    "-/debug/autocomplete",
];

// Proves: ROUTE-40, ROUTE-41, ROUTE-43, DEP-10
#[tokio::test(flavor = "multi_thread")]
async fn under_a_prefix_a_page_of_every_kind_carries_it_once() {
    let site = || {
        TestSite::build()
            .database("fixtures", fixtures::SQL)
            .memory()
            .static_file(
                "own.css",
                "body { background: url(\"/prefix/files/own.png\") }",
            )
            .static_file("own.png", "picture")
            .setting("base_url", "/prefix/")
            .config(json!({
                "extra_css_urls": ["/files/own.css"],
                "databases": {"fixtures": {"queries": {"stored": "select 1 as one"}}},
            }))
            .root()
    };
    let site = site().start().await;
    assert!(crawl_from(&site, "/prefix/", KINDS, None).await > 300);
    let root = json!({"id": "root"});
    let root = Actor::new(root.as_object().cloned().unwrap_or_default());
    assert!(crawl_from(&site, "/prefix/", TOOLS, Some(&root)).await > 300);
}
