//! Settings that bound time, threads and sizes, odd values of them, and prefixes of URLs.

use serde_json::{Value, json};

use crate::folder::Folder;

const ENDLESS: &str =
    "with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n)+select+count(*)+from+n";

fn status_and_text(folder: &Folder, arguments: &[&str], path: &str) -> (String, String) {
    let ran = folder.run(&[arguments, &["--headers", "--get", path]].concat());
    let text = ran.text();
    let first = text.lines().next().unwrap_or_default();
    (first.replace("HTTP/1.1 ", ""), text)
}

// Proves: SET-15
#[test]
fn threads_that_run_sql() {
    let folder = Folder::new();
    let threads = |number: &str| -> Value {
        let asked = ["one.db", "-s", "num_sql_threads", number];
        let root = [&asked[..], &["-s", "permissions.permissions-debug", "true"]].concat();
        let rows = folder.json(&asked, "/one/t.json?_shape=arrays");
        assert_eq!(rows["rows"], json!([[1, "a"], [2, "b"]]), "{number}");
        folder.json(&root, "/-/threads.json")
    };
    assert_eq!(
        threads("0"),
        json!({"ok": true, "num_threads": 0, "threads": []})
    );
    let some = threads("2");
    let number = some["threads"].as_array().unwrap().len();
    assert!(number > 0 && some["num_threads"] == number, "{some}");
    // The original does not start with a number below 0.
    folder.write("c.yaml", "settings: {num_sql_threads: -1}");
    let rows = folder.json(&["one.db", "-c", "c.yaml"], "/one/t.json?_shape=array");
    assert_eq!(rows.as_array().unwrap().len(), 2);
}

// Proves: SET-16, DEF-05
#[test]
fn time_for_a_query() {
    let folder = Folder::new();
    let endless = format!("/one/-/query.json?sql={ENDLESS}");
    for limit in ["30", "0"] {
        let limited = ["one.db", "-s", "sql_time_limit_ms", limit];
        // A visitor cannot have more.
        for more in ["", "&_timelimit=60000"] {
            let (status, text) = status_and_text(&folder, &limited, &format!("{endless}{more}"));
            assert_eq!(status, "400", "{limit}{more}");
            assert!(text.contains("SQL query took too long."), "{text}");
        }
    }
    // But less. (Whether two rows are read within few milliseconds is for the machine to say.)
    let patient = ["one.db", "-s", "sql_time_limit_ms", "600000"];
    let rows = folder.json(&patient, "/one/t.json?_shape=array");
    assert_eq!(rows.as_array().unwrap().len(), 2);
    let (status, _) = status_and_text(&folder, &patient, &format!("{endless}&_timelimit=30"));
    assert_eq!(status, "400");
    let held = format!("/one/t.json?_where=({ENDLESS})&_timelimit=30");
    assert_eq!(status_and_text(&folder, &patient, &held).0, "400");
    for path in ["/one/t.json", "/one/-/query.json?sql=select+1&"] {
        let soon = format!("{path}?_timelimit=soon").replace("&?", "&");
        let (status, text) = status_and_text(&folder, &patient, &soon);
        assert_eq!(status, "400", "{text}");
        assert!(text.contains("_timelimit"), "{text}");
    }
}

// Proves: SET-12, DEF-05
#[test]
fn no_row_is_lost_where_pages_are_larger_than_allowed() {
    let folder = Folder::new();
    let small = ["one.db", "-s", "max_returned_rows", "1"];
    let page = folder.json(&small, "/one/t.json?_shape=arrays");
    assert_eq!(page["rows"], json!([[1, "a"]]));
    let next = page["next"].as_str().unwrap();
    let rest = folder.json(&small, &format!("/one/t.json?_shape=arrays&_next={next}"));
    assert_eq!(
        (&rest["rows"], &rest["next"]),
        (&json!([[2, "b"]]), &Value::Null)
    );
}

// Proves: SET-08
#[test]
fn numbers_of_any_size_start() {
    let folder = Folder::new();
    let huge = "99999999999999999999";
    for name in [
        "default_page_size",
        "max_returned_rows",
        "max_post_body_bytes",
        "num_sql_threads",
        "sql_time_limit_ms",
        "default_facet_size",
        "facet_time_limit_ms",
        "facet_suggest_time_limit_ms",
        "max_signed_tokens_ttl",
        "default_cache_ttl",
        "cache_size_kb",
        "max_csv_mb",
        "truncate_cells_html",
    ] {
        for number in [huge, "-1"] {
            folder.write("c.yaml", format!("settings: {{{name}: {number}}}"));
            // With no time at all a page is at the mercy of the machine.
            let path = match name {
                "sql_time_limit_ms" => "/-/settings.json",
                _ => "/one/t?_facet=name",
            };
            let page = folder.run(&["one.db", "-c", "c.yaml", "--get", path]);
            assert_eq!(page.code, Some(0), "{name} {number}: {}", page.err);
        }
    }
}

