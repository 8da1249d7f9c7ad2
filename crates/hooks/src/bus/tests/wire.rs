//! Payloads survive the way to another process and back.

use datasette_core::{Actor, Value};
use serde_json::json;

use crate::{ActionItem, AssignedType, CellBatch, CellValue, Data, RequestInfo};

#[test]
fn values_are_what_they_are() {
    let values = json!([null, 1, 1.5, "x"]);
    let data: Vec<Data> = serde_json::from_value(values.clone()).unwrap();
    assert_eq!(data[1].0, Value::Integer(1));
    assert_eq!(data[2].0, Value::Real(1.5));
    assert_eq!(serde_json::to_value(&data).unwrap(), values);
    let bytes = Data(Value::Blob(vec![1, 255]));
    let back: Data = serde_json::from_str(&serde_json::to_string(&bytes).unwrap()).unwrap();
    assert_eq!(back, bytes);
}

#[test]
fn a_labelled_cell_is_an_object() {
    let batch = CellBatch {
        database: "data".to_owned(),
        columns: vec!["id".to_owned(), "city".to_owned()],
        column_types: vec![
            None,
            Some(AssignedType {
                name: "url".to_owned(),
                config: json!({"a": 1}),
            }),
        ],
        skipped: vec![true],
        rows: vec![vec![
            Value::Integer(1).into(),
            CellValue::Labelled {
                value: Data(Value::Integer(7)),
                label: Data(Value::from("Oslo")),
            },
        ]],
        ..CellBatch::default()
    };
    let wire = serde_json::to_value(&batch).unwrap();
    assert_eq!(wire["rows"][0], json!([1, {"value": 7, "label": "Oslo"}]));
    assert_eq!(serde_json::from_value::<CellBatch>(wire).unwrap(), batch);
    assert!(!batch.wants(0) && batch.wants(1));
}

#[test]
fn a_request_keeps_its_actor() {
    let request = RequestInfo {
        method: "GET".to_owned(),
        query_string: "a=1&a=2".to_owned(),
        headers: vec![("accept".to_owned(), "*/*".to_owned())],
        actor: Some(Actor::with_id("ann")),
        ..RequestInfo::default()
    };
    let wire = serde_json::to_value(&request).unwrap();
    assert_eq!(wire["actor"], json!({"id": "ann"}));
    let back: RequestInfo = serde_json::from_value(wire).unwrap();
    assert_eq!(back, request);
    assert_eq!(back.header("accept"), Some("*/*"));
    assert_eq!(back.arguments().get_all("a").count(), 2);
}

// Proves: HOOK-173
#[test]
fn an_action_is_a_link_or_a_button() {
    let link = ActionItem::link("/x", "X").described("more");
    assert!(!link.is_button());
    assert_eq!(
        serde_json::to_value(&link).unwrap(),
        json!({"href": "/x", "label": "X", "description": "more"})
    );
    let button = ActionItem::button("B", vec![("data-x".to_owned(), "1".to_owned())]);
    assert!(button.is_button());
}
