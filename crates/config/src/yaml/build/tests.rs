use super::*;
use proptest::prelude::*;
use serde_json::json;

fn value(text: &str) -> Value {
    parse(text).unwrap().value
}

fn refusal(text: &str) -> String {
    parse(text).unwrap_err().message
}

// Proves: CONF-02
#[test]
fn repeated_keys_keep_the_last_value() {
    assert_eq!(value("a: 1\nb: 2\na: 3"), json!({"a": 3, "b": 2}));
}

// Proves: CONF-02
#[test]
fn anchors_and_merges() {
    assert_eq!(
        value("a: &x {p: 1, q: 2}\nb:\n  q: 3\n  <<: *x\nc: *x"),
        json!({"a": {"p": 1, "q": 2}, "b": {"p": 1, "q": 3}, "c": {"p": 1, "q": 2}})
    );
    assert_eq!(
        value("a: &x {p: 1}\nb: &y {p: 2, q: 2}\nc: {<<: [*x, *y]}")["c"],
        json!({"p": 1, "q": 2}),
        "earlier mappings of a list win"
    );
    assert_eq!(value("a: {'<<': 1}"), json!({"a": {"<<": 1}}));
    assert_eq!(
        value("a: &x name\nb: {*x : 1}"),
        json!({"a": "name", "b": {"name": 1}})
    );
    assert_eq!(refusal("a: {<<: 1}"), "only mappings can be merged");
}

#[test]
fn names_of_any_kind_are_text() {
    assert_eq!(
        value("2020: 1\n010: 2\n1.5: 3\n2026-11-22: 4"),
        json!({"2020": 1, "010": 2, "1.5": 3, "2026-11-22": 4})
    );
    assert_eq!(refusal("? [a]\n: 1"), "a key must be a single value");
}

#[test]
fn dates_are_remembered_by_their_path() {
    let parsed =
        parse("a: 2026-11-22\nb: {c: &d 2026-11-22, e: '2026-11-22'}\nf: *d\na: x").unwrap();
    let mut dates: Vec<_> = parsed.dates.iter().map(|path| path.join(".")).collect();
    dates.sort();
    assert_eq!(dates, ["b.c", "f"]);
}

// Proves: CONF-02
#[test]
fn only_plain_data() {
    assert_eq!(
        value("a: !!str 5\nb: ! 6\nc: !!map {d: !!seq [!!int 7]}"),
        json!({
            "a": "5", "b": "6", "c": {"d": [7]},
        })
    );
    for text in [
        "!foo 1",
        "!!set {a}",
        "!!binary aGk=",
        "!!python/tuple [1]",
        "!!int x",
    ] {
        assert!(refusal(text).ends_with("is not plain data"), "{text}");
    }
}

#[test]
fn hostile_texts_end() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    assert_eq!(refusal(&bomb), "too many values");
    assert_eq!(refusal(&"[".repeat(150)), "nested too deeply");
    assert!(parse(&"[".repeat(100_000)).is_err());
    assert_eq!(
        refusal("a: &a {b: *a}"),
        "an alias stands inside what it repeats"
    );
    assert_eq!(value(""), Value::Null);
    assert_eq!(value("# only a comment\n"), Value::Null);
}

fn plain() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~é🔒\\n\\t]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-z ]{1,6}", inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn json_is_yaml(value in plain()) {
        let parsed = parse(&value.to_string()).unwrap().value;
        prop_assert_eq!(parsed, value);
    }

    #[test]
    fn no_text_panics(text in "[-a1:,{}\\[\\]&*!|>'\"#%@`?<~ .\\n\\t]{0,60}") {
        // Whether it is YAML does not matter here.
        let _ = parse(&text);
        let path = ["a".to_owned(), "1".to_owned()];
        let line = super::super::locate::line_of(&text, &path);
        prop_assert!(line.is_none_or(|(_, line)| line <= text.lines().count()));
    }
}
