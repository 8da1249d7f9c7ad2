//! Making a table, from a description or from rows (WRITE-69 to WRITE-92).

use datasette_core::action::CreateTable;
use datasette_core::{DatabaseRef, Fault, Given, GivenRow, TableRef, Value, python_text};
use datasette_permissions::Permit;
use datasette_query::change::{
    CreateContent, CreateQuestion, InsertKind, InsertQuestion, Manner, NewColumn, inferred,
    plan_create, require_ordinary,
};
use datasette_sqlite::{Limits, Writer};
use serde_json::{Value as Json, json};

use super::event::{self, Altered};
use super::insert::store_rows;
use super::{Author, rebuild_table};

/// What was made.
#[derive(Clone, Debug)]
pub struct CreatedTable {
    /// The table's name.
    pub name: String,
    /// Its schema.
    pub schema: String,
    /// How many rows were given, where rows were.
    pub row_count: Option<usize>,
    /// Its schema before, if it was there.
    before: Option<String>,
}

/// Makes a table, or stores rows in one that is there (WRITE-81).
///
/// # Errors
/// 403 for what rows take beyond the permit (WRITE-79); 400 for what cannot be, in SQLite's words
/// where SQLite refuses it. Nothing is changed then.
pub async fn create(
    author: Author,
    permit: Permit<CreateTable>,
    question: CreateQuestion,
) -> Result<CreatedTable, Fault> {
    let database = permit.resource();
    let there = database.table(&question.table);
    let there = there.filter(|table| !table.is_view());
    let needs = Needs {
        author: &author,
        database,
        table: &question.table,
    };
    if question.replace == Some(true) {
        needs.permission("update-row").await?;
    }
    let content = match &question.content {
        CreateContent::Columns(columns) => Content::Columns(columns.clone()),
        CreateContent::Rows(rows) => {
            needs.permission("insert-row").await?;
            let rows = rows.iter().cloned().map(Given::decode_row);
            Content::Rows(rows.collect::<Result<_, _>>()?)
        }
    };
    let may_add = question.alter && there.is_some() && matches!(content, Content::Rows(_));
    if may_add {
        needs.permission("alter-table").await?;
    }
    if let Some(table) = &there {
        refuse_other_key(table, &question)?;
    }
    if !database.entry().is_mutable {
        // The original says nothing at all (WRITE-91).
        return Err(Fault::bad_request(""));
    }
    let (ignore, replace) = (question.ignore, question.replace);
    let work = Work {
        question,
        content,
        may_add,
    };
    let job = move |writer: &mut Writer<'_>, database: &DatabaseRef| work.run(writer, database);
    let created = author.write(database, told, job).await?;
    let about = (database.name(), created.name.as_str());
    if let Some(before) = &created.before
        && *before != created.schema
    {
        let schemas = Altered {
            before: before.clone(),
            after: created.schema.clone(),
        };
        author.tell(&event::altered(&author, about, &schemas)).await;
    }
    if created.before.is_none() {
        let done = event::of(&author, "create-table", about);
        author
            .tell(&done.with("schema", created.schema.as_str()))
            .await;
    }
    if let Some(count) = created.row_count {
        let done = event::of(&author, "insert-rows", about)
            .with("num_rows", count)
            .with("ignore", ignore)
            .with("replace", replace);
        author.tell(&done).await;
    }
    Ok(created)
}

/// The schema, for plugins.
fn told(created: &CreatedTable) -> Json {
    json!(created.schema)
}

/// What making a table of that name takes beyond the permit. The table need not be there.
struct Needs<'a> {
    author: &'a Author,
    database: &'a DatabaseRef,
    table: &'a str,
}

impl Needs<'_> {
    async fn permission(&self, action: &str) -> Result<(), Fault> {
        let instance = &self.author.instance;
        let catalogue = instance.registry.catalogue();
        let (parent, child) = (Some(self.database.name()), Some(self.table));
        let actor = self.author.actor.as_ref();
        let gate = &instance.gate;
        let may = gate
            .allows_named(actor, action, parent, child, &catalogue, None)
            .await?;
        match may {
            true => Ok(()),
            false => Err(Fault::forbidden(format!(
                "Permission denied: need {action}"
            ))),
        }
    }
}

/// The key of a table that is there stays (WRITE-81).
fn refuse_other_key(table: &TableRef, question: &CreateQuestion) -> Result<(), Fault> {
    let key: Vec<&str> = table.primary_key_names().collect();
    let wanted = question.key.as_deref().filter(|key| !key.is_empty());
    let is_other = match key.as_slice() {
        [one] => wanted.is_some_and(|wanted| wanted != *one),
        [_, _, ..] if !question.keys.is_empty() => {
            let wanted = question.keys.iter().map(String::as_str);
            let wanted: std::collections::BTreeSet<&str> = wanted.collect();
            wanted != key.iter().copied().collect()
        }
        _ => false,
    };
    match is_other {
        true => Err(Fault::bad_request(
            "pk cannot be changed for existing table",
        )),
        false => Ok(()),
    }
}