// Proves: SET-25
#[test]
fn tokens_live_no_longer_than_allowed() {
    let folder = Folder::new();
    let secret = ["--secret", "s"];
    let token = |arguments: &[&str]| {
        let made = folder.run(&[&["create-token", "ann"], arguments, &secret].concat());
        made.text().trim_end().to_owned()
    };
    let actor = |limit: &str, token: &str| {
        let asked = ["one.db", "-s", "max_signed_tokens_ttl", limit];
        let rest = ["--token", token, "--get", "/-/actor.json"];
        let ran = folder.run(&[&asked[..], &secret, &rest].concat());
        serde_json::from_slice::<Value>(&ran.out).unwrap()
    };
    let forever = token(&[]);
    let long = token(&["-e", "100000"]);
    let expires = |answer: &Value| answer["actor"]["token_expires"].as_i64();
    for one in [&forever, &long] {
        assert!(expires(&actor("60", one)).unwrap() < expires(&actor("0", &long)).unwrap());
    }
    assert_eq!(expires(&actor("0", &forever)), None);
    let short = token(&["-e", "60"]);
    assert_eq!(
        expires(&actor("100000", &short)),
        expires(&actor("0", &short))
    );
    // One second after another a token is over: its own life was over before it was shown.
    let over = actor("60", &token(&["-e", "-5"]));
    assert_eq!(over["status"], 401);
}

// Proves: SET-32
#[test]
fn exports_end_at_their_limit() {
    let folder = Folder::new();
    drop(folder.database(
        "big.db",
        "create table big (text text);
         with recursive c (i) as (select 1 union all select i + 1 from c where i < 1500)
         insert into big select printf('%.1000c', 'x') from c;",
    ));
    let export = |limit: &str| {
        let set = ["big.db", "-s", "max_csv_mb", limit];
        folder.run(&[&set[..], &["--get", "/big/big.csv?_stream=1"]].concat())
    };
    let cut = export("1");
    let words = "CSV contains more than 1048576 bytes";
    assert_eq!(cut.code, Some(0));
    assert!(cut.text().trim_end().ends_with(words));
    assert!(cut.out.len() < 1_100_000);
    assert!(cut.err.contains(words), "{}", cut.err);
    for limit in ["0", "2"] {
        let whole = export(limit);
        assert_eq!(
            whole
                .text()
                .lines()
                .filter(|line| line.ends_with("xxx"))
                .count(),
            1500
        );
        assert_eq!(whole.err, "");
    }
}

// Proves: SET-29
#[test]
fn personal_answers_are_kept_by_nobody() {
    let folder = Folder::new();
    let shut = ["one.db", "-s", "databases.one.tables.t.allow.id", "ann"];
    let ann = ["--actor", "{\"id\": \"ann\"}"];
    for (arguments, path) in [
        (["one.db"].as_slice(), "/one/t.json"),
        (&shut, "/one/t.json?_ttl=60"),
        (&shut, "/one/t?_ttl=60"),
        (&["one.db", "-s", "default_cache_ttl", "600"], "/one/t/1"),
    ] {
        let asked = [arguments, &ann].concat();
        let (status, text) = status_and_text(&folder, &asked, path);
        assert_eq!(status, "200");
        assert!(
            text.contains("\ncache-control: private, no-store\n"),
            "{path}: {text}"
        );
    }
    let token = ["one.db", "--token", "unheard-of"];
    let (_, text) = status_and_text(&folder, &token, "/one/t.json?_ttl=60");
    assert!(
        text.contains("\ncache-control: private, no-store\n"),
        "{text}"
    );
    let (_, text) = status_and_text(&folder, &["one.db"], "/one/t.json?_ttl=60");
    assert!(text.contains("\ncache-control: max-age=60\n"), "{text}");
}

// Proves: DEF-09, SET-37
#[test]
fn a_prefix_stands_once() {
    let folder = Folder::new();
    let prefixed = ["one.db", "-s", "base_url", "/data/"];
    for path in ["/data/one/t.json?_size=1", "/one/t.json?_size=1"] {
        let page = folder.json(&prefixed, path);
        assert_eq!(
            page["next_url"],
            "http://localhost/data/one/t.json?_size=1&_next=1"
        );
    }
    let (_, text) = status_and_text(&folder, &prefixed, "/data/one/t?_size=1");
    assert!(
        text.contains("<http://localhost/data/one/t?_size=1&_next=1>; rel=\"next\""),
        "{text}"
    );
    assert!(
        text.contains("href=\"/data/one\"") && !text.contains("/data/data/"),
        "{text}"
    );
    let (_, text) = status_and_text(&folder, &prefixed, "/data/one");
    assert!(text.contains("action=\"/data/one/-/query\""), "{text}");
    let (status, text) = status_and_text(&folder, &prefixed, "/data/one/t/");
    assert_eq!(status, "302");
    assert!(text.contains("\nlocation: /data/one/t\n"), "{text}");
}
