//! Configurations made up from a seed: blocks of every form at every level.

use serde_json::{Map, Value, json};

use super::actor::{ACTIONS, IDS, KEYS, scalar, value};
use crate::hunt::random::Random;
use crate::hunt::schema::Schema;

/// Names of stored queries in the configuration.
pub(super) const CONFIGURED: [&str; 4] = ["q_one", "q_two", "Q_three", "q four"];

/// A whole configuration.
pub(super) fn configuration(schemas: &[Schema], writes: bool, random: &mut Random) -> Value {
    let mut root = Map::new();
    // Seldom: where the whole instance is denied there is little left to ask.
    if random.one_in(8) {
        root.insert("allow".to_owned(), kind_block(random));
    }
    if random.one_in(3) {
        root.insert("allow_sql".to_owned(), block(random));
    }
    let mut permissions = permissions(0, writes, random);
    let debuggers = json!({"id": ["ann", "root", "7"], "role": "staff"});
    permissions.insert("permissions-debug".to_owned(), debuggers);
    // What it adds to the jump menu has words of our own.
    permissions.insert("debug-menu".to_owned(), false.into());
    root.insert("permissions".to_owned(), permissions.into());
    let mut databases = Map::new();
    for schema in schemas {
        databases.insert(schema.database.clone(), database(schema, writes, random));
    }
    root.insert("databases".to_owned(), databases.into());
    root.into()
}

fn database(schema: &Schema, writes: bool, random: &mut Random) -> Value {
    let mut database = Map::new();
    if random.one_in(6) {
        database.insert("allow".to_owned(), kind_block(random));
    }
    if random.one_in(3) {
        database.insert("allow_sql".to_owned(), block(random));
    }
    if random.one_in(4) {
        let permissions = permissions(1, writes, random);
        database.insert("permissions".to_owned(), permissions.into());
    }
    let mut tables = Map::new();
    for table in &schema.tables {
        if random.one_in(3) {
            let name = match random.below(6) {
                0 => table.name.to_ascii_uppercase(),
                _ => table.name.clone(),
            };
            tables.insert(name, child(2, writes, random));
        }
    }
    database.insert("tables".to_owned(), tables.into());
    let mut queries = Map::new();
    for name in random.half(&CONFIGURED) {
        let sql = Value::from(format!("select '{name}' as q"));
        let query = match (random.below(3), child(3, writes, random)) {
            (0, _) => sql,
            (kind, Value::Object(mut query)) => {
                query.insert("sql".to_owned(), sql);
                if kind == 1 {
                    query.insert("is_trusted".to_owned(), false.into());
                }
                query.into()
            }
            (_, other) => other,
        };
        queries.insert((*name).to_owned(), query);
    }
    database.insert("queries".to_owned(), queries.into());
    database.into()
}

/// The rules of a table or a query.
fn child(level: usize, writes: bool, random: &mut Random) -> Value {
    let mut rules = Map::new();
    if !random.one_in(4) {
        rules.insert("allow".to_owned(), block(random));
    }
    if random.one_in(3) {
        let permissions = permissions(level, writes, random);
        rules.insert("permissions".to_owned(), permissions.into());
    }
    rules.into()
}

/// Blocks for some actions, most of them of this level or of a finer one.
fn permissions(level: usize, writes: bool, random: &mut Random) -> Map<String, Value> {
    let wanted = |(name, _, of): &&(&str, &str, usize)| {
        let reads = name.starts_with("view-") || *name == "execute-sql" || *name == "debug-menu";
        (*of >= level || level > 0 && *of == 0) && (writes || reads)
    };
    let known: Vec<_> = ACTIONS.iter().filter(wanted).collect();
    let mut permissions = Map::new();
    for _ in 0..random.below(if level == 0 { 2 } else { 4 }) {
        if let Some((name, short, _)) = random.pick(&known) {
            let name = if random.one_in(12) { short } else { name };
            permissions.insert((*name).to_owned(), block(random));
        }
    }
    permissions
}

/// A block that lets somebody in more often than not.
fn kind_block(random: &mut Random) -> Value {
    match random.below(4) {
        0 => block(random),
        1 => json!({"id": "*", "unauthenticated": true}),
        2 => json!({"id": [IDS[0], IDS[1]]}),
        _ => json!({"id": IDS[random.below(IDS.len())], "role": value(random)}),
    }
}

/// An allow block of any form.
fn block(random: &mut Random) -> Value {
    match random.below(15) {
        0 | 12 => true.into(),
        1 => false.into(),
        2 => Value::Null,
        3 => json!({}),
        4 => i32::from(random.one_in(2)).into(),
        5 => json!({"unauthenticated": scalar(random)}),
        6 => json!({"unauthenticated": true}),
        7 | 13 => json!({"id": "*"}),
        8 | 14 => json!({"id": [IDS[random.below(IDS.len())], IDS[random.below(IDS.len())]]}),
        _ => {
            let mut block = Map::new();
            for _ in 0..=random.below(2) {
                let key = KEYS[random.below(KEYS.len())];
                let wanted = if random.one_in(5) {
                    "*".into()
                } else {
                    value(random)
                };
                block.insert(key.to_owned(), wanted);
            }
            block.into()
        }
    }
}
