use super::*;
use proptest::prelude::*;
use serde_json::json;

fn allows(block: Value, actor: Value) -> bool {
    let block = AllowBlock::from_json(&block).unwrap().unwrap();
    let actor = actor.as_object().cloned().map(Actor::new);
    block.allows(actor.as_ref())
}

// Proves: PERM-01
#[test]
fn true_and_false_ask_nobody() {
    for actor in [json!(null), json!({"id": "root"})] {
        assert!(allows(json!(true), actor.clone()));
        assert!(!allows(json!(false), actor));
    }
}

// Proves: PERM-02, PERM-03
#[test]
fn null_is_no_block_and_numbers_are_truths() {
    assert_eq!(AllowBlock::from_json(&Value::Null), Ok(None));
    assert_eq!(
        AllowBlock::from_json(&json!(1)),
        Ok(Some(AllowBlock::Everybody))
    );
    assert_eq!(
        AllowBlock::from_json(&json!(0)),
        Ok(Some(AllowBlock::Nobody))
    );
    assert!(!allows(json!({}), json!(null)));
    assert!(!allows(json!({}), json!({"id": "root"})));
}

// Proves: PERM-10
#[test]
fn other_types_are_refused() {
    for block in [
        json!("root"),
        json!(["root"]),
        json!(2),
        json!(0.5),
        json!(-1),
    ] {
        assert_eq!(
            AllowBlock::from_json(&block),
            Err(NotAnAllowBlock),
            "{block}"
        );
    }
}

// Proves: PERM-04, PERM-05, PERM-06
#[test]
fn any_key_and_any_value_is_enough() {
    let block = json!({"id": ["a", "b"], "role": "staff"});
    assert!(allows(block.clone(), json!({"id": "b"})));
    assert!(allows(block.clone(), json!({"id": "z", "role": "staff"})));
    assert!(allows(
        block.clone(),
        json!({"id": "z", "role": ["dev", "staff"]})
    ));
    assert!(allows(block.clone(), json!({"id": ["y", "a"]})));
    assert!(!allows(block.clone(), json!({"id": "z", "role": "dev"})));
    assert!(!allows(block, json!(null)));
}

// Proves: PERM-07
#[test]
fn a_star_asks_only_for_presence() {
    for value in [json!(null), json!(""), json!([]), json!(5)] {
        assert!(allows(json!({"id": "*"}), json!({"id": value})));
    }
    assert!(!allows(json!({"id": "*"}), json!({"name": "x"})));
    assert!(!allows(json!({"id": "*"}), json!(null)));
    assert!(!allows(json!({"id": ["*"]}), json!({"id": "x"})));
    assert!(allows(json!({"id": ["*"]}), json!({"id": "*"})));
}

// Proves: PERM-08
#[test]
fn comparison_is_typed() {
    assert!(!allows(json!({"id": 1}), json!({"id": "1"})));
    for (left, right) in [
        (json!(1), json!(1.0)),
        (json!(1), json!(true)),
        (json!(1.0), json!(true)),
        (json!(0), json!(false)),
        (json!(0), json!(-0.0)),
        (json!(1e2), json!(100)),
        (json!(2.5), json!(2.5)),
    ] {
        assert!(
            allows(json!({"id": left}), json!({"id": right})),
            "{left} {right}"
        );
        assert!(
            allows(json!({"id": right}), json!({"id": left})),
            "{right} {left}"
        );
    }
    assert!(!allows(
        json!({"id": 9007199254740993_i64}),
        json!({"id": 9007199254740992.0})
    ));
    assert!(!allows(json!({"id": "Root"}), json!({"id": "root"})));
    assert!(!allows(json!({"id": null}), json!({"id": null})));
    assert!(!allows(json!({"id": [[1]]}), json!({"id": [[1]]})));
}

// Proves: PERM-09
#[test]
fn unauthenticated_means_no_actor() {
    assert!(allows(json!({"unauthenticated": true}), json!(null)));
    assert!(!allows(json!({"unauthenticated": 1}), json!(null)));
    assert!(!allows(
        json!({"unauthenticated": true}),
        json!({"id": "a"})
    ));
    assert!(allows(
        json!({"unauthenticated": true}),
        json!({"unauthenticated": true})
    ));
    assert!(allows(
        json!({"unauthenticated": true}),
        json!({"unauthenticated": 1})
    ));
    let both = json!({"unauthenticated": true, "id": "root"});
    assert!(allows(both.clone(), json!(null)));
    assert!(allows(both.clone(), json!({"id": "root"})));
    assert!(!allows(both, json!({"id": "other"})));
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-3_i64..3).prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        scalar(),
        prop::collection::vec(scalar(), 0..3).prop_map(Value::from),
        Just(json!("*")),
    ]
}

fn object() -> impl Strategy<Value = Value> {
    prop::collection::vec(("[a-c]", value()), 0..3)
        .prop_map(|pairs| Value::Object(pairs.into_iter().collect()))
}

proptest! {
    // Proves: PERM-04
    #[test]
    fn another_key_never_takes_away(block in object(), actor in object(), extra in value()) {
        let before = allows(block.clone(), actor.clone());
        let mut wider = block.as_object().unwrap().clone();
        wider.entry("d".to_owned()).or_insert(extra);
        prop_assert!(!before || allows(Value::Object(wider), actor));
    }

    // Proves: PERM-05, PERM-06
    #[test]
    fn a_value_acts_like_a_list_of_it(key in "[a-c]", wanted in scalar(), actor in object()) {
        prop_assume!(wanted != json!("*"));
        let alone = allows(json!({key.clone(): wanted.clone()}), actor.clone());
        prop_assert_eq!(alone, allows(json!({key: [wanted]}), actor));
    }

    // Proves: PERM-09
    #[test]
    fn anonymous_visitors_need_their_own_key(block in object()) {
        prop_assert!(!allows(block, json!(null)));
    }
}
