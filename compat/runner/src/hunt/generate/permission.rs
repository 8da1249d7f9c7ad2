//! Requests about who may do what: lists, tools, stored queries and downloads.

use super::request::{Query, tilde};
use crate::hunt::access::{ACTIONS, Access, actor};
use crate::hunt::random::Random;
use crate::hunt::schema::Schema;

/// One request as one of the visitors.
pub(in crate::hunt) fn query(schemas: &[Schema], access: &Access, random: &mut Random) -> Query {
    let own = |text: &str| text.to_owned();
    let Some(schema) = random.pick(schemas) else {
        return Query::default();
    };
    let database = tilde(&schema.database);
    let table = random.pick(&schema.tables);
    let table = table.map(|table| table.name.as_str()).unwrap_or_default();
    let stored = random.pick(&access.queries).map(String::as_str);
    let stored = tilde(stored.unwrap_or_default());
    let kind = random.below(20);
    let (segments, ending): (Vec<String>, &'static str) = match kind {
        0 => (vec![String::new()], ".json"),
        1 => (vec![own("-"), own("databases")], ".json"),
        2 => (vec![database], ".json"),
        3 => (vec![database, own("-"), own("queries")], ".json"),
        4 => (vec![own("-"), own("queries")], ".json"),
        5 => (vec![own("-"), own("jump")], ".json"),
        6 => (vec![own("-"), own("schema")], ".json"),
        7 => (vec![database, own("-"), own("schema")], ".json"),
        8 => (
            vec![database, tilde(table), own("-"), own("schema")],
            ".json",
        ),
        9 => (vec![database, stored], ".json"),
        10 => (vec![database], ".db"),
        11 => (vec![database, tilde(table)], ".json"),
        12 => (vec![database, tilde(&table.to_ascii_uppercase())], ".json"),
        13 => (vec![own("-"), own("actor")], ".json"),
        14 | 15 => (vec![own("-"), own("allowed")], ".json"),
        16 => (vec![own("-"), own("rules")], ".json"),
        _ => (vec![own("-"), own("check")], ".json"),
    };
    let args = match kind {
        5 if random.one_in(2) => vec![(own("q"), table.chars().take(2).collect())],
        11 | 12 => vec![
            (own("_size"), own("1")),
            (own("_labels"), own("on")),
            (own("_extra"), own("private,foreign_key_tables")),
        ],
        14.. => about(schemas, schema, table, access, random, kind > 16),
        _ => Vec::new(),
    };
    Query {
        kind: if kind < 14 { "access" } else { "permissions" },
        segments,
        ending,
        args,
        visitor: 0,
    }
}

/// The arguments of the tools: an action, a resource, and for `/-/check` an actor.
fn about(
    schemas: &[Schema],
    schema: &Schema,
    table: &str,
    access: &Access,
    random: &mut Random,
    check: bool,
) -> Vec<(String, String)> {
    let (action, short, level) = random.pick(&ACTIONS).copied().unwrap_or(ACTIONS[0]);
    let action = if random.one_in(15) { short } else { action };
    let mut args = vec![("action".to_owned(), action.to_owned())];
    // A query where it is about queries, mostly, and as deep as it goes, mostly.
    let child = match level {
        3 => random.pick(&access.queries).cloned().unwrap_or_default(),
        _ => table.to_owned(),
    };
    let depth = if check && !random.one_in(5) {
        level.min(2)
    } else {
        random.below(3)
    };
    if depth > 0 {
        args.push(("parent".to_owned(), schema.database.clone()));
    }
    if depth > 1 {
        let child = match random.below(6) {
            0 => child.to_ascii_uppercase(),
            _ => child,
        };
        args.push(("child".to_owned(), child));
    }
    if check {
        if !random.one_in(4) {
            let actor = actor(schemas, &access.queries, random);
            args.push(("actor".to_owned(), actor.to_string()));
        }
    } else {
        let size = random.pick(&["2", "5", "max", "200"]).copied();
        args.push(("_size".to_owned(), size.unwrap_or("5").to_owned()));
        if random.one_in(4) {
            args.push(("_page".to_owned(), (1 + random.below(4)).to_string()));
        }
    }
    args
}
