//! The SQL, the values and the words of column filters.

use datasette_core::{QueryString, Value};
use datasette_query::lookup::LOOKUPS;

use crate::site::{Site, named};

fn site() -> Site {
    Site::new(
        "create table places(id integer primary key, state text, n integer, _city_id integer,
           \"a b\" text, tags text);
         insert into places values (1, 'CA', 5, 1, 'x', '[\"t\"]'), (2, 'MI', 6, 2, 'y', '[]');
         create table plain(a); insert into plain values (1), (2);
         create table noid(k text primary key) without rowid; insert into noid values ('x');
         create view v as select state from places;",
    )
}

fn encoded(key: &str, value: &str) -> String {
    QueryString::from_pairs(vec![(key.to_owned(), value.to_owned())]).encode()
}

struct Case {
    lookup: &'static str,
    value: &'static str,
    sql: &'static str,
    bound: Option<Value>,
    words: &'static str,
}

fn case(
    lookup: &'static str,
    value: &'static str,
    sql: &'static str,
    bound: Option<Value>,
    words: &'static str,
) -> Case {
    Case {
        lookup,
        value,
        sql,
        bound,
        words,
    }
}

// Proves: FILTER-01, FILTER-02, FILTER-03, FILTER-04, FILTER-05, FILTER-06, FILTER-07
// Proves: FILTER-08, FILTER-09, FILTER-10, FILTER-11, FILTER-12, FILTER-13, FILTER-16
// Proves: FILTER-17, FILTER-18, FILTER-19, FILTER-20, FILTER-21, FILTER-22, FILTER-25
#[test]
fn each_lookup_has_its_sql_value_and_words() {
    let text = |text: &str| Some(Value::from(text));
    let cases = [
        case("exact", "5", "\"state\" = :p0", text("5"), "state = 5"),
        case(
            "exact",
            "-5",
            "\"state\" = :p0",
            text("-5"),
            "state = \"-5\"",
        ),
        case("exact", "", "\"state\" = :p0", text(""), "state = \"\""),
        case("not", "v", "\"state\" != :p0", text("v"), "state != \"v\""),
        case("not", "12", "\"state\" != :p0", text("12"), "state != 12"),
        case(
            "contains",
            "v",
            "\"state\" like :p0",
            text("%v%"),
            "state contains \"v\"",
        ),
        case(
            "notcontains",
            "v",
            "\"state\" not like :p0",
            text("%v%"),
            "state does not contain \"v\"",
        ),
        case(
            "endswith",
            "v",
            "\"state\" like :p0",
            text("%v"),
            "state ends with \"v\"",
        ),
        case(
            "startswith",
            "v",
            "\"state\" like :p0",
            text("v%"),
            "state starts with \"v\"",
        ),
        case(
            "gt",
            "5",
            "\"state\" > :p0",
            Some(Value::Integer(5)),
            "state > 5",
        ),
        case(
            "gte",
            "1.5",
            "\"state\" >= :p0",
            Some(Value::Real(1.5)),
            "state ≥ 1.5",
        ),
        case("lt", "x", "\"state\" < :p0", text("x"), "state < x"),
        case(
            "lte",
            " 7",
            "\"state\" <= :p0",
            Some(Value::Integer(7)),
            "state ≤  7",
        ),
        case(
            "like",
            "a%",
            "\"state\" like :p0",
            text("a%"),
            "state like \"a%\"",
        ),
        case(
            "notlike",
            "a%",
            "\"state\" not like :p0",
            text("a%"),
            "state not like \"a%\"",
        ),
        case(
            "glob",
            "a*",
            "\"state\" glob :p0",
            text("a*"),
            "state glob \"a*\"",
        ),
        case(
            "arraycontains",
            "t",
            ":p0 in (select value from json_each(\"places\".\"state\"))",
            text("t"),
            "state contains \"t\"",
        ),
        case(
            "arraynotcontains",
            "t",
            ":p0 not in (select value from json_each(\"places\".\"state\"))",
            text("t"),
            "state does not contain \"t\"",
        ),
        case(
            "date",
            "2020-01-01",
            "date(\"state\") = :p0",
            text("2020-01-01"),
            "\"state\" is on date 2020-01-01",
        ),
        case("isnull", "0", "\"state\" is null", None, "state is null"),
        case(
            "notnull",
            "",
            "\"state\" is not null",
            None,
            "state is not null",
        ),
        case(
            "isblank",
            "1",
            "(\"state\" is null or \"state\" = '')",
            None,
            "state is blank",
        ),
        case(
            "notblank",
            "1",
            "(\"state\" is not null and \"state\" != '')",
            None,
            "state is not blank",
        ),
    ];
    let site = site();
    for Case {
        lookup,
        value,
        sql,
        bound,
        words,
    } in cases
    {
        let query = encoded(&format!("state__{lookup}"), value);
        let question = site.ask("places", &query).unwrap();
        let plan = datasette_query::plan_table(&question);
        assert_eq!(
            plan.count_sql,
            format!("select count(*) from places where {sql} ")
        );
        let expected: Vec<_> = bound
            .map(|value| ("p0".to_owned(), value))
            .into_iter()
            .collect();
        assert_eq!(plan.params, expected, "{lookup}");
        assert_eq!(question.describe(), format!("where {words}"));
    }
}