/// What the table is made of, its values read.
enum Content {
    Columns(Vec<NewColumn>),
    Rows(Vec<GivenRow>),
}

struct Work {
    question: CreateQuestion,
    content: Content,
    /// Whether columns may be added to a table that is there.
    may_add: bool,
}

impl Work {
    fn run(&self, writer: &mut Writer<'_>, database: &DatabaseRef) -> Result<CreatedTable, Fault> {
        let name = self.question.table.clone();
        let mut alike = database.tables();
        // SQLite knows no two names that differ in case alone.
        if let Some(table) = alike.find(|table| table.name().eq_ignore_ascii_case(&name))
            && (table.is_view() || require_ordinary(&table).is_err())
        {
            return Err(Fault::bad_request(
                "Structured writes require an ordinary table",
            ));
        }
        let there = database.table(&name);
        let before = there.as_ref().map(|table| table.sql.clone());
        let row_count = match &self.content {
            Content::Columns(columns) => {
                make(writer, database, &self.question, columns)?;
                None
            }
            Content::Rows(rows) => {
                let (table, may_add) = match there {
                    Some(table) => {
                        refuse_strange_key(&table, &self.question, rows, self.may_add)?;
                        (table, self.may_add)
                    }
                    None => {
                        make(writer, database, &self.question, &inferred(rows))?;
                        let made = database.with_schema(writer.schema()?);
                        let made = made.table(&name);
                        (made.ok_or_else(|| not_found(&name))?, true)
                    }
                };
                Some(insert(writer, &table, &self.question, rows, may_add)?)
            }
        };
        Ok(CreatedTable {
            schema: schema_of(writer, &name)?,
            name,
            row_count,
            before,
        })
    }
}

fn not_found(name: &str) -> Fault {
    Fault::bad_request(format!("no such table: {name}"))
}

fn make(
    writer: &mut Writer<'_>,
    database: &DatabaseRef,
    question: &CreateQuestion,
    columns: &[NewColumn],
) -> Result<(), Fault> {
    let key = question.wanted_key();
    let statement = plan_create(database.schema(), &question.table, columns, &key)?;
    rebuild_table::run(writer, &[statement])
}

fn insert(
    writer: &mut Writer<'_>,
    table: &TableRef,
    question: &CreateQuestion,
    rows: &[GivenRow],
    alter: bool,
) -> Result<usize, Fault> {
    let count = rows.len();
    let question = InsertQuestion {
        manner: Manner {
            kind: InsertKind::Insert,
            ignore: question.ignore == Some(true),
            replace: question.replace == Some(true),
        },
        rows: rows.to_vec(),
        alter,
        wants_rows: false,
    };
    store_rows(writer, table, &question, false)?;
    Ok(count)
}

/// Refuses a key column that a table without a key has not, unless the rows bring it.
fn refuse_strange_key(
    table: &TableRef,
    question: &CreateQuestion,
    rows: &[GivenRow],
    may_add: bool,
) -> Result<(), Fault> {
    let wanted = question.key.as_deref().filter(|key| !key.is_empty());
    let Some(wanted) = wanted.filter(|_| table.primary_key.is_empty()) else {
        return Ok(());
    };
    let aliases = ["rowid", "_rowid_", "oid"];
    let is_wanted = |name: &str| name.eq_ignore_ascii_case(wanted);
    let names: Vec<String> = table.columns.iter().map(|each| each.name.clone()).collect();
    let mut given = rows.iter().flat_map(GivenRow::keys);
    if aliases.into_iter().any(is_wanted)
        || names.iter().any(|name| is_wanted(name))
        || (may_add && given.any(|name| is_wanted(name)))
    {
        return Ok(());
    }
    Err(Fault::bad_request(format!(
        "Invalid primary key column {} for table {} with columns {}",
        python_text::list(&[wanted.to_owned()]),
        table.name(),
        python_text::list(&names),
    )))
}

fn schema_of(writer: &mut Writer<'_>, name: &str) -> Result<String, Fault> {
    const SCHEMA: &str = "select sql from sqlite_master where type = 'table' and name = ?";
    let (rows, _) = writer.batch_values(SCHEMA, &[Value::from(name)], &Limits::NONE)?;
    let first = rows.rows().next().map(|row| row.get(0).to_value());
    match first {
        Some(Value::Text(sql)) => Ok(sql),
        _ => Err(not_found(name)),
    }
}
