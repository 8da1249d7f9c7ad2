//! A visitor who follows every link: none is dead, none leaves the prefix, none fails.

use std::collections::{BTreeSet, VecDeque};

use datasette_testkit::{TestSite, fixtures, hostile};

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

/// The part of a link that belongs to this site; `None` for other sites.
fn local(link: &str) -> Option<&str> {
    if let Some(rest) = link.strip_prefix("http://localhost") {
        return Some(rest);
    }
    (!link.contains("://") && !link.starts_with("mailto:")).then_some(link)
}

async fn crawl(site: &TestSite, prefix: &str) -> usize {
    let mut seen = BTreeSet::new();
    let mut waiting = VecDeque::from([prefix.to_owned()]);
    while let Some(path) = waiting.pop_front() {
        if seen.len() == PAGES || !seen.insert(path.clone()) {
            continue;
        }
        let answer = site.get(&path).await;
        let expected = matches!(answer.status, 200 | 302)
            // The twin of a query page on which nothing was run has nothing to show either.
            || (answer.status == 400 && path.contains("/-/query.json") && !path.contains("?sql="))
            // A label links to the value as a key, also where the foreign key names another column
            // (LABEL-16).
            || (answer.status == 404 && path.contains("/region_names/"));
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
        let is_page = answer
            .header("content-type")
            .is_some_and(|kind| kind.contains("text/html"));
        if !is_page {
            continue;
        }
        for link in links(answer.text()) {
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