// Proves: FILTER-14, FILTER-15, FILTER-28, FILTER-29
#[test]
fn lists_are_split_or_parsed() {
    let site = site();
    let cases: [(&str, Vec<Value>, &str); 6] = [
        ("a, b ", vec!["a".into(), "b".into()], "[\"a\", \"b\"]"),
        ("", vec!["".into()], "[\"\"]"),
        (
            "[\"é\", 1, 2.50, null]",
            vec!["é".into(), Value::Integer(1), Value::Real(2.5), Value::Null],
            "[\"\\u00e9\", 1, 2.5, null]",
        ),
        ("[]", vec![], "[]"),
        ("[true]", vec![Value::Integer(1)], "[true]"),
        ("5", vec!["5".into()], "[\"5\"]"),
    ];
    for (value, bound, words) in cases {
        for (lookup, operator) in [("in", "in"), ("notin", "not in")] {
            let question = site
                .ask("places", &encoded(&format!("state__{lookup}"), value))
                .unwrap();
            let plan = datasette_query::plan_table(&question);
            let names: Vec<String> = (0..bound.len()).map(|index| format!(":p{index}")).collect();
            let sql = format!("where state {operator} ({}) ", names.join(", "));
            assert!(plan.count_sql.ends_with(&sql), "{}", plan.count_sql);
            let values: Vec<Value> = plan.params.into_iter().map(|(_, value)| value).collect();
            assert_eq!(values, bound);
            assert_eq!(
                question.describe(),
                format!("where state {operator} {words}")
            );
        }
    }
    let plan = site.plan("places", &encoded("a b__in", "x"));
    assert!(plan.count_sql.ends_with("where \"a b\" in (:p0) "));
}

// Proves: FILTER-30
#[test]
fn an_invalid_list_is_refused() {
    let site = site();
    for value in ["[", "[1,", "[[1]]", "[{\"a\": 1}]", "[nope]"] {
        let message = site.refusal("places", &encoded("state__in", value));
        assert!(
            message.starts_with(&format!("Invalid JSON list {value}: ")),
            "{message}"
        );
    }
}

// Proves: FILTER-23
#[test]
fn the_menu_has_its_order() {
    let menu: Vec<(&str, &str)> = LOOKUPS
        .iter()
        .map(|lookup| (lookup.key, lookup.label))
        .collect();
    let expected = [
        ("exact", "="),
        ("not", "!="),
        ("contains", "contains"),
        ("notcontains", "does not contain"),
        ("endswith", "ends with"),
        ("startswith", "starts with"),
        ("gt", ">"),
        ("gte", "≥"),
        ("lt", "<"),
        ("lte", "≤"),
        ("like", "like"),
        ("notlike", "not like"),
        ("glob", "glob"),
        ("in", "in"),
        ("notin", "not in"),
        ("arraycontains", "array contains"),
        ("arraynotcontains", "array does not contain"),
        ("date", "date"),
        ("isnull", "is null"),
        ("notnull", "is not null"),
        ("isblank", "is blank"),
        ("notblank", "is not blank"),
    ];
    assert_eq!(menu, expected);
    let valueless: Vec<&str> = LOOKUPS
        .iter()
        .filter(|lookup| !lookup.takes_value)
        .map(|lookup| lookup.key)
        .collect();
    assert_eq!(valueless, ["isnull", "notnull", "isblank", "notblank"]);
}

// Proves: FILTER-26, FILTER-27
#[test]
fn filters_are_sorted_and_numbered() {
    let plan = site().plan("places", "state=b&n__gt=1&state=a&n__in=3,2");
    assert_eq!(
        plan.count_sql,
        "select count(*) from places where \"n\" > :p0 and n in (:p1, :p2) \
         and \"state\" = :p3 and \"state\" = :p4 "
    );
    let names: Vec<&str> = plan.params.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["p0", "p1", "p2", "p3", "p4"]);
    let bound = named(&plan.params);
    assert_eq!(bound["p3"], Value::from("a"));
    assert_eq!(bound["p4"], Value::from("b"));
}

