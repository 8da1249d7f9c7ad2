//! Every argument of every page with values that nobody meant: an answer or a clear refusal, never
//! a failure of the server.

use datasette_testkit::TestSite;
use serde_json::Value;

const SQL: &str = "
    create table kinds (id integer primary key, name text);
    insert into kinds values (1, 'one'), (2, 'two');
    create table t (id integer primary key, kind integer references kinds (id), name text,
                    tags text, day text, data blob, big real);
    insert into t values (1, 1, 'ann', '[\"a\"]', '2024-01-31', x'00ff', 9e999),
                         (2, 2, null, 'no json', 'never', null, null);
    create table pair (a text, b text, c text, primary key (a, b)) without rowid;
    insert into pair values ('', 'x', 'y'), ('a,b', 'c/d', null);
    create table bare (x);
    insert into bare values (1), (null), ('two');
    create virtual table found using fts5 (words);
    insert into found values ('some words');
    create view v as select name, day from t;
    create table empty (id integer primary key, x text);";

/// Arguments of pages of tables, rows, queries, exports and tools.
const ARGUMENTS: &[&str] = &[
    "_col",
    "_nocol",
    "_size",
    "_next",
    "_sort",
    "_sort_desc",
    "_sort_by_desc",
    "_where",
    "_through",
    "_search",
    "_search_name",
    "_searchmode",
    "_fts_table",
    "_fts_pk",
    "_shape",
    "_extra",
    "_labels",
    "_label",
    "_json",
    "_json_infinity",
    "_nl",
    "_facet",
    "_facet_date",
    "_facet_array",
    "_facet_size",
    "_nofacet",
    "_nosuggest",
    "_nocount",
    "_timelimit",
    "_ttl",
    "_trace",
    "_stream",
    "_dl",
    "_header",
    "_blob_column",
    "_blob_hash",
    "_hide_sql",
    "_show_sql",
    "_context",
    "_show_hidden",
    "_filter_column",
    "_filter_op",
    "_filter_value",
    "_row",
    "_initial",
    "q",
    "sql",
    "id",
    "id__gt",
    "name__contains",
    "name__in",
    "name__like",
    "name__glob",
    "tags__arraycontains",
    "day__date",
    "name__isnull",
    "id__nope",
    "nope",
    "nope__exact",
    "kind__not",
    "name__startswith",
    "rowid",
    "rowid__gt",
    "database",
    "table",
    "action",
    "parent",
    "child",
    "actor",
    "_page",
    "filter",
    "",
    "_",
    "__",
    "name__",
    "__exact",
];

/// Values that no argument means.
const VALUES: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "1",
    "1.5",
    "1e999",
    "99999999999999999999999",
    "nan",
    "max",
    "on",
    "x",
    "id",
    "name",
    "nope",
    "NAME",
    "rowid",
    "%00",
    "%27",
    "%22",
    "%5B",
    "%5B1%2C",
    "%7B",
    "%7B%22table%22%3A1%7D",
    "%7B%22table%22%3A%22kinds%22%2C%22column%22%3A%22x%22%2C%22value%22%3A%5B%5D%7D",
    "%7B%22column%22%3A%22name%22%2C%22value%22%3Anull%7D",
    "null",
    "%FF%FE",
    "%F0%9F%A6%8A",
    "%E2%80%AE",
    "a%2Cb",
    "~2F",
    "~",
    "%25",
    "_",
    "%3Aid",
    ":",
    "%3B",
    "--",
    "/*",
    "select+1",
    "select",
    "%28",
    "1)+or+(1=1",
    "count",
    "facet_results",
    "debug",
    "arrays",
    "object",
    "-",
    "2024-99-99",
    "*",
    "%22%2A",
    "%5C",
    "%0D%0A",
];

const PAGES: &[&str] = &[
    "/",
    "/.json",
    "/data",
    "/data.json",
    "/data/t",
    "/data/t.json",
    "/data/t.csv",
    "/data/pair",
    "/data/pair.json",
    "/data/bare.json",
    "/data/v",
    "/data/v.json",
    "/data/v.csv",
    "/data/found.json",
    "/data/empty",
    "/data/t/1",
    "/data/t/1.json",
    "/data/t/1.csv",
    "/data/t/1.blob",
    "/data/pair/a~2Cb,c~2Fd.json",
    "/data/-/query",
    "/data/-/query.json",
    "/data/-/query.csv",
    "/data/-/query.blob",
    "/data/one",
    "/data/one.json",
    "/data/one.csv",
    "/data/t/-/autocomplete",
    "/data/t/-/fragment",
    "/data/-/query/parameters",
    "/-/jump",
    "/-/queries.json",
    "/data/-/queries",
    "/-/allowed.json",
    "/-/rules.json",
    "/-/check.json",
    "/-/permissions",
    "/-/allow-debug",
    "/-/debug/autocomplete",
    "/-/api",
    "/-/plugins.json",
    "/-/schema.json",
    "/data/t/-/schema",
    "/-/threads.json",
];

