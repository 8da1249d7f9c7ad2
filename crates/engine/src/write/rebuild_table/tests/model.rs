//! Random tables and random operations against a naive model of what a table holds.

use datasette_core::Value;
use datasette_sqlite::Database;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{alter, made_by, rows};

/// A column of the model.
#[derive(Clone, Debug)]
struct Column {
    name: String,
    kind: &'static str,
    not_null: bool,
    default: Option<Json>,
    collates: bool,
}

/// A table of the model: rows by rowid, each with a value per column.
#[derive(Clone, Debug)]
struct Model {
    columns: Vec<Column>,
    rows: Vec<(i64, Vec<Value>)>,
    /// Columns of a UNIQUE constraint, of a CHECK constraint, of an index.
    unique: Vec<String>,
    checked: String,
    indexed: String,
}

#[derive(Clone, Debug)]
enum Step {
    Add(&'static str, bool),
    Rename(usize),
    Swap(usize, usize),
    Retype(usize, &'static str),
    Default(usize, Option<i64>),
    Nullable(usize),
    Drop(usize),
    Reorder(Vec<usize>),
}

const KINDS: [&str; 4] = ["text", "integer", "float", "blob"];

fn step() -> impl Strategy<Value = Step> {
    let kind = || prop::sample::select(KINDS.to_vec());
    prop_oneof![
        (kind(), any::<bool>()).prop_map(|(kind, not_null)| Step::Add(kind, not_null)),
        any::<usize>().prop_map(Step::Rename),
        (any::<usize>(), any::<usize>()).prop_map(|(one, other)| Step::Swap(one, other)),
        (any::<usize>(), kind()).prop_map(|(at, kind)| Step::Retype(at, kind)),
        (any::<usize>(), prop::option::of(0..9_i64)).prop_map(|(at, to)| Step::Default(at, to)),
        any::<usize>().prop_map(Step::Nullable),
        any::<usize>().prop_map(Step::Drop),
        prop::collection::vec(any::<usize>(), 1..4).prop_map(Step::Reorder),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        (0..100_i64).prop_map(Value::Integer),
        prop::sample::select(vec!["", "x", "7", "1.5", "it's"]).prop_map(Value::from),
        Just(Value::Real(2.5)),
    ]
}

/// What a column of that kind makes of a value.
fn stored(kind: &str, value: &Value) -> Value {
    match (kind, value) {
        ("text", Value::Integer(number)) => Value::from(number.to_string().as_str()),
        ("text", Value::Real(number)) => Value::from(format!("{number:?}").as_str()),
        ("integer", Value::Text(text)) => match (text.parse::<i32>(), text.parse::<f64>()) {
            (Ok(number), _) => Value::Integer(number.into()),
            (_, Ok(number)) => stored(kind, &Value::Real(number)),
            _ => value.clone(),
        },
        ("integer", Value::Real(number)) if number.fract() == 0.0 => {
            stored("integer", &Value::from(format!("{number:.0}").as_str()))
        }
        ("float", Value::Integer(number)) => Value::Real(i32::try_from(*number).unwrap().into()),
        ("float", Value::Text(text)) => text.parse().map_or(value.clone(), Value::Real),
        _ => value.clone(),
    }
}

fn sql_kind(kind: &str) -> &'static str {
    match kind {
        "text" => "TEXT",
        "integer" => "INTEGER",
        "float" => "REAL",
        _ => "BLOB",
    }
}

fn spelled(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Blob(_) => "x''".to_owned(),
    }
}

fn model() -> impl Strategy<Value = Model> {
    let column = (prop::sample::select(KINDS.to_vec()), any::<bool>());
    let columns = prop::collection::vec(column, 3..6);
    let row = (1..1000_i64, prop::collection::vec(value(), 6));
    (columns, prop::collection::vec(row, 0..6)).prop_map(|(columns, cells)| {
        let columns = columns.into_iter().enumerate();
        let columns: Vec<Column> = columns
            .map(|(at, (kind, collates))| Column {
                name: format!("c{at}"),
                kind,
                not_null: false,
                default: None,
                collates,
            })
            .collect();
        let mut rows: Vec<(i64, Vec<Value>)> = Vec::new();
        for (rowid, mut cells) in cells {
            if rows.iter().any(|(known, _)| *known == rowid) {
                continue;
            }
            // Tells the rows apart for the UNIQUE constraint.
            cells[0] = Value::Integer(rowid);
            let cells = columns.iter().zip(&cells);
            rows.push((
                rowid,
                cells
                    .map(|(column, cell)| stored(column.kind, cell))
                    .collect(),
            ));
        }
        rows.sort_by_key(|(rowid, _)| *rowid);
        Model {
            unique: vec!["c0".to_owned(), "c1".to_owned()],
            checked: "c1".to_owned(),
            indexed: "c2".to_owned(),
            columns,
            rows,
        }
    })
}