// Proves: FILTER-32, FILTER-33
#[test]
fn what_is_no_filter_changes_nothing() {
    let site = site();
    let question = site
        .ask("places", "state__bogus=1&_city_id=1&_hash=x&state__=1")
        .unwrap();
    assert_eq!(question.describe(), "");
    assert!(question.is_unfiltered());
    let plan = datasette_query::plan_table(&question);
    assert_eq!(plan.count_sql, "select count(*) from places ");
    let plan = site.plan("places", "_city_id__exact=1");
    assert_eq!(
        plan.count_sql,
        "select count(*) from places where \"_city_id\" = :p0 "
    );
    assert_eq!(
        site.first("places", "_city_id__exact=1"),
        [Value::Integer(1)]
    );
}

// Proves: FILTER-34
#[test]
fn an_unknown_column_is_a_text() {
    let site = site();
    assert!(site.first("places", "nope=CA").is_empty());
    assert_eq!(site.first("places", "nope=nope").len(), 2);
    assert_eq!(site.first("places", "nope__startswith=no").len(), 2);
    assert_eq!(site.first("places", "nope__isnull=1").len(), 0);
    assert_eq!(
        site.first("places", &encoded("no pe__in", "no pe")).len(),
        2
    );
    assert_eq!(
        site.refusal("places", "nope__in=nope"),
        "no such column: nope"
    );
    assert_eq!(
        site.refusal("places", "nope__notin=nope"),
        "no such column: nope"
    );
    assert_eq!(
        site.refusal("places", "nope__arraycontains=nope"),
        "no such column: places.nope"
    );
    let plan = site.plan("places", "nope=x&state=CA");
    assert_eq!(
        plan.count_sql,
        "select count(*) from places where :c0 = :p0 and \"state\" = :p1 "
    );
    assert_eq!(named(&plan.params)["c0"], Value::from("nope"));
}

// Proves: FILTER-35
#[test]
fn the_rowid_can_be_compared() {
    let site = site();
    assert_eq!(site.first("plain", "rowid=2"), [Value::Integer(2)]);
    assert_eq!(site.first("places", "rowid__gt=1"), [Value::Integer(2)]);
    assert_eq!(
        site.first("places", "_rowid___exact=1"),
        [Value::Integer(1)]
    );
    assert_eq!(site.first("places", "OID__in=1"), [Value::Integer(1)]);
    // Where there is none it is a text, and NULL in a view.
    assert_eq!(site.first("noid", "rowid=rowid").len(), 1);
    assert!(site.first("v", "rowid__gt=0").is_empty());
    assert_eq!(site.first("v", "rowid__isnull=1").len(), 2);
}

#[test]
fn names_are_found_without_regard_to_case() {
    let site = site();
    let plan = site.plan("places", "STATE=CA");
    assert_eq!(
        plan.count_sql,
        "select count(*) from places where \"STATE\" = :p0 "
    );
    assert_eq!(site.first("places", "STATE=CA"), [Value::Integer(1)]);
}

// Proves: FILTER-36
#[test]
fn hostile_names_stay_names() {
    let hostile = [
        "a\"b",
        "a]b",
        "[a",
        "a'b",
        "a`b",
        "a;--",
        "a\" = 1 or 1=1 --",
        "a)b",
        ":p0",
        "select",
    ];
    for table in hostile {
        for column in hostile {
            let quote = datasette_core::identifier::quote;
            let (t, c) = (quote(table), quote(column));
            let site = Site::new(&format!(
                "create table {t}(id integer primary key, {c} text);
                 insert into {t}({c}) values ('[\"x\"]'), ('y');"
            ));
            for lookup in LOOKUPS {
                let value = match lookup.key {
                    "arraycontains" | "arraynotcontains" => {
                        site.connection
                            .execute_batch(&format!("update {t} set {c} = '[]' where {c} = 'y'"))
                            .unwrap();
                        "x"
                    }
                    _ => "z",
                };
                let found =
                    site.first(table, &encoded(&format!("{column}__{}", lookup.key), value));
                assert!(found.len() <= 2, "{table} {column} {}", lookup.key);
            }
            let sorted = encoded("_sort_desc", column);
            assert_eq!(site.first(table, &sorted).len(), 2);
            assert_eq!(
                site.first(table, &encoded(column, "[\"x\"]")),
                [Value::Integer(1)]
            );
        }
    }
}