/// What is wrong with an answer, if anything is.
fn fault(status: u16, content_type: &str, body: &[u8], path: &str) -> Option<String> {
    let ask = |text: &str| Some(format!("{status} {text}: {path}"));
    match status {
        200 | 302 => return None,
        400 | 403 | 404 => {}
        _ => return ask("is no answer to a mistake"),
    }
    if content_type.starts_with("application/json") {
        let Ok(json) = serde_json::from_slice::<Value>(body) else {
            return ask("says what is no JSON");
        };
        let told = json["error"].as_str().is_some_and(|text| !text.is_empty());
        if json["ok"] != false || json["status"] != status || !told {
            return ask("does not say what is wrong");
        }
    } else if body.is_empty() {
        return ask("is silent");
    }
    let text = String::from_utf8_lossy(body);
    let folder = std::env::temp_dir();
    let leaks = ["panicked", ".rs:", &folder.to_string_lossy()]
        .iter()
        .any(|leak| text.contains(leak));
    leaks.then(|| format!("{status} tells of the machine: {path}"))
}

async fn site() -> TestSite {
    TestSite::build()
        .database("data", SQL)
        .config(serde_json::json!({"databases": {"data": {"queries": {
            "one": "select id, name, :x as x, :_now_epoch as now from t",
        }}}}))
        .setting("template_debug", "1")
        .setting("trace_debug", "1")
        .root()
        .start()
        .await
}

async fn faults(site: &TestSite, path: &str) -> Option<String> {
    let root = datasette_core::Actor::with_id("root");
    let answer = site.get_as(&root, path).await;
    let content_type = answer.header("content-type").unwrap_or_default().to_owned();
    fault(answer.status, &content_type, &answer.body, path)
}

/// Asks every fourth page, so that tests side by side ask all.
async fn one_wrong_argument(quarter: usize) {
    let site = site().await;
    let mut found = Vec::new();
    for (at, page) in PAGES.iter().enumerate().skip(quarter).step_by(4) {
        for (argument, name) in ARGUMENTS.iter().enumerate() {
            // Each page meets each argument with a share of the values, each value on some page.
            let share = VALUES.iter().skip((at + argument) % 9).step_by(9);
            for value in share {
                found.extend(faults(&site, &format!("{page}?{name}={value}")).await);
            }
        }
    }
    assert!(
        found.is_empty(),
        "{} of them:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[tokio::test]
async fn one_wrong_argument_to_a_first_quarter_of_the_pages() {
    one_wrong_argument(0).await;
}

#[tokio::test]
async fn one_wrong_argument_to_a_second_quarter_of_the_pages() {
    one_wrong_argument(1).await;
}

#[tokio::test]
async fn one_wrong_argument_to_a_third_quarter_of_the_pages() {
    one_wrong_argument(2).await;
}

#[tokio::test]
async fn one_wrong_argument_to_the_last_quarter_of_the_pages() {
    one_wrong_argument(3).await;
}

#[tokio::test]
async fn arguments_that_come_twice_or_together() {
    let site = site().await;
    let mut found = Vec::new();
    let mut step = 7_usize;
    let mut pick = |of: &[&'static str]| {
        step = step
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        of[(step >> 33) % of.len()]
    };
    for _ in 0..4000 {
        let page = pick(PAGES);
        let (one, two, three) = (pick(ARGUMENTS), pick(ARGUMENTS), pick(ARGUMENTS));
        let (a, b, c, d) = (pick(VALUES), pick(VALUES), pick(VALUES), pick(VALUES));
        let path = format!("{page}?{one}={a}&{one}={b}&{two}={c}&{three}={d}");
        found.extend(faults(&site, &path).await);
    }
    assert!(
        found.is_empty(),
        "{} of them:\n{}",
        found.len(),
        found.join("\n")
    );
}
