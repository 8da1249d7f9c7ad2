//! The contract of permissions as one statement in SQL over the internal database: which of all
//! resources of a kind an actor may do one action to, with the rules and limits of plugins as the
//! statements that they are.

use std::collections::BTreeSet;

use datasette_core::schema::Derivation;
use datasette_core::{Actor, Value};
use datasette_engine::Instance;
use datasette_hooks::{PermissionSql, PluginAction};
use datasette_sqlite::Limits;
use serde_json::{Value as Json, json};

/// A database and what is in it, or nothing for the whole instance.
pub(crate) type Place = (Option<String>, Option<String>);

/// Owners may, and what is private is theirs alone (PERM-64, PERM-65).
fn ownership(action: &str) -> Option<PermissionSql> {
    let applies = match action {
        "view-query" => "1",
        "update-query" | "delete-query" => "source = 'user'",
        _ => return None,
    };
    Some(PermissionSql {
        sql: Some(format!(
            "select database_name as parent, name as child, 1 as allow, 'query owner' as reason
             from queries where owner_id = :actor_id and {applies}"
        )),
        restriction_sql: Some(
            "select database_name as parent, name as child from queries
             where is_private = 0 or owner_id = :actor_id"
                .to_owned(),
        ),
        ..PermissionSql::default()
    })
}

/// All resources that the action is about.
fn candidates(action: &PluginAction) -> &'static str {
    match action.resource_class.as_deref() {
        Some("DatabaseResource") => "select database_name, null from catalog_databases",
        Some("TableResource") => {
            "select database_name, table_name from catalog_tables
             union all select database_name, view_name from catalog_views"
        }
        Some("QueryResource") => "select database_name, name from queries",
        _ => "select null, null",
    }
}

/// Tables that show what others hold, where this matters.
fn derivations(instance: &Instance, action: &str) -> Vec<Json> {
    let catalogue = instance.registry.catalogue();
    let mut found = Vec::new();
    for database in catalogue.databases().filter(|_| action == "view-table") {
        for table in database.tables() {
            let sources = match &table.derivation {
                Derivation::None => Vec::new(),
                Derivation::Unresolvable => vec![Json::Null],
                Derivation::From(source) => vec![json!(source)],
                Derivation::FromEach(sources) => sources.iter().map(|one| json!(one)).collect(),
            };
            for source in sources {
                found.push(json!([database.name(), table.name(), source]));
            }
        }
    }
    found
}

/// What the actor may do this one action to, requirements left aside. `further` are names that
/// nothing has.
pub(crate) async fn allowed(
    instance: &Instance,
    actor: Option<&Actor>,
    action: &PluginAction,
    further: &[Place],
) -> BTreeSet<Place> {
    let bus = &instance.bus;
    let context = bus.context(actor, None);
    let asked = bus.permission_resources_sql(&context, &action.name, false);
    let mut said = asked.await.unwrap();
    said.sql.extend(ownership(&action.name));
    let collation = match action.case_insensitive_child {
        true => "nocase",
        false => "binary",
    };

    let mut params: Vec<(String, Value)> = Vec::new();
    let mut bind = |name: &str, value: Value| params.push((name.to_owned(), value));
    let json = actor.map(|actor| Json::from(actor.properties().clone()).to_string());
    bind("actor", json.map_or(Value::Null, Value::Text));
    let id = actor.and_then(Actor::id);
    bind("actor_id", id.map_or(Value::Null, Value::from));
    bind("action", Value::from(action.name.as_str()));
    bind("further", Value::Text(json!(further).to_string()));
    let derived = derivations(instance, &action.name);
    bind("derived", Value::Text(Json::from(derived).to_string()));
    let rows = said.rules.iter();
    let rows: Vec<Json> = rows
        .map(|rule| json!([rule.parent, rule.child, u8::from(rule.allow)]))
        .collect();
    bind("known_rules", Value::Text(Json::from(rows).to_string()));
    for (number, one) in said.restrictions.iter().enumerate() {
        let rows = json!(one.covers).to_string();
        bind(&format!("known_limits_{number}"), Value::Text(rows));
    }
    for (name, value) in said.sql.iter().flat_map(|one| &one.params) {
        bind(name, value.0.clone());
    }

    let mut rules = vec![
        "select value ->> 0, value ->> 1, value ->> 2 from json_each(:known_rules)".to_owned(),
    ];
    let found = said.sql.iter().filter_map(|one| one.sql.as_ref());
    rules.extend(found.map(|sql| format!("select parent, child, allow from (\n{sql}\n)")));
    let mut limits: Vec<String> = (0..said.restrictions.len())
        .map(|number| {
            format!(
                "select value ->> 0, value ->> 1 collate {collation}
                 from json_each(:known_limits_{number})"
            )
        })
        .collect();
    let found = said
        .sql
        .iter()
        .filter_map(|one| one.restriction_sql.as_ref());
    limits.extend(
        found.map(|sql| format!("select parent, child collate {collation} from (\n{sql}\n)")),
    );
    if limits.is_empty() {
        limits.push("select null, null".to_owned());
    }

    let statement = format!(
        "with candidates(parent, child) as (
           {candidates}
           union select value ->> 0, value ->> 1 from json_each(:further)
           union select value ->> 0, value ->> 2 from json_each(:derived) where value ->> 2 is not null
         ),
         rules(parent, child, allow) as ({rules}),
         limits(parent, child) as ({limits}),
         matching(parent, child, depth, allow) as (
           select candidates.parent, candidates.child,
                  case when rules.child is not null then 2
                       when rules.parent is not null then 1
                       else 0 end,
                  rules.allow
           from candidates join rules
             on (rules.parent is null or rules.parent = candidates.parent)
            and (rules.child is null or rules.child = candidates.child collate {collation})
         ),
         deepest(parent, child, depth) as (
           select parent, child, max(depth) from matching group by parent, child
         ),
         ruled(parent, child) as (
           select matching.parent, matching.child from matching join deepest
             on matching.parent is deepest.parent and matching.child is deepest.child
            and matching.depth = deepest.depth
           group by matching.parent, matching.child having min(matching.allow) = 1
         ),
         verdict(parent, child) as (
           select parent, child from ruled where exists (
             select 1 from limits
             where (limits.parent is null or limits.parent = ruled.parent)
               and (limits.child is null or limits.child = ruled.child collate {collation})
           )
         ),
         derived(parent, child, source) as (
           select value ->> 0, value ->> 1, value ->> 2 from json_each(:derived)
         )
         select parent, child from verdict where not exists (
           select 1 from derived as one
           where one.parent = verdict.parent and one.child = verdict.child collate nocase
             and (one.source is null
               or exists (
                 select 1 from derived as other
                 where other.parent = one.parent and other.child = one.source collate nocase)
               or not exists (
                 select 1 from verdict as source
                 where source.parent = one.parent
                   and source.child = one.source collate nocase)))",
        candidates = candidates(action),
        rules = rules.join(" union all "),
        limits = limits.join(" intersect "),
    );
    let database = instance.internal.database();
    let rows = database
        .read(move |reader| {
            let found = reader.batch(&statement, &params, &Limits::NONE);
            Ok(found
                .map_err(|error| format!("{error:?} in {statement}"))
                .unwrap()
                .0)
        })
        .await
        .unwrap();
    let text = |value: datasette_core::ValueRef<'_>| value.as_text().map(|text| text.into_owned());
    rows.rows()
        .map(|row| (text(row.get(0)), text(row.get(1))))
        .collect()
}
