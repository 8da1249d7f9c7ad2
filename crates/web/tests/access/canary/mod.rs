//! No way to read tells what is hidden: everything hidden has a name that nothing else has, and
//! answers are searched for it; and a site whose hidden things are others answers the same.

mod links;
mod requests;
mod sql_requests;
mod telling;
mod walk;
mod world;

use std::collections::{BTreeSet, VecDeque};

use datasette_testkit::TestSite;
use datasette_web::in_process::Question;

use crate::visitors::Visitor;
use telling::{comparable, leak};
use world::{CANARY, insiders, outsiders, site};

/// Pages that one crawl looks at.
const CRAWLED: usize = 250;

async fn ask(site: &TestSite, visitor: &Visitor, path: &str) -> datasette_testkit::Answer {
    let mut question = Question::get(path);
    if path
        .split('?')
        .next()
        .is_some_and(|path| path.ends_with("/-/count"))
    {
        question.method = "POST".parse().unwrap();
    }
    site.ask(visitor.asks(site, question)).await
}

// Proves: PERM-50, PERM-55..PERM-57, PERM-59, LABEL-07, FACET-26, FILTER-50, SEARCH-12, HIDE-05, EXT-34
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_hidden_makes_no_difference() {
    let one = site(CANARY, 23).await;
    let other = site("other", 1207).await;
    let mut leaks = Vec::new();
    let mut asked = 0;
    for (number, visitor) in outsiders().iter().enumerate() {
        for (place, path) in requests::of_both().iter().enumerate() {
            // The first visitor asks everything, the others share it.
            if number > 0 && place % 3 != number - 1 {
                continue;
            }
            asked += 2;
            let mine = ask(&one, visitor, path).await;
            if let Some(words) = leak(path, &mine) {
                leaks.push(format!(
                    "{} for {path} was told:\n    {words}",
                    visitor.name
                ));
                continue;
            }
            // The column named like a full-text table holds a number that every statement changes.
            if path.starts_with("/open/notes_fts") {
                continue;
            }
            let (mut mine, mut theirs) = (comparable(&one, &mine), String::new());
            // Counts of the index may be cut short by a busy machine: a difference counts when it
            // stays.
            for _ in 0..4 {
                theirs = comparable(&other, &ask(&other, visitor, path).await);
                if mine == theirs {
                    break;
                }
                mine = comparable(&one, &ask(&one, visitor, path).await);
            }
            if mine != theirs {
                let differs = mine
                    .chars()
                    .zip(theirs.chars())
                    .take_while(|(a, b)| a == b)
                    .count();
                let cut = |text: &str| {
                    text.chars()
                        .skip(differs.saturating_sub(150))
                        .take(300)
                        .collect::<String>()
                };
                leaks.push(format!(
                    "{} for {path}: {}\n    instead of {}",
                    visitor.name,
                    cut(&mine),
                    cut(&theirs)
                ));
            }
        }
    }
    assert!(asked > 3_000, "{asked} questions");
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
}

// Proves: PERM-25, PERM-50, PERM-52
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_knows_a_hidden_name_learns_nothing() {
    let site = site(CANARY, 23).await;
    let mut leaks = Vec::new();
    let mut asked = 0;
    for visitor in outsiders() {
        for path in requests::by_name().iter().chain(&requests::with_sql()) {
            asked += 1;
            let answer = ask(&site, &visitor, path).await;
            if let Some(words) = leak(path, &answer) {
                leaks.push(format!(
                    "{} for {path} was told:\n    {words}",
                    visitor.name
                ));
            }
        }
    }
    assert!(asked > 7_000, "{asked} questions");
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
}

/// Follows links from the start page.
async fn crawl(site: &TestSite, visitor: &Visitor) -> (usize, Vec<String>) {
    let mut seen = BTreeSet::new();
    let mut leaks = Vec::new();
    let mut waiting: VecDeque<String> = ["/", "/-/api", "/-/queries", "/-/schema", "/_memory"]
        .map(str::to_owned)
        .into();
    while let Some(path) = waiting.pop_front() {
        if seen.len() == CRAWLED {
            break;
        }
        if path.contains("/-/static/") || !seen.insert(path.clone()) {
            continue;
        }
        let answer = ask(site, visitor, &path).await;
        // What hides in the question is not found out by following the link.
        if let Some(words) = leak("/", &answer) {
            leaks.push(format!(
                "{} for {path} was told:\n    {words}",
                visitor.name
            ));
        }
        let found = links::of(&path, &answer).into_iter();
        // Each page of a table links to every sort of every column; some of them are enough.
        waiting.extend(found.filter(|link| link.matches('&').count() < 2));
    }
    (seen.len(), leaks)
}

