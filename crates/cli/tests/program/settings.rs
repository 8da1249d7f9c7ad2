//! Each setting and what it changes in an answer.

use serde_json::{Value, json};

use crate::folder::Folder;

/// A folder with a table of twelve rows and room for facets.
fn folder() -> Folder {
    let folder = Folder::new();
    drop(folder.database(
        "many.db",
        "create table n (id integer primary key, kind text, body text);
         with recursive i (x) as (select 1 union all select x + 1 from i where x < 12)
         insert into n select x, 'kind' || (x % 4), printf('%.*c', 40, 'x') from i;",
    ));
    folder
}

fn with<'a>(name: &'a str, value: &'a str) -> [&'a str; 4] {
    ["many.db", "-s", name, value]
}

/// The status and the body.
fn asked(folder: &Folder, arguments: &[&str], path: &str) -> (String, String) {
    let ran = folder.run(&[arguments, &["--headers", "--get", path]].concat());
    let text = ran.text();
    let status = text
        .lines()
        .next()
        .unwrap_or_default()
        .replace("HTTP/1.1 ", "");
    (status, text)
}

fn length(page: &Value) -> usize {
    page["rows"].as_array().unwrap().len()
}

// Proves: SET-10, SET-11, SET-12
#[test]
fn sizes_of_pages() {
    let folder = folder();
    let page = folder.json(&with("default_page_size", "5"), "/many/n.json");
    assert_eq!((length(&page), page["next"].as_str()), (5, Some("5")));
    let few = ["many.db", "-s", "max_returned_rows", "4"];
    // The smaller of the two counts, and no row is lost.
    let page = folder.json(&few, "/many/n.json");
    assert_eq!((length(&page), page["next"].as_str()), (4, Some("4")));
    assert_eq!(length(&folder.json(&few, "/many/n.json?_size=max")), 4);
    let (status, text) = asked(&folder, &few, "/many/n.json?_size=5");
    assert_eq!(status, "400");
    assert!(text.contains("_size must be <= 4"), "{text}");
    let page = folder.json(&few, "/many/-/query.json?sql=select+*+from+n");
    assert_eq!((length(&page), &page["truncated"]), (4, &json!(true)));
    let (status, _) = asked(&folder, &["many.db"], "/many/n.json?_timelimit=soon");
    assert_eq!(status, "400");
}

// Proves: SET-18, SET-21, SET-26
#[test]
fn facets() {
    let folder = folder();
    // Whether they are found in little time is for the machine to say.
    folder.write(
        "patient.yaml",
        "settings: {sql_time_limit_ms: 60000, facet_time_limit_ms: 60000, facet_suggest_time_limit_ms: 60000}",
    );
    let patient = ["-c", "patient.yaml"];
    let with = |name, value| [&with(name, value)[..], &patient].concat();
    let path = "/many/n.json?_facet=kind&_extra=facet_results";
    let page = folder.json(&with("default_facet_size", "2"), path);
    let kind = &page["facet_results"]["results"]["kind"];
    assert_eq!(kind["results"].as_array().unwrap().len(), 2);
    assert_eq!(kind["truncated"], true);
    let (status, text) = asked(&folder, &with("allow_facet", "off"), path);
    assert_eq!(status, "400");
    assert!(text.contains("_facet= is not allowed"), "{text}");
    let path = "/many/n.json?_extra=suggested_facets";
    let suggested = |arguments: &[&str]| {
        let page = folder.json(arguments, path);
        page["suggested_facets"].as_array().unwrap().len()
    };
    assert!(suggested(&[&["many.db"][..], &patient].concat()) > 0);
    assert_eq!(suggested(&with("suggest_facets", "off")), 0);
}

// Proves: SET-22, SET-24, SET-31
#[test]
fn what_is_not_allowed() {
    let folder = folder();
    let (status, _) = asked(&folder, &["-i", "many.db"], "/many.db");
    assert_eq!(status, "200");
    let off = ["-i", "many.db", "-s", "allow_download", "off"];
    let (status, text) = asked(&folder, &off, "/many.db");
    assert_eq!(status, "403");
    assert!(text.contains("Database download is forbidden"), "{text}");
    assert!(!asked(&folder, &off, "/many").1.contains("/many.db"));
    let path = "/many/-/query.json?sql=select+1";
    assert_eq!(asked(&folder, &["many.db"], path).0, "200");
    let mut denied = with("default_allow_sql", "off").to_vec();
    assert_eq!(asked(&folder, &denied, path).0, "403");
    denied.extend(["-s", "databases.many.allow_sql", "true"]);
    assert_eq!(asked(&folder, &denied, path).0, "200");
    let (status, text) = asked(
        &folder,
        &with("allow_csv_stream", "off"),
        "/many/n.csv?_stream=1",
    );
    assert_eq!(status, "400");
    assert!(text.ends_with("\n\nCSV streaming is disabled\n"), "{text}");
}

