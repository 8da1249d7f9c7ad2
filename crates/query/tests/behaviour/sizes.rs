//! Sizes, limits and lifetimes.

use datasette_core::QueryString;
use datasette_query::{Limits, PageSize, TableDefaults, TableQuestion};

use crate::site::Site;

fn ask(query: &str, defaults: &TableDefaults) -> Result<TableQuestion, String> {
    let site = Site::new("create table t(id integer primary key, a)");
    let arguments = QueryString::parse(query);
    let limits = Limits::default();
    TableQuestion::parse(&site.table("t"), &arguments, defaults, &limits).map_err(|fault| {
        assert_eq!(fault.status(), 400);
        fault.message()
    })
}

fn page_size(query: &str, size: Option<PageSize>) -> Result<u32, String> {
    let defaults = TableDefaults {
        size,
        ..TableDefaults::default()
    };
    ask(query, &defaults).map(|question| question.page_size)
}

// Proves: TABLE-15, TABLE-16, TABLE-17, TABLE-18
#[test]
fn page_sizes() {
    let not_a_size = Err("_size must be a positive integer".to_owned());
    let too_large = Err("_size must be <= 1000".to_owned());
    let cases = [
        ("", None, Ok(100)),
        ("_size=", None, Ok(100)),
        ("_size=7", None, Ok(7)),
        ("_size=0", None, Ok(0)),
        ("_size=max", None, Ok(1000)),
        ("_size=1000", None, Ok(1000)),
        ("_size=1001", None, too_large.clone()),
        ("_size=99999999999999999999", None, too_large.clone()),
        ("_size=-1", None, not_a_size.clone()),
        ("_size=1.5", None, not_a_size.clone()),
        ("_size=MAX", None, not_a_size.clone()),
        ("_size=1&_size=2", None, Ok(1)),
        ("", Some(PageSize::Rows(7)), Ok(7)),
        ("", Some(PageSize::Rows(0)), Ok(100)),
        ("", Some(PageSize::Max), Ok(1000)),
        ("", Some(PageSize::Rows(5000)), too_large),
        ("", Some(PageSize::Invalid), not_a_size),
        ("_size=3", Some(PageSize::Invalid), Ok(3)),
        ("_size=3", Some(PageSize::Rows(7)), Ok(3)),
    ];
    for (query, configured, expected) in cases {
        assert_eq!(page_size(query, configured), expected, "{query}");
    }
    let site = Site::new("create table t(id integer primary key, a)");
    assert!(site.plan("t", "_size=max").sql.ends_with(" limit 1001"));
    assert!(site.plan("t", "_size=0").sql.ends_with(" limit 1"));
}

// Proves: TABLE-28, TABLE-29
#[test]
fn time_limits_only_go_down() {
    let limit =
        |query: &str| ask(query, &TableDefaults::default()).map(|question| question.time_limit_ms);
    assert_eq!(limit(""), Ok(None));
    assert_eq!(limit("_timelimit="), Ok(None));
    assert_eq!(limit("_timelimit=20"), Ok(Some(20)));
    assert_eq!(limit("_timelimit=0"), Ok(None));
    assert_eq!(limit("_timelimit=1000"), Ok(None));
    assert_eq!(limit("_timelimit=99999999999999999999"), Ok(None));
    for wrong in ["x", "1.5", "-5", "max"] {
        let message = limit(&format!("_timelimit={wrong}"));
        assert_eq!(
            message,
            Err("_timelimit must be a positive integer".to_owned())
        );
    }
}

// Proves: TABLE-30
#[test]
fn lifetimes_are_digits() {
    let ttl = |query: &str| ask(query, &TableDefaults::default()).unwrap().ttl;
    assert_eq!(ttl("_ttl=0"), Some(0));
    assert_eq!(ttl("_ttl=3600"), Some(3600));
    for ignored in ["", "_ttl=", "_ttl=-1", "_ttl=1.5", "_ttl=x", "_ttl=+1"] {
        assert_eq!(ttl(ignored), None, "{ignored}");
    }
}

// Proves: TABLE-32
#[test]
fn unknown_arguments_are_ignored() {
    let question = ask(
        "_hash=1&_extra=nope&_shape=array&_foo=1",
        &TableDefaults::default(),
    );
    assert!(question.unwrap().is_unfiltered());
}

// Proves: FACET-33, FACET-34
#[test]
fn facet_sizes() {
    let size = |query: &str, facet_size: Option<PageSize>| {
        let defaults = TableDefaults {
            facet_size,
            ..TableDefaults::default()
        };
        ask(query, &defaults).unwrap().facet_size
    };
    assert_eq!(size("", None), 30);
    assert_eq!(size("_facet_size=5", None), 5);
    assert_eq!(size("_facet_size=max", None), 1000);
    assert_eq!(size("_facet_size=5000", None), 1000);
    assert_eq!(size("_facet_size=-1", None), 30);
    assert_eq!(size("_facet_size=x", Some(PageSize::Rows(7))), 7);
    assert_eq!(size("_facet_size=", Some(PageSize::Max)), 1000);
    assert_eq!(size("_facet_size=5", Some(PageSize::Rows(7))), 5);
    assert_eq!(size("", Some(PageSize::Rows(5000))), 1000);
}
