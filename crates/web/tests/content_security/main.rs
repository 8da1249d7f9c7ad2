//! The policy of pages against foreign scripts.

// Plugins of tests may break like tests.
#![allow(clippy::unwrap_used)]

mod pages;
mod plugins;
mod templates;

use std::collections::BTreeSet;

use datasette_testkit::Answer;

const SQL: &str = "create table t (id integer primary key, name text);
    insert into t values (1, 'one'), (2, '<script>broken()</script><img src=x onerror=broken()>'),
        (3, 'javascript:broken()');
    create table \"<script>\" (\"<script>\" text);
    create view v as select name from t;";

const OPEN: &str = "object-src 'none'; base-uri 'self'";

/// The number that the policy of an answer names.
#[track_caller]
fn nonce(answer: &Answer) -> &str {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    let named = policy
        .split_once("'nonce-")
        .and_then(|(_, rest)| rest.split_once('\''));
    let (nonce, _) = named.unwrap_or_else(|| panic!("no number in {policy:?}"));
    assert_eq!(nonce.len(), 22, "{policy}");
    nonce
}

/// The start tags of the scripts of a page.
fn script_tags(page: &str) -> Vec<&str> {
    let tags = page.match_indices("<script");
    tags.map(|(at, _)| &page[at..=at + page[at..].find('>').unwrap()])
        .collect()
}

/// Asserts that a page runs its own scripts and no others; returns its number.
#[track_caller]
fn assert_strict(answer: &Answer, path: &str) -> String {
    let policies = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "content-security-policy");
    assert_eq!(policies.count(), 1, "{path}");
    let nonce = nonce(answer).to_owned();
    let mark = format!(" nonce=\"{nonce}\"");
    for tag in script_tags(answer.text()) {
        if !tag.contains("application/json") {
            assert!(tag.contains(&mark), "{path}: {tag}");
        }
    }
    let names: BTreeSet<&str> = answer.text().split("nonce=\"").skip(1).collect();
    assert!(names.iter().all(|rest| rest.starts_with(&nonce)), "{path}");
    nonce
}