// Proves: PERM-50, HTML-05
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_link_leads_to_what_is_hidden() {
    let site = site(CANARY, 23).await;
    let mut leaks = Vec::new();
    for visitor in outsiders() {
        let (seen, found) = crawl(&site, &visitor).await;
        assert_eq!(seen, CRAWLED, "{}", visitor.name);
        leaks.extend(found);
    }
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
    // Who is let in comes across all of it.
    let (_, found) = crawl(&site, &insiders()).await;
    assert!(found.len() > 20, "{found:?}");
}

/// A question with a further header, or another method.
async fn ask_with(
    site: &TestSite,
    visitor: &Visitor,
    path: &str,
    method: &str,
    headers: &[(&str, &str)],
) -> datasette_testkit::Answer {
    let mut question = Question::get(path);
    question.method = method.parse().unwrap();
    for (name, value) in headers {
        question = question.header(name, value);
    }
    site.ask(visitor.asks(site, question)).await
}

// Proves: PERM-52, ROUTE-44, AUTH-45
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_methods_nor_headers_make_a_refusal_tell() {
    let site = site(CANARY, 23).await;
    let nobody = Visitor::with_token("a token for nothing", "insider", serde_json::json!({}));
    let anonymous = Visitor::anonymous();
    for (place, path) in requests::by_name().iter().enumerate() {
        let visitor = [&anonymous, &nobody][place % 2];
        let plain = ask(&site, visitor, path).await;
        for (method, headers) in [
            ("HEAD", &[][..]),
            ("GET", &[("accept", "application/json")]),
            ("GET", &[("content-type", "application/json")]),
            ("OPTIONS", &[]),
            ("GET", &[("range", "bytes=0-1"), ("if-none-match", "*")]),
        ] {
            if (place + method.len() + headers.len()) % 2 == 0 {
                continue;
            }
            let answer = ask_with(&site, visitor, path, method, headers).await;
            assert_eq!(leak(path, &answer), None, "{method} {path} {headers:?}");
            if method == "HEAD" {
                assert!(answer.body.is_empty(), "{path}");
                let as_get = if path.ends_with("/-/count") {
                    405
                } else {
                    plain.status
                };
                assert_eq!(answer.status, as_get, "HEAD {path}");
            }
            if method == "GET" {
                assert_ne!(answer.status, 304, "{path}");
            }
        }
    }
}

// Proves: AUTH-45, CACHE-03
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_of_somebody_elses_answer_opens_nothing() {
    let site = site(CANARY, 23).await;
    let nobody = Visitor::with_token("a token for nothing", "insider", serde_json::json!({}));
    let mut tagged = 0;
    for path in requests::of_both() {
        let answer = ask(&site, &Visitor::anonymous(), &path).await;
        let (Some(tag), 200) = (answer.header("etag"), answer.status) else {
            continue;
        };
        if path.starts_with("/files/") || path.starts_with("/-/static/") {
            continue;
        }
        tagged += 1;
        let known = [("if-none-match", tag)];
        let same = ask_with(&site, &Visitor::anonymous(), &path, "GET", &known).await;
        assert_eq!(same.status, 304, "{path}");
        // Both have credentials, and so pages of their own.
        for visitor in [&nobody, &insiders()] {
            let without = ask(&site, visitor, &path).await;
            let with = ask_with(&site, visitor, &path, "GET", &known).await;
            assert_eq!(with.status, without.status, "{} for {path}", visitor.name);
            assert_eq!(with.body.is_empty(), without.body.is_empty(), "{path}");
            assert_eq!(with.header("etag"), None, "{} for {path}", visitor.name);
        }
    }
    assert!(tagged > 100, "{tagged}");
}

// Without this, everything above could pass because nothing is told to anybody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_let_in_is_told() {
    let site = site(CANARY, 23).await;
    let visitor = insiders();
    let paths = requests::of_both().into_iter().chain(requests::by_name());
    let (mut told, mut asked) = (0, 0);
    for path in paths.step_by(5) {
        asked += 1;
        let answer = ask(&site, &visitor, &path).await;
        told += usize::from(leak(&path, &answer).is_some());
    }
    assert!(told * 10 > asked, "{told} of {asked}");
}
