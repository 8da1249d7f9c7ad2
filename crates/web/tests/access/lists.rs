//! Lists hold what the model lets their visitor view, neither more nor less.

use std::collections::BTreeSet;

use datasette_testkit::Answer;
use serde_json::Value as Json;

use crate::cells::List;
use crate::matrix::{DATABASES, TABLES};
use crate::model::{Policy, Who};

/// The names that the model lets somebody view.
fn viewable(policy: &Policy, who: Who<'_>, action: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for database in DATABASES.iter().chain(&["_memory"]) {
        let children: Vec<&str> = match action {
            "view-table" if *database != "_memory" => TABLES.to_vec(),
            "view-query" => {
                let all = policy.queries.iter();
                let own = all.filter(|query| query.database == *database);
                own.map(|query| query.name.as_str()).collect()
            }
            "view-database" | "execute-sql" => vec![""],
            _ => Vec::new(),
        };
        for child in children {
            let named = Some(child).filter(|child| !child.is_empty());
            if policy.allows(who, action, Some(database), named) {
                found.insert(((*database).to_owned(), child.to_owned()));
            }
        }
    }
    found
}

fn pairs<'a>(items: &'a Json, parent: &str, child: &str) -> BTreeSet<(String, String)> {
    let text = |item: &'a Json, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    let items = items.as_array().into_iter().flatten();
    items
        .map(|item| (text(item, parent), text(item, child)))
        .collect()
}

fn of_database(all: &BTreeSet<(String, String)>, database: &str) -> BTreeSet<String> {
    let own = all.iter().filter(|(parent, _)| parent == database);
    own.map(|(_, child)| child.clone()).collect()
}

/// Whether there are boxes for all that the model lets view, and for nothing else; `_memory` has
/// none.
fn check_boxes(
    tables: &BTreeSet<(String, String)>,
    databases: &BTreeSet<String>,
    page: &str,
    what: &str,
) {
    let names = page.split("type=\"checkbox\" name=\"").skip(1);
    let names = names.filter_map(|rest| rest.split('"').next());
    let (mut of_databases, mut of_tables) = (BTreeSet::new(), BTreeSet::new());
    for name in names {
        match name.split(':').collect::<Vec<&str>>()[..] {
            ["database", database, "view-database"] => {
                of_databases.insert(database.to_owned());
            }
            ["resource", database, table, "view-table"] => {
                of_tables.insert((database.to_owned(), table.to_owned()));
            }
            _ => {}
        }
    }
    let mut expected = databases.clone();
    expected.remove("_memory");
    assert_eq!(of_databases, expected, "{what}");
    let mut expected = tables.clone();
    expected.retain(|(database, _)| databases.contains(database));
    assert_eq!(of_tables, expected, "{what}");
}

