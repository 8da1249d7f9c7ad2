//! A database in memory and its entry in the catalogue.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use datasette_core::schema::{Column, Derivation, ForeignKey, Table, TableKind};
use datasette_core::{
    Catalogue, DatabaseEntry, DatabaseSchema, Fault, QueryString, TableRef, Value,
};
use datasette_query::{Limits, Params, TableDefaults, TablePlan, TableQuestion, plan_table};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{Value as Held, ValueRef as Read};

pub(crate) struct Site {
    pub(crate) connection: Connection,
    catalogue: RefCell<Option<Catalogue>>,
}

impl Site {
    /// A database that this script makes.
    pub(crate) fn new(script: &str) -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(script).unwrap();
        Self::with(connection)
    }

    pub(crate) fn with(connection: Connection) -> Self {
        connection
            .create_scalar_function("escape_fts", 1, FunctionFlags::SQLITE_UTF8, |context| {
                let text: String = context.get(0)?;
                let words = text.split_whitespace().map(|word| format!("\"{word}\""));
                Ok(words.collect::<Vec<_>>().join(" "))
            })
            .unwrap();
        Self {
            connection,
            catalogue: RefCell::new(None),
        }
    }

    pub(crate) fn table(&self, name: &str) -> TableRef {
        let mut catalogue = self.catalogue.borrow_mut();
        let catalogue = catalogue.get_or_insert_with(|| self.introspect());
        let database = catalogue.database("data").unwrap();
        database.table(name).unwrap()
    }

    /// A question with default configuration and limits.
    pub(crate) fn ask(&self, table: &str, query: &str) -> Result<TableQuestion, Fault> {
        self.ask_with(table, query, &TableDefaults::default())
    }

    pub(crate) fn ask_with(
        &self,
        table: &str,
        query: &str,
        defaults: &TableDefaults,
    ) -> Result<TableQuestion, Fault> {
        let arguments = QueryString::parse(query);
        TableQuestion::parse(&self.table(table), &arguments, defaults, &Limits::default())
    }

    pub(crate) fn plan(&self, table: &str, query: &str) -> TablePlan {
        plan_table(&self.ask(table, query).unwrap())
    }

    /// The message of the refusal.
    pub(crate) fn refusal(&self, table: &str, query: &str) -> String {
        let fault = self.ask(table, query).unwrap_err();
        assert_eq!(fault.status(), 400, "{query}");
        fault.message()
    }

    /// All rows of a page.
    pub(crate) fn rows(&self, table: &str, query: &str) -> Vec<Vec<Value>> {
        let plan = self.plan(table, query);
        self.run(&plan.page_sql, &plan.params).unwrap()
    }

    /// The first column of the rows of a page.
    pub(crate) fn first(&self, table: &str, query: &str) -> Vec<Value> {
        let rows = self.rows(table, query);
        rows.into_iter().map(|mut row| row.remove(0)).collect()
    }

    pub(crate) fn run(&self, sql: &str, params: &Params) -> Result<Vec<Vec<Value>>, String> {
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .map_err(|e| e.to_string())?;
        for (name, value) in params {
            if let Some(index) = statement.parameter_index(&format!(":{name}")).unwrap() {
                statement.raw_bind_parameter(index, held(value)).unwrap();
            }
        }
        let width = statement.column_count();
        let mut rows = statement.raw_query();
        let mut answer = Vec::new();
        while let Some(row) = rows.next().map_err(|error| error.to_string())? {
            let read = (0..width).map(|index| match row.get_ref(index).unwrap() {
                Read::Null => Value::Null,
                Read::Integer(number) => Value::Integer(number),
                Read::Real(number) => Value::Real(number),
                Read::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                Read::Blob(bytes) => Value::Blob(bytes.to_vec()),
            });
            answer.push(read.collect());
        }
        Ok(answer)
    }

    fn introspect(&self) -> Catalogue {
        let mut listed = self
            .connection
            .prepare(
                "select l.name, l.type, l.wr, coalesce(s.sql, '') from pragma_table_list l \
                 join sqlite_schema s on s.name = l.name where l.schema = 'main' order by s.rowid",
            )
            .unwrap();
        let mut rows = listed.query([]).unwrap();
        let mut schema = DatabaseSchema::default();
        while let Some(row) = rows.next().unwrap() {
            let (name, kind, without_rowid): (String, String, bool) = (
                row.get(0).unwrap(),
                row.get(1).unwrap(),
                row.get(2).unwrap(),
            );
            let kind = match kind.as_str() {
                "view" => TableKind::View,
                "virtual" => TableKind::Virtual(String::new()),
                "shadow" => TableKind::Shadow,
                _ if without_rowid => TableKind::WithoutRowid,
                _ => TableKind::Rowid,
            };
            let table = self.describe(name.clone(), kind, row.get(3).unwrap());
            schema.tables.insert(name, Arc::new(table));
        }
        Catalogue::new([Arc::new(DatabaseEntry {
            name: "data".to_owned(),
            route: "data".to_owned(),
            path: None,
            is_mutable: true,
            is_memory: true,
            hash: None,
            schema: Arc::new(schema),
        })])
    }

    fn describe(&self, name: String, kind: TableKind, sql: String) -> Table {
        let columns: Vec<Column> = self
            .connection
            .prepare("select name, type, \"notnull\", pk, hidden from pragma_table_xinfo(?)")
            .unwrap()
            .query_map([&name], |row| {
                Ok(Column {
                    name: row.get(0)?,
                    declared_type: row.get(1)?,
                    not_null: row.get(2)?,
                    default: None,
                    primary_key_position: row.get(3)?,
                    hidden: row.get(4)?,
                })
            })
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut primary_key: Vec<usize> = (0..columns.len())
            .filter(|index| columns[*index].primary_key_position > 0)
            .collect();
        primary_key.sort_by_key(|index| columns[*index].primary_key_position);
        let fts_table = self
            .connection
            .query_row(
                "select name from sqlite_schema where sql like '%using fts%' \
                 and (name = ?1 or instr(sql, 'content=\"' || ?1 || '\"'))",
                [&name],
                |row| row.get(0),
            )
            .ok();
        Table {
            fts_table: fts_table.filter(|_| kind != TableKind::View),
            incoming: self.foreign_keys(
                "select l.name, f.\"to\", f.\"from\" from pragma_table_list l, \
                 pragma_foreign_key_list(l.name) f where f.\"table\" = ? order by l.name",
                &name,
            ),
            outgoing: self.foreign_keys(
                "select \"table\", \"from\", \"to\" from pragma_foreign_key_list(?)",
                &name,
            ),
            name,
            kind,
            columns,
            primary_key,
            root_page: 0,
            sql,
            indexes: Vec::new(),
            foreign_key_parts: Vec::new(),
            hidden: false,
            derivation: Derivation::None,
            label_column: None,
        }
    }

    fn foreign_keys(&self, sql: &str, table: &str) -> Vec<ForeignKey> {
        let mut statement = self.connection.prepare(sql).unwrap();
        let keys = statement
            .query_map([table], |row| {
                Ok(ForeignKey {
                    other_table: row.get(0)?,
                    column: row.get(1)?,
                    other_column: row.get(2)?,
                })
            })
            .unwrap();
        keys.map(Result::unwrap).collect()
    }
}

pub(crate) fn held(value: &Value) -> Held {
    match value {
        Value::Null => Held::Null,
        Value::Integer(number) => Held::Integer(*number),
        Value::Real(number) => Held::Real(*number),
        Value::Text(text) => Held::Text(text.clone()),
        Value::Blob(bytes) => Held::Blob(bytes.clone()),
    }
}

/// Bound values by name.
pub(crate) fn named(params: &Params) -> HashMap<String, Value> {
    params.iter().cloned().collect()
}
