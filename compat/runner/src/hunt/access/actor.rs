//! Actors made up from a seed, with properties of every type and with restrictions.

use serde_json::{Map, Value, json};

use crate::hunt::random::Random;
use crate::hunt::schema::Schema;

/// Every action with its abbreviation, and how deep its resources are: 0 the instance, 1 a
/// database, 2 a table, 3 a query.
pub(in crate::hunt) const ACTIONS: [(&str, &str, usize); 21] = [
    ("view-instance", "vi", 0),
    ("permissions-debug", "pd", 0),
    ("debug-menu", "dm", 0),
    ("view-database", "vd", 1),
    ("view-database-download", "vdd", 1),
    ("execute-sql", "es", 1),
    ("execute-write-sql", "ews", 1),
    ("create-table", "ct", 1),
    ("create-view", "cv", 1),
    ("store-query", "sq", 1),
    ("view-table", "vt", 2),
    ("insert-row", "ir", 2),
    ("delete-row", "dr", 2),
    ("update-row", "ur", 2),
    ("alter-table", "at", 2),
    ("set-column-type", "sct", 2),
    ("drop-table", "dt", 2),
    ("drop-view", "dv", 2),
    ("view-query", "vq", 3),
    ("update-query", "uq", 3),
    ("delete-query", "dq", 3),
];
/// Actions that most pages ask about.
const READING: [&str; 6] = [
    "view-instance",
    "view-database",
    "view-table",
    "view-query",
    "execute-sql",
    "view-database-download",
];
/// Keys of actors that blocks look at.
pub(super) const KEYS: [&str; 5] = ["id", "role", "level", "flag", "Role"];
/// Identifiers; stored queries are owned by some of them.
pub(super) const IDS: [&str; 4] = ["ann", "ben", "root", "7"];

/// A value that an actor's key, or a block, may have. Nothing that the original fails on (PERM-99).
pub(super) fn scalar(random: &mut Random) -> Value {
    let values = [
        json!("ann"),
        json!("staff"),
        json!("Staff"),
        json!(1),
        json!(0),
        json!(true),
        json!(false),
        json!("1"),
        json!("true"),
        json!(""),
        json!("*"),
        json!(null),
        serde_json::from_str("1.0").unwrap_or_default(),
        json!(1.5),
        json!(7),
    ];
    random.pick(&values).cloned().unwrap_or_default()
}

/// One value or a list of some.
pub(super) fn value(random: &mut Random) -> Value {
    match random.below(3) {
        0 => (0..random.below(4)).map(|_| scalar(random)).collect(),
        _ => scalar(random),
    }
}

/// An actor, or nobody.
pub(in crate::hunt) fn actor(schemas: &[Schema], queries: &[String], random: &mut Random) -> Value {
    if random.one_in(6) {
        return Value::Null;
    }
    let mut actor = Map::new();
    match random.below(6) {
        0 => {}
        1 => drop(actor.insert("id".to_owned(), scalar(random))),
        _ => {
            let id = random.pick(&IDS).copied().unwrap_or_default();
            actor.insert("id".to_owned(), id.into());
        }
    }
    for key in &KEYS[1..] {
        if random.one_in(3) {
            actor.insert((*key).to_owned(), value(random));
        }
    }
    if random.one_in(8) {
        actor.insert("unauthenticated".to_owned(), true.into());
    }
    if random.one_in(5) {
        actor.insert("_r".to_owned(), restrictions(schemas, queries, random));
    }
    actor.into()
}

/// What a token, or a cookie, restricts its actor to.
pub(super) fn restrictions(schemas: &[Schema], queries: &[String], random: &mut Random) -> Value {
    let mut restrictions = Map::new();
    if !random.one_in(4) {
        restrictions.insert("a".to_owned(), actions(random));
    }
    if random.one_in(2) {
        let mut databases = Map::new();
        for schema in random.half(schemas) {
            databases.insert(database(schema, random), actions(random));
        }
        restrictions.insert("d".to_owned(), databases.into());
    }
    if random.one_in(2) {
        let mut resources = Map::new();
        for schema in random.half(schemas) {
            let mut children = Map::new();
            for _ in 0..random.below(5) {
                children.insert(child(schema, queries, random), actions(random));
            }
            resources.insert(database(schema, random), children.into());
        }
        restrictions.insert("r".to_owned(), resources.into());
    }
    restrictions.into()
}

fn database(schema: &Schema, random: &mut Random) -> String {
    match random.below(12) {
        0 => schema.database.to_uppercase(),
        1 => "nowhere".to_owned(),
        _ => schema.database.clone(),
    }
}

/// The name of a table or of a stored query, sometimes in another case.
fn child(schema: &Schema, queries: &[String], random: &mut Random) -> String {
    let name = if random.one_in(4) {
        random.pick(queries).cloned()
    } else {
        random.pick(&schema.tables).map(|table| table.name.clone())
    };
    let name = name.unwrap_or_default();
    if random.one_in(5) {
        return name.to_ascii_uppercase();
    }
    name
}

fn actions(random: &mut Random) -> Value {
    let mut actions = Vec::new();
    for _ in 0..random.below(9) {
        let action = if random.one_in(4) {
            random.pick(&ACTIONS).map(|(name, ..)| *name)
        } else {
            random.pick(&READING).copied()
        };
        let name = action.unwrap_or_default();
        let short = ACTIONS.iter().find(|(full, ..)| *full == name);
        actions.push(match random.below(9) {
            0 => "no-such-action",
            1..=4 => short.map_or(name, |(_, short, _)| short),
            _ => name,
        });
    }
    actions.into()
}