/// Whether a list is the model's.
pub(crate) fn check_list(policy: &Policy, who: Who<'_>, list: List, answer: &Answer, what: &str) {
    let tables = viewable(policy, who, "view-table");
    let databases = viewable(policy, who, "view-database");
    let names = |items: &Json| -> BTreeSet<String> {
        pairs(items, "name", "")
            .into_iter()
            .map(|(name, _)| name)
            .collect()
    };
    let visible: BTreeSet<String> = databases.iter().map(|(name, _)| name.clone()).collect();
    if matches!(list, List::Suggestions) {
        for table in TABLES {
            let link = format!("database=one&amp;table={table}\"");
            let may = tables.contains(&("one".to_owned(), (*table).to_owned()));
            assert!(may || !answer.text().contains(&link), "{what}: {table}");
        }
        return;
    }
    if matches!(list, List::TokenBoxes) {
        check_boxes(&tables, &visible, answer.text(), what);
        return;
    }
    let body = answer.json();
    match list {
        List::Index => {
            assert_eq!(names(&Json::Array(databases_of(&body))), visible, "{what}");
            for entry in databases_of(&body) {
                let database = entry["name"].as_str().unwrap_or_default();
                let own = of_database(&tables, database);
                let shown = names(&entry["tables_and_views_truncated"]);
                assert!(shown.is_subset(&own), "{what}: {shown:?}");
                let counted = ["tables_count", "hidden_tables_count", "views_count"]
                    .map(|key| entry[key].as_u64().unwrap_or_default());
                assert_eq!(
                    counted.iter().sum::<u64>(),
                    own.len() as u64,
                    "{what}: {entry}"
                );
            }
        }
        List::Database(name) => {
            let mut shown = names(&body["tables"]);
            shown.extend(names(&body["views"]));
            assert_eq!(shown, of_database(&tables, name), "{what}");
            let queries = of_database(&viewable(policy, who, "view-query"), name);
            assert_eq!(names(&body["queries"]), queries, "{what}");
            assert_eq!(body["queries_count"], queries.len(), "{what}");
            let columns = body["table_columns"].as_object().unwrap();
            assert!(columns.keys().all(|name| shown.contains(name)), "{what}");
        }
        List::Databases => assert_eq!(names(&body["databases"]), visible, "{what}"),
        List::Allowed(action) => {
            let shown = pairs(&body["items"], "parent", "child");
            assert_eq!(shown, viewable(policy, who, action), "{what}");
            assert_eq!(body["total"], shown.len(), "{what}");
        }
        List::Queries(database) => {
            let mut queries = viewable(policy, who, "view-query");
            queries.retain(|(parent, _)| database.is_none_or(|only| only == parent));
            assert_eq!(
                pairs(&body["queries"], "database", "name"),
                queries,
                "{what}"
            );
            let counted = |title: &str| -> u64 {
                let facets = body["facets"].as_array().into_iter().flatten();
                let facet = facets.filter(|facet| facet["title"] == title);
                let items = facet.flat_map(|facet| facet["items"].as_array().into_iter().flatten());
                items
                    .map(|item| item["count"].as_u64().unwrap_or_default())
                    .sum()
            };
            assert!(counted("Mode") <= queries.len() as u64, "{what}");
            assert!(counted("Visibility") <= queries.len() as u64, "{what}");
        }
        List::Jump => {
            let mut expected: BTreeSet<String> = visible.clone();
            let queries = viewable(policy, who, "view-query");
            let children = tables.iter().chain(&queries);
            expected.extend(children.map(|(parent, child)| format!("{parent}: {child}")));
            let menu = |item: &&Json| item["type"] != "debug" && item["type"] != "menu";
            let matches = body["matches"].as_array().into_iter().flatten();
            let shown: BTreeSet<String> = matches
                .filter(menu)
                .map(|item| item["name"].as_str().unwrap_or_default().to_owned())
                .filter(|name| !name.starts_with("Debug") && !is_menu(name))
                .collect();
            assert_eq!(shown, expected, "{what}");
        }
        List::InstanceSchema => {
            assert_eq!(
                pairs(&body["schemas"], "database", "")
                    .into_iter()
                    .map(|(name, _)| name)
                    .collect::<BTreeSet<_>>(),
                visible,
                "{what}"
            );
            for entry in body["schemas"].as_array().into_iter().flatten() {
                let database = entry["database"].as_str().unwrap_or_default();
                check_schema(&entry["schema"], &of_database(&tables, database), what);
            }
        }
        List::DatabaseSchema(name) => {
            check_schema(&body["schema"], &of_database(&tables, name), what);
        }
        List::Suggestions | List::TokenBoxes => {}
    }
}

fn databases_of(body: &Json) -> Vec<Json> {
    body["databases"].as_array().cloned().unwrap_or_default()
}

/// Entries of the jump menu for those who may debug.
fn is_menu(name: &str) -> bool {
    [
        "Databases",
        "Installed plugins",
        "Version info",
        "Settings",
        "Pattern portfolio",
    ]
    .contains(&name)
}

/// A schema holds a statement for each of these tables, and no other table's index.
fn check_schema(schema: &Json, own: &BTreeSet<String>, what: &str) {
    let schema = schema.as_str().unwrap_or_default().to_lowercase();
    for name in TABLES {
        let quoted = ["create table", "create view", "create virtual table"]
            .iter()
            .any(|start| {
                [
                    format!("{start} {name} "),
                    format!("{start} '{name}'"),
                    format!("{start} {name}("),
                ]
                .iter()
                .any(|start| schema.contains(start))
            });
        assert_eq!(quoted, own.contains(*name), "{what}: {name} in {schema}");
    }
    assert_eq!(
        schema.contains("index xq7keptindex"),
        own.contains("secret"),
        "{what}"
    );
}