impl Model {
    fn names(&self) -> Vec<&str> {
        self.columns.iter().map(|each| each.name.as_str()).collect()
    }

    /// A row with a text in one column, and something in those that need it.
    fn insert(&self, name: &str, text: &str) -> String {
        let needy = self
            .columns
            .iter()
            .filter(|each| each.not_null && each.name != name);
        let needy: Vec<&str> = needy.map(|each| each.name.as_str()).collect();
        let names = [&[name], needy.as_slice()].concat().join(", ");
        format!(
            "insert into z({names}) values ('{text}'{})",
            ", 1".repeat(needy.len())
        )
    }

    fn script(&self) -> String {
        let columns = self.columns.iter().map(|column| {
            let collate = if column.collates {
                " collate nocase"
            } else {
                ""
            };
            format!("{} {}{collate}", column.name, sql_kind(column.kind))
        });
        let columns: Vec<String> = columns.collect();
        let Self {
            checked, indexed, ..
        } = self;
        let mut script = format!(
            "create table z({}, unique ({}), constraint k check ({checked} <> 'never'));
             create index i on z({indexed} desc);
             create table log(x);
             create trigger t after delete on z begin insert into log values (old.{checked}); end;
             create view v as select {indexed} from z;",
            columns.join(", "),
            self.unique.join(", "),
        );
        for (rowid, cells) in &self.rows {
            let cells: Vec<String> = cells.iter().map(spelled).collect();
            let (names, cells) = (self.names().join(", "), cells.join(", "));
            script.push_str(&format!(
                "insert into z(rowid, {names}) values ({rowid}, {cells});"
            ));
        }
        script
    }

    /// Applies one step to the model and returns it as operations; `None` for one that would be
    /// refused.
    fn take(&mut self, step: &Step, number: usize) -> Option<Json> {
        let count = self.columns.len();
        let at = |place: &usize| place % count;
        Some(match step {
            Step::Add(kind, not_null) => {
                let name = format!("a{number}");
                let default = not_null.then_some(json!(3));
                let filled = default.as_ref().map_or(Value::Null, |_| Value::Integer(3));
                let filled = stored(kind, &filled);
                self.rows
                    .iter_mut()
                    .for_each(|(_, cells)| cells.push(filled.clone()));
                let mut arguments = json!({"name": name, "type": kind, "not_null": not_null});
                if let Some(default) = &default {
                    arguments["default"] = default.clone();
                }
                self.columns.push(Column {
                    name,
                    kind,
                    not_null: *not_null,
                    default,
                    collates: false,
                });
                json!([["add_column", arguments]])
            }
            Step::Rename(place) => {
                let to = format!("r{number}");
                let from = self.rename(at(place), &to).to_uppercase();
                json!([["rename_column", {"name": from, "to": to}]])
            }
            Step::Swap(one, other) => {
                let (one, other) = (at(one), at(other));
                if one == other {
                    return None;
                }
                let first = self.rename(one, "aside");
                let second = self.rename(other, &first);
                self.rename(one, &second);
                json!([
                    ["rename_column", {"name": first, "to": second}],
                    ["rename_column", {"name": second, "to": first}],
                ])
            }
            Step::Retype(place, kind) => self.retype(at(place), kind)?,
            Step::Default(place, to) => {
                let column = &mut self.columns[at(place)];
                column.default = to.map(|to| json!(to));
                json!([["alter_column", {"name": column.name, "default": to}]])
            }
            Step::Nullable(place) => {
                let column = &mut self.columns[at(place)];
                column.not_null = false;
                json!([["alter_column", {"name": column.name, "not_null": false}]])
            }
            Step::Drop(place) => {
                let place = at(place);
                let name = self.columns[place].name.clone();
                if name == self.checked || name == self.indexed || self.unique.contains(&name) {
                    return None;
                }
                self.columns.remove(place);
                self.rows.iter_mut().for_each(|(_, cells)| {
                    cells.remove(place);
                });
                json!([["drop_column", {"name": name}]])
            }
            Step::Reorder(places) => {
                let mut order: Vec<usize> = Vec::new();
                for place in places.iter().map(at) {
                    if !order.contains(&place) {
                        order.push(place);
                    }
                }
                let names: Vec<String> = order
                    .iter()
                    .map(|place| self.columns[*place].name.clone())
                    .collect();
                order
                    .extend((0..count).filter(|place| !names.contains(&self.columns[*place].name)));
                self.columns = order
                    .iter()
                    .map(|place| self.columns[*place].clone())
                    .collect();
                for (_, cells) in &mut self.rows {
                    *cells = order.iter().map(|place| cells[*place].clone()).collect();
                }
                json!([["reorder_columns", {"columns": names}]])
            }
        })
    }

