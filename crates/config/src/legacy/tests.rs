use super::*;
use serde_json::json;

fn moved(metadata: Value, configuration: Value) -> Result<(Value, Value), Mistake> {
    let (Value::Object(mut metadata), Value::Object(mut configuration)) = (metadata, configuration)
    else {
        panic!("both must be mappings");
    };
    move_to_configuration(&mut metadata, &mut configuration)?;
    Ok((Value::Object(metadata), Value::Object(configuration)))
}

// Proves: CONF-95, CONF-99, PERM-43
#[test]
fn plugins_and_allow_move_from_any_depth() {
    let metadata = json!({
        "title": "T",
        "allow": {"id": "root"},
        "plugins": {"p": {"a": 1}},
        "databases": {"one": {"allow": false, "tables": {"t": {"plugins": {"p": 2}}}}},
    });
    let (metadata, configuration) = moved(metadata, json!({})).unwrap();
    assert_eq!(metadata, json!({"title": "T"}));
    assert_eq!(
        configuration,
        json!({
            "allow": {"id": "root"},
            "plugins": {"p": {"a": 1}},
            "databases": {"one": {"allow": false, "tables": {"t": {"plugins": {"p": 2}}}}},
        })
    );
}

// Proves: CONF-96, CONF-98
#[test]
fn table_options_move_and_others_stay() {
    let options = json!({
        "hidden": true, "sort": "a", "sort_desc": "b", "size": 2, "sortable_columns": [],
        "label_column": "c", "facets": ["d"], "fts_table": "e", "fts_pk": "f", "searchmode": "raw",
    });
    let mut table = options.as_object().unwrap().clone();
    let rest = json!({"facet_size": 3, "column_types": {"a": "url"}, "title": "x"});
    table.extend(rest.as_object().unwrap().clone());
    let metadata = json!({"settings": {"a": 1}, "databases": {"one": {"tables": {"t": table}}}});
    let (metadata, configuration) = moved(metadata, json!({})).unwrap();
    assert_eq!(
        metadata,
        json!({"settings": {"a": 1}, "databases": {"one": {"tables": {"t": rest}}}})
    );
    assert_eq!(
        configuration,
        json!({"databases": {"one": {"tables": {"t": options}}}})
    );
}

// Proves: CONF-97
#[test]
fn metadata_wins_and_plugins_are_replaced_whole() {
    let metadata =
        json!({"plugins": {"p": 1}, "databases": {"one": {"tables": {"t": {"size": 2}}}}});
    let configuration = json!({
        "plugins": {"p": 9, "q": 9},
        "databases": {"one": {"tables": {"t": {"size": 9, "sort": "a"}}}},
    });
    let (_, configuration) = moved(metadata, configuration).unwrap();
    assert_eq!(
        configuration,
        json!({
            "plugins": {"p": 1},
            "databases": {"one": {"tables": {"t": {"size": 2, "sort": "a"}}}},
        })
    );
}

// Proves: CONF-100
#[test]
fn rules_without_a_query_are_ignored() {
    let metadata = json!({"databases": {"one": {"queries": {"q": {"allow": false}}}}});
    let (metadata_left, configuration) = moved(metadata.clone(), json!({})).unwrap();
    assert_eq!((metadata_left, configuration), (json!({}), json!({})));
    let configured = json!({"databases": {"one": {"queries": {"q": "select 1"}}}});
    let (_, configuration) = moved(metadata, configured).unwrap();
    assert_eq!(
        configuration,
        json!({"databases": {"one": {"queries": {"q": {"sql": "select 1", "allow": false}}}}})
    );
}

// Proves: CONF-07
#[test]
fn nothing_counts_as_an_empty_mapping() {
    let metadata = json!({"databases": {"one": {"allow": true}}});
    let (_, configuration) = moved(metadata.clone(), json!({"databases": null})).unwrap();
    assert_eq!(
        configuration,
        json!({"databases": {"one": {"allow": true}}})
    );
    let mistake = moved(metadata, json!({"databases": {"one": [1]}})).unwrap_err();
    assert_eq!(
        mistake.told_at(None),
        "databases.one must be a mapping, not a list"
    );
}
