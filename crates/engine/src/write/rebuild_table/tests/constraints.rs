//! Random declarations: whatever SQLite's pragmas tell of a table, they tell of it made anew.

use datasette_core::Value;
use datasette_sqlite::Database;
use proptest::prelude::*;
use serde_json::json;

use super::{alter, made_by, rows};

const NAMES: [&str; 5] = ["a", "[b b]", "\"c\"\"c\"", "`d`", "Generated"];

fn pick(from: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(from.to_vec()).prop_map(str::to_owned)
}

/// What may follow the name and type of a column; `{}` is its name.
fn column_constraint() -> impl Strategy<Value = String> {
    pick(&[
        "NOT NULL",
        "not null on conflict ignore",
        "NULL",
        "UNIQUE",
        "constraint \"u u\" unique on conflict replace",
        "CHECK ({} is not 'no)')",
        "constraint k check (length({}) < 99 -- short\n)",
        "DEFAULT 5",
        "default -1.5e-3",
        "default 'it''s'",
        "default (1 + (2))",
        "default current_timestamp",
        "default x'00'",
        "DEFAULT NULL",
        "COLLATE nocase",
        "collate \"RTRIM\"",
        "REFERENCES other",
        "references other(id) on delete set null on update cascade",
        "references \"other\"(\"id\") match full deferrable initially deferred",
        "references z not deferrable",
        "/* nothing */",
        "-- end of line\n",
    ])
}

fn table_constraint() -> impl Strategy<Value = String> {
    pick(&[
        "unique ([b b], a)",
        "constraint q unique (a collate nocase desc) on conflict abort",
        "check (a is not `d` -- both\n)",
        "foreign key (a) references other(id)",
        "foreign key (a, `d`) references pair(x, y) on delete cascade",
        "constraint f foreign key (`d`, \"c\"\"c\") references pair deferrable",
        "unique (\"c\"\"c\" asc) unique (generated)",
    ])
}

#[derive(Clone, Debug)]
struct Declared {
    columns: Vec<(String, Vec<String>)>,
    constraints: Vec<String>,
    key: String,
    options: String,
    computed: Vec<String>,
}

fn declared() -> impl Strategy<Value = Declared> {
    let kind = || {
        pick(&[
            "",
            "text",
            "INTEGER",
            "varchar(10, 2)",
            "numeric",
            "\"my type\"",
            "double precision",
            "blob",
            "int",
        ])
    };
    let column = (kind(), prop::collection::vec(column_constraint(), 0..3));
    let key = pick(&[
        "",
        "",
        "primary key (a)",
        "primary key (a desc) on conflict fail",
        "constraint p primary key ([b b] collate nocase, a)",
        "primary key (`d`, a)",
    ]);
    let computed = pick(&[
        "sum as (a || 'x')",
        "twice text generated always as (a || a) stored not null",
        "thrice integer as (1 + 2) virtual check (thrice > 0)",
    ]);
    (
        prop::collection::vec(column, NAMES.len()),
        prop::collection::vec(table_constraint(), 0..3),
        key,
        any::<bool>(),
        prop::collection::vec(computed, 0..2),
    )
        .prop_map(
            |(columns, constraints, key, without_rowid, computed)| Declared {
                columns,
                constraints,
                options: match !key.is_empty() && without_rowid {
                    true => " without rowid".to_owned(),
                    false => String::new(),
                },
                key,
                computed,
            },
        )
}

impl Declared {
    fn sql(&self) -> String {
        let columns = NAMES
            .iter()
            .zip(&self.columns)
            .map(|(name, (kind, constraints))| {
                let constraints: Vec<String> = constraints
                    .iter()
                    .map(|each| each.replace("{}", name))
                    .collect();
                format!("{name} {kind} {}", constraints.join(" "))
            });
        let constraints = self.constraints.iter().chain(Some(&self.key)).cloned();
        let all = columns
            .chain(self.computed.iter().cloned())
            .chain(constraints);
        let all: Vec<String> = all.filter(|each| !each.is_empty()).collect();
        format!("create table z ({}){}", all.join(",\n "), self.options)
    }
}

/// What the pragmas tell, but for what is spelled in another way afterwards: types and defaults.
async fn told(database: &Database) -> Vec<Vec<Vec<Value>>> {
    let mut found = Vec::new();
    for sql in [
        "select name, \"notnull\", pk, hidden, dflt_value is null from pragma_table_xinfo('z')",
        "select \"table\", \"from\", coalesce(\"to\", (select name from pragma_table_info(\"table\") \
         where pk = seq + 1)), on_update, on_delete, seq from pragma_foreign_key_list('z') \
         order by 1, 2, 3, 4, 5",
        "select l.\"unique\", l.origin, group_concat(coalesce(i.name, '') || i.coll, ' ') \
         from pragma_index_list('z') l, pragma_index_xinfo(l.name) i where i.key \
         group by l.name order by 2, 3",
        "select type, wr, strict from pragma_table_list('z')",
        "select a = 'X', [b b] = 'y', `d` = ' ' from z order by 1, 2, 3",
        "select rowid_or_key, a, [b b], \"c\"\"c\", `d`, generated from held order by 1, 3",
    ] {
        found.push(rows(database, sql).await);
    }
    found
}

async fn check(declared: Declared) -> Result<(), TestCaseError> {
    let others = "create table other (id integer primary key);
        create table pair (x, y, primary key (x, y));
        create view held as select a as rowid_or_key, * from z;";
    let database = made_by(others).await;
    let sql = declared.sql();
    let make = database.write(move |writer| Ok(writer.execute(&sql, &[])?));
    if make.await.is_err() {
        // A type or a key twice, and the like: SQLite has no such table.
        return Ok(());
    }
    for row in ["(1, 2, 3, 4, 5)", "('x', 'Y', null, '', 2.5)"] {
        let sql =
            format!("insert or ignore into z (a, [b b], \"c\"\"c\", `d`, generated) values {row}");
        let insert = database.write(move |writer| Ok(writer.execute(&sql, &[])?));
        let _refused_or_not = insert.await;
    }
    let before = told(&database).await;
    let rebuilt = alter(&database, "z", json!([["drop_column", {"name": "nope"}]])).await;
    let rebuilt = rebuilt.map_err(|fault| TestCaseError::fail(format!("{fault} {declared:?}")))?;
    prop_assert_eq!(&told(&database).await, &before, "{}", rebuilt.after);
    let count = |sql: &str, word: &str| sql.to_uppercase().matches(word).count();
    for word in ["CHECK (", "DEFERRABLE", "-- SHORT"] {
        prop_assert_eq!(
            count(&rebuilt.after, word),
            count(&rebuilt.before, word),
            "{} {}",
            word,
            rebuilt.after
        );
    }
    // The text is one that can be read again, and stays as it is.
    let again = alter(&database, "z", json!([["drop_column", {"name": "nope"}]])).await;
    let again = again.map_err(|fault| TestCaseError::fail(format!("{fault} {}", rebuilt.after)))?;
    // Lines of several foreign keys change places, as they always have.
    if count(&rebuilt.after, "FOREIGN KEY") < 2 {
        prop_assert_eq!(&again.after, &rebuilt.after);
    }
    prop_assert_eq!(&told(&database).await, &before);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    // Proves: WRITE-104
    #[test]
    fn nothing_declared_is_lost(declared in declared()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(check(declared))?;
    }
}