    fn retype(&mut self, place: usize, kind: &'static str) -> Option<Json> {
        let column = &mut self.columns[place];
        // A unique column might no longer tell its rows apart.
        if self.unique.contains(&column.name) {
            return None;
        }
        let loses_empty_texts = column.kind == "text" && matches!(kind, "integer" | "float");
        let cells = || self.rows.iter().map(|(_, cells)| &cells[place]);
        let is_empty = |cell: &Value| matches!(cell, Value::Text(text) if text.is_empty());
        if loses_empty_texts && column.not_null && cells().any(is_empty) {
            return None;
        }
        for (_, cells) in &mut self.rows {
            if loses_empty_texts && is_empty(&cells[place]) {
                cells[place] = Value::Null;
            }
            cells[place] = stored(kind, &cells[place]);
        }
        column.kind = kind;
        Some(json!([["alter_column", {"name": column.name, "type": kind}]]))
    }

    fn rename(&mut self, place: usize, to: &str) -> String {
        let from = std::mem::replace(&mut self.columns[place].name, to.to_owned());
        let mentions = self.unique.iter_mut();
        for name in mentions.chain([&mut self.checked, &mut self.indexed]) {
            if *name == from {
                to.clone_into(name);
            }
        }
        from
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    // Proves: WRITE-94, WRITE-104, WRITE-105, WRITE-109
    #[test]
    fn rows_and_constraints_are_those_of_the_model(
        start in model(),
        steps in prop::collection::vec(step(), 1..7),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(check(start, steps));
    }
}

async fn check(mut model: Model, steps: Vec<Step>) {
    let database = made_by(&model.script()).await;
    for (number, step) in steps.iter().enumerate() {
        if let Some(operations) = model.take(step, number) {
            alter(&database, "z", operations).await.unwrap();
        }
    }
    compare_rows(&database, &model).await;
    compare_columns(&database, &model).await;
    compare_constraints(&database, &model).await;
    compare_behaviour(&database, &model).await;
}

fn flag(value: bool) -> Value {
    Value::Integer(i64::from(value))
}

async fn first(database: &Database, sql: &str) -> Value {
    rows(database, sql).await[0][0].clone()
}

async fn write(database: &Database, sql: String) -> Result<usize, datasette_core::Fault> {
    let run = database.write(move |writer| Ok(writer.execute(&sql, &[])?));
    run.await
}

async fn compare_rows(database: &Database, model: &Model) {
    let names = model.names().join(", ");
    let held = rows(
        database,
        &format!("select rowid, {names} from z order by rowid"),
    )
    .await;
    let expected = model.rows.iter().map(|(rowid, cells)| {
        let rowid = std::iter::once(Value::Integer(*rowid));
        rowid.chain(cells.iter().cloned()).collect::<Vec<Value>>()
    });
    assert_eq!(held, expected.collect::<Vec<_>>());
    let view = format!("select {} from v", model.indexed);
    assert_eq!(rows(database, &view).await.len(), model.rows.len());
}

async fn compare_columns(database: &Database, model: &Model) {
    let sql = "select name, type, \"notnull\", dflt_value is not null from pragma_table_info('z')";
    let expected = model.columns.iter().map(|column| {
        vec![
            Value::from(column.name.as_str()),
            Value::from(sql_kind(column.kind)),
            flag(column.not_null),
            flag(column.default.is_some()),
        ]
    });
    assert_eq!(rows(database, sql).await, expected.collect::<Vec<_>>());
}

async fn compare_constraints(database: &Database, model: &Model) {
    let unique = "select group_concat(name) from (select i.name from pragma_index_list('z') l, \
                  pragma_index_info(l.name) i where l.origin = 'u' order by i.seqno)";
    let expected = model.unique.join(",");
    assert_eq!(
        first(database, unique).await,
        Value::from(expected.as_str())
    );
    let index = "select name || desc from pragma_index_xinfo('i') where key";
    let expected = format!("{}1", model.indexed);
    assert_eq!(first(database, index).await, Value::from(expected.as_str()));
    let fault = write(database, model.insert(&model.checked, "never"))
        .await
        .unwrap_err();
    assert_eq!(fault.message(), "CHECK constraint failed: k");
}

/// The trigger still fires, and letters mean the same in the columns that say so.
async fn compare_behaviour(database: &Database, model: &Model) {
    let gone = write(database, "delete from z".to_owned()).await.unwrap();
    assert_eq!(gone, model.rows.len());
    let logged = first(database, "select count(*) from log").await;
    assert_eq!(logged, Value::Integer(i64::try_from(gone).unwrap()));
    for column in &model.columns {
        let name = &column.name;
        write(database, model.insert(name, "A")).await.unwrap();
        let same = first(database, &format!("select {name} = 'a' from z")).await;
        assert_eq!(same, flag(column.collates), "{column:?}");
        write(database, "delete from z".to_owned()).await.unwrap();
    }
}
