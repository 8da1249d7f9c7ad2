//! Databases with triggers and views that lead from table to table, who may do what to them, and
//! statements about them; all by chance.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::chance::Chance;

/// The tables. Every text in them begins with the name of its table and `#`.
pub(crate) const TABLES: [&str; 5] = ["ants", "bees", "cats", "dogs", "eels"];

/// Views: of one table, of two, of another view.
const VIEWS: [&str; 3] = ["seen", "joined", "again"];

/// What may be done to a table.
pub(crate) const ON_TABLES: [&str; 6] = [
    "view-table",
    "insert-row",
    "update-row",
    "delete-row",
    "alter-table",
    "drop-table",
];

/// A database and what Ann may do.
pub(crate) struct World {
    pub(crate) schema: String,
    /// Whether she may, by action and table or view.
    granted: BTreeMap<(String, String), bool>,
    create_table: bool,
    create_view: bool,
}

impl World {
    pub(crate) fn new(chance: &mut Chance) -> Self {
        let mut schema = String::new();
        for table in TABLES {
            let key = chance.pick(&["id integer primary key", "id integer", "id integer unique"]);
            schema.push_str(&format!(
                "create table {table} ({key}, name text, n integer default 1);
                 insert into {table} values (1, '{table}#one', 10), (2, '{table}#two', 20);\n"
            ));
        }
        let pair = [chance.pick(&TABLES), chance.pick(&TABLES)];
        schema.push_str(&format!(
            "create view seen as select id, name, n from {};
             create view joined as select a.id, b.name, a.n from {} a join {} b on a.id = b.id;
             create view again as select * from {};\n",
            chance.pick(&TABLES),
            pair[0],
            pair[1],
            chance.pick(&["seen", "joined"]),
        ));
        for number in 0..4 {
            let event = chance.pick(&["insert", "update", "delete"]);
            let row = if event == "delete" { "old" } else { "new" };
            let time = chance.pick(&["before", "after"]);
            let on = chance.pick(&TABLES);
            schema.push_str(&trigger(
                chance,
                &format!("t{number}"),
                time,
                event,
                on,
                row,
            ));
        }
        for (number, view) in VIEWS.iter().enumerate() {
            let event = chance.pick(&["insert", "update", "delete"]);
            let row = if event == "delete" { "old" } else { "new" };
            let name = format!("v{number}");
            schema.push_str(&trigger(chance, &name, "instead of", event, view, row));
        }
        let mut granted = BTreeMap::new();
        for table in TABLES.iter().chain(&VIEWS) {
            for action in ON_TABLES.iter().chain(&["drop-view"]) {
                // Else nearly nothing is allowed.
                let may = !chance.once_in(4);
                granted.insert(((*action).to_owned(), (*table).to_owned()), may);
            }
        }
        Self {
            schema,
            granted,
            create_table: chance.once_in(2),
            create_view: chance.once_in(2),
        }
    }

    /// Whether Ann may.
    pub(crate) fn allows(&self, action: &str, table: &str) -> bool {
        match action {
            "create-table" => self.create_table,
            "create-view" => self.create_view,
            _ => {
                let key = (action.to_owned(), table.to_owned());
                self.granted.get(&key).copied().unwrap_or(false)
            }
        }
    }

    /// The configuration that says so.
    pub(crate) fn configuration(&self) -> Json {
        let who = |may: bool| {
            if may {
                json!({"id": "ann"})
            } else {
                json!(false)
            }
        };
        let mut tables: Map<String, Json> = Map::new();
        for ((action, table), may) in &self.granted {
            let table = tables
                .entry(table.clone())
                .or_insert_with(|| json!({"permissions": {}}));
            table["permissions"][action] = who(*may);
        }
        json!({"databases": {"data": {
            "permissions": {
                "execute-write-sql": {"id": "ann"},
                "create-table": who(self.create_table),
                "create-view": who(self.create_view),
            },
            "tables": tables,
        }}})
    }
}

fn trigger(
    chance: &mut Chance,
    name: &str,
    time: &str,
    event: &str,
    on: &str,
    row: &str,
) -> String {
    let mut body = String::new();
    for _ in 0..=chance.below(2) {
        let to = chance.pick(&TABLES);
        let from = chance.pick(&TABLES);
        body.push_str(&match chance.below(4) {
            0 => format!("insert into {to} (name) values ({row}.name);"),
            1 => format!(
                "insert or replace into {to} (id, name) select 9, name from {from} limit 1;"
            ),
            2 => format!("update {to} set n = n + 1 where id = {row}.id;"),
            _ => format!("delete from {to} where n > 15;"),
        });
    }
    format!("create trigger {name} {time} {event} on {on} begin {body} end;\n")
}

/// A statement.
pub(crate) fn statement(chance: &mut Chance) -> String {
    let names: Vec<&str> = TABLES.iter().chain(&VIEWS).copied().collect();
    let into = chance.pick(&names);
    let from = chance.pick(&names);
    let value = value(chance, from);
    let given = match chance.below(3) {
        0 => format!(" where id in (select id from {from})"),
        1 => " where id = 1".to_owned(),
        _ => String::new(),
    };
    let back = match chance.below(4) {
        0 => " returning *".to_owned(),
        1 => format!(" returning (select name from {from} limit 1) as x"),
        _ => String::new(),
    };
    match chance.below(14) {
        0 => format!("insert into {into} (name) values ({value}){back}"),
        1 => format!("insert into {into} (id, name, n) select id + 5, name, n from {from}{back}"),
        2 => format!(
            "insert into {into} (id, name) values (1, {value}) on conflict do update set name = {value}"
        ),
        3 => format!("insert or replace into {into} (id, name) values (1, {value})"),
        4 => format!("update {into} set name = {value}{given}{back}"),
        5 => format!("update {into} set name = f.name from {from} f where {into}.id = f.id"),
        6 => format!("delete from {into}{given}{back}"),
        7 => {
            format!("with x as (select * from {from}) insert into {into} (name) select name from x")
        }
        8 => format!("create table made as select * from {from}{given}"),
        9 => format!("create view made as select name from {from}{given}"),
        10 => format!("create index made on {into} (n)"),
        11 => format!(
            "drop {} {into}",
            if VIEWS.contains(&into) {
                "view"
            } else {
                "table"
            }
        ),
        12 => match chance.below(3) {
            0 => format!("alter table {into} add column more"),
            1 => format!("alter table {into} rename to made"),
            _ => format!("alter table {into} drop column n"),
        },
        _ => chance
            .pick(&[
                "vacuum",
                "analyze",
                "reindex",
                "pragma user_version = 7",
                "begin",
                "attach ':memory:' as x",
                "create trigger made after insert on ants begin select 1; end",
                "create temp table ants as select 1 as id",
                "drop trigger t0",
                "create virtual table made using fts5 (x)",
            ])
            .to_owned(),
    }
}

fn value(chance: &mut Chance, from: &str) -> String {
    match chance.below(4) {
        0 => format!("(select max(name) from {from})"),
        1 => format!("(select group_concat(name) from {from} where n > 1)"),
        2 => "(select group_concat(value) from json_each('[1, 2]'))".to_owned(),
        _ => "'free'".to_owned(),
    }
}