// Proves: SET-27, SET-28, SET-33, SET-34
#[test]
fn headers_and_looks() {
    let folder = folder();
    let header = |arguments: &[&str], path: &str| {
        let (_, text) = asked(&folder, arguments, path);
        let found = text
            .lines()
            .find_map(|line| line.strip_prefix("cache-control: "));
        found.map(str::to_owned)
    };
    for path in ["/many/n", "/many/n.json", "/many/n/1", "/many/n/1.json"] {
        assert_eq!(header(&["many.db"], path).as_deref(), Some("max-age=5"));
        let set = with("default_cache_ttl", "77");
        assert_eq!(header(&set, path).as_deref(), Some("max-age=77"));
        let asked = header(&set, &format!("{path}?_ttl=9"));
        assert_eq!(asked.as_deref(), Some("max-age=9"));
        let none = with("default_cache_ttl", "0");
        assert_eq!(header(&none, path).as_deref(), Some("no-cache"));
    }
    for path in [
        "/",
        "/many",
        "/many/-/query?sql=select+1",
        "/-/versions.json",
    ] {
        assert_eq!(header(&["many.db"], path), None, "{path}");
    }
    let shown = |value: &str, path: &str| {
        let (_, text) = asked(&folder, &with("truncate_cells_html", value), path);
        text.contains(&"x".repeat(40))
    };
    assert!(!shown("10", "/many/n") && shown("0", "/many/n"));
    assert!(shown("10", "/many/n/1") && shown("10", "/many/n.json") && shown("10", "/many/n.csv"));
    let page = folder.json(&with("force_https_urls", "on"), "/many/n.json?_size=1");
    let next = page["next_url"].as_str().unwrap();
    assert!(next.starts_with("https://localhost/"), "{next}");
}

// Proves: CONF-31, CONF-32, CONF-33, CONF-35
#[test]
fn keys_of_a_table() {
    let folder = folder();
    let set = |key: &str, value: &str| {
        [
            "many.db",
            "-s",
            &format!("databases.many.tables.n.{key}"),
            value,
        ]
        .map(str::to_owned)
    };
    let ask = |arguments: &[String], path: &str| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        asked(&folder, &arguments, path)
    };
    let first = |arguments: &[String]| {
        let (_, text) = ask(arguments, "/many/n.json?_shape=array&_size=1&_col=id");
        text.split("\n\n").nth(1).unwrap_or_default().to_owned()
    };
    assert!(first(&set("sort_desc", "id")).contains("\"id\": 12"));
    let both = [
        set("sort_desc", "id").to_vec(),
        set("sort", "kind")[1..].to_vec(),
    ]
    .concat();
    let (status, text) = ask(&both, "/many/n.json");
    assert_eq!(status, "400");
    assert!(
        text.contains("Cannot use _sort and _sort_desc at the same time"),
        "{text}"
    );
    let (_, text) = ask(&set("sort", "nosuch"), "/many/n.json");
    assert!(text.contains("Cannot sort table by nosuch"), "{text}");
    let rows = |value: &str| {
        let (_, text) = ask(&set("size", value), "/many/n.json?_shape=arrays");
        text.matches("\"kind").count()
    };
    assert_eq!(
        (rows("3"), rows("0"), rows("\"4\""), rows("\"max\"")),
        (3, 12, 4, 12)
    );
    assert!(
        ask(&set("size", "2000"), "/many/n.json")
            .1
            .contains("_size must be <= 1000")
    );
    let invalid = ask(&set("size", "\"x\""), "/many/n.json").1;
    assert!(
        invalid.contains("_size must be a positive integer"),
        "{invalid}"
    );
    let restricted = set("sortable_columns", "[\"kind\"]");
    assert_eq!(ask(&restricted, "/many/n.json?_sort=kind").0, "200");
    assert_eq!(ask(&restricted, "/many/n.json?_sort=body").0, "400");
    let (_, hidden) = ask(&set("hidden", "true"), "/many.json");
    assert!(hidden.contains("\"hidden\": true"), "{hidden}");
    assert_eq!(ask(&set("hidden", "true"), "/many/n.json").0, "200");
}
