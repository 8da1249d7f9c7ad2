//! Two sites that show the same to whoever is not let in: what is hidden in them has nothing in
//! common, neither names nor values nor numbers.

use datasette_core::StoredQuery;
use datasette_testkit::TestSite;
use serde_json::{Map, Value as Json, json};

use crate::visitors::Visitor;

/// What everything hidden is called, in the first of the two sites.
pub(crate) const CANARY: &str = "canary";

/// What visible definitions name although it is hidden: the same in both sites, and nowhere but in
/// those definitions.
pub(crate) const VEILED: &str = "veiled";

/// A table of a database that is hidden itself.
const PART: &str =
    "CREATE TABLE part (id integer primary key, name text, hidden integer references veiledpart)";

/// Statements that visible things are made by, as pages show them.
pub(crate) const DEFINITIONS: &[&str] = &[
    "CREATE TABLE kinds (id integer primary key, name text, rank integer)",
    "CREATE TABLE notes (id integer primary key autoincrement, title text, kind integer references kinds (id), person integer references veiledpeople (id), boss integer references veiledbosses, body text, picture blob, tags text, day text)",
    "CREATE INDEX notes_kind ON notes (kind)",
    PART,
    "CREATE TABLE pairs (a text, b text, note integer references notes (id), primary key (a, b))",
    "CREATE TABLE letters (id integer primary key, words text)",
    "CREATE VIEW plainview AS select id, title, kind from notes",
    "CREATE VIEW overlook AS select id, published from veiledpeople",
    "CREATE VIRTUAL TABLE notes_fts USING fts5(title, body, content=\"notes\", content_rowid=\"id\")",
    "CREATE TRIGGER notes_after AFTER INSERT ON notes BEGIN insert into veiledaudit values (new.id); END",
];

const SHOWN_ROWS: &str = "
    insert into kinds values (1, 'first kind', 3), (2, 'second kind', 2), (3, 'third kind', 1);
    insert into notes (title, kind, person, boss, body, picture, tags, day)
        with recursive n (i) as (select 1 union all select i + 1 from n where i < 12)
        select 'note ' || i, i % 3 + 1, i % 4 + 1, i % 2 + 1, 'words of note ' || i, x'00ff',
            '[\"red\", \"blue\"]', '2024-05-0' || (i % 9 + 1) from n;
    insert into pairs values ('x', 'y', 1), ('x', 'z', 2), ('p/q', 'r,s', 3);
    insert into letters values (1, 'dear reader'), (2, 'dear writer');
    insert into notes_fts (notes_fts) values ('rebuild');
";

/// Hidden tables of a database: `word` is in every name and value, `many` sets their sizes.
fn hidden_sql(word: &str, many: usize) -> String {
    format!(
        "CREATE TABLE veiledpeople (id integer primary key, {word}name text, published text);
         insert into veiledpeople values (1, '{word} anna', 'shown'), (2, '{word} bert', 'shown'),
            (3, '{word} cleo', 'shown'), (4, '{word} dora', 'shown');
         CREATE TABLE veiledbosses ({word}key integer primary key, {word}title text);
         insert into veiledbosses values (1, '{word} boss'), (2, '{word} chief');
         CREATE TABLE veiledaudit (id);
         CREATE TABLE {word}table (id integer primary key autoincrement, {word}column text,
            note integer references notes (id));
         insert into {word}table ({word}column, note)
            with recursive n (i) as (select 1 union all select i + 1 from n where i < {many})
            select '{word} value', i % 12 + 1 from n;
         CREATE INDEX {word}index ON {word}table ({word}column);
         CREATE TABLE {word}pairs (id integer primary key, a text, b text,
            kind integer references kinds (id), foreign key (a, b) references pairs (a, b));
         insert into {word}pairs values (1, 'x', 'y', 1);
         CREATE VIEW {word}view AS select {word}column from {word}table;
         CREATE TABLE {word}docs (id integer primary key, {word}text text);
         insert into {word}docs values (1, '{word} document'), (2, '{word} paper');
         CREATE VIRTUAL TABLE {word}docs_fts USING fts5({word}text, content=\"{word}docs\", content_rowid=\"id\");
         insert into {word}docs_fts ({word}docs_fts) values ('rebuild');
         CREATE VIRTUAL TABLE {word}open_fts USING fts5({word}text, content=\"{word}docs\", content_rowid=\"id\");
         insert into {word}open_fts ({word}open_fts) values ('rebuild');
         CREATE VIRTUAL TABLE {word}words USING fts5vocab('{word}docs_fts', 'row');
         CREATE VIRTUAL TABLE {word}own USING fts5({word}text);
         insert into {word}own values ('{word} of its own');
         CREATE VIRTUAL TABLE {word}four USING fts4({word}text, content=\"{word}docs\");
         CREATE VIRTUAL TABLE {word}box USING rtree(id, x0, x1);
         insert into {word}box values (1, 2, 3);
         CREATE VIRTUAL TABLE {word}letters_fts USING fts5(words, content=\"letters\", content_rowid=\"id\");
         insert into {word}letters_fts ({word}letters_fts) values ('rebuild');
         analyze;"
    )
}

/// Tables that only the second site has.
const FURTHER: &[&str] = &["further", "aside"];

/// Tables of the database `open` that rules hide by name.
fn hidden_tables(word: &str) -> Vec<String> {
    let mut names: Vec<String> = ["veiledpeople", "veiledbosses", "veiledaudit"]
        .map(str::to_owned)
        .into();
    let own = [
        "table",
        "pairs",
        "view",
        "docs",
        "own",
        "box",
        "letters_fts",
        "docs_fts",
        "four",
    ];
    names.extend(own.map(|name| format!("{word}{name}")));
    if word != CANARY {
        names.extend(FURTHER.iter().map(|name| format!("{word}{name}")));
    }
    names
}

/// Everything that may be asked for by its hidden name.
pub(crate) fn hidden_names() -> Vec<String> {
    let mut names = hidden_tables(CANARY);
    let further = [
        "words",
        "open_fts",
        "docs_fts_data",
        "docs_fts_idx",
        "own_content",
        "own_data",
        "box_node",
        "box_rowid",
        "four_segments",
        "four_segdir",
        "letters_fts_idx",
        "query",
        "private",
    ];
    names.extend(further.map(|name| format!("{CANARY}{name}")));
    names.push("sqlite_stat1".to_owned());
    names.push("sqlite_sequence".to_owned());
    names
}

/// Tables and views of the database `open` that everybody may view.
pub(crate) const SHOWN: &[&str] = &[
    "kinds",
    "notes",
    "pairs",
    "letters",
    "plainview",
    "overlook",
    "notes_fts",
];

fn insider() -> Json {
    json!({"id": "insider"})
}

fn config(word: &str) -> Json {
    let mut tables = Map::new();
    for name in hidden_tables(word) {
        let told = json!({"allow": insider(), "sort": format!("{word}column"), "hidden": false});
        tables.insert(name, told);
    }
    tables["veiledpeople"]["allow"] = json!({"id": ["insider", "half"]});
    // Whoever may view the index alone may not view what it is made of (PERM-55).
    tables.insert(format!("{word}open_fts"), json!({"allow": true}));
    // Some of those from whom tables are hidden may run SQL, others may not.
    let sql = json!({"unauthenticated": true, "id": ["insider", "root"]});
    tables.insert(
        "notes".to_owned(),
        json!({
            "facets": ["kind", "person"],
            "label_column": "title",
            "permissions": {"insert-row": sql, "update-row": sql, "delete-row": sql},
        }),
    );
    let query = |name: &str| {
        json!({
            "sql": format!("select '{word} in sql' as {word}alias"),
            "title": format!("{word} title of {name}"),
            "description": format!("{word} description"),
            "allow": insider(),
        })
    };
    json!({
        // No answer is cut short, however busy the machine.
        "settings": {"trace_debug": true, "template_debug": true, "sql_time_limit_ms": 20_000,
            "facet_time_limit_ms": 20_000, "facet_suggest_time_limit_ms": 20_000},
        "databases": {
            "open": {
                "allow_sql": sql,
                // Who may run SQL here may also write it to be kept and to be run.
                "permissions": {
                    "store-query": sql, "execute-write-sql": sql, "create-table": sql,
                },
                "tables": tables,
                "queries": {
                    format!("{word}query"): query("one"),
                    "plainquery": {"sql": "select id, name from kinds where rank > :least", "title": "Plain"},
                },
            },
            "frozen": {
                "allow_sql": sql,
                "permissions": {"view-database-download": insider()},
                "tables": {format!("{word}ice"): {"allow": insider()}},
            },
            format!("{word}shut"): {"allow": insider(), "allow_sql": insider()},
            format!("{word}frost"): {"allow": insider(), "allow_sql": insider(),
                "queries": {format!("{word}frozenquery"): query("two")}},
            "_memory": {"allow_sql": sql},
            "half": {
                "permissions": {"view-database": insider()},
                "allow_sql": sql,
                "tables": {
                    format!("{word}part"): {"allow": insider()},
                    "veiledpart": {"allow": insider()},
                },
                "queries": {
                    "partquery": "select name from part",
                    format!("{word}partquery"): query("three"),
                },
            },
        },
    })
}

fn metadata(word: &str) -> Json {
    let told = json!({
        "title": format!("{word} title"),
        "description_html": format!("<b>{word}</b>"),
        "source": format!("{word} source"),
        "columns": {"id": format!("{word} of a column")},
        "units": {"id": format!("{word} unit")},
    });
    json!({
        "title": "Two sites",
        "databases": {
            "open": {
                "title": "An open database",
                "tables": {
                    format!("{word}table"): told,
                    "veiledpeople": told,
                    "notes": {"title": "Notes", "columns": {"title": "What it is called"}},
                },
                "queries": {format!("{word}query"): told},
            },
            format!("{word}shut"): told,
        },
    })
}

/// One of the two sites.
pub(crate) async fn site(word: &str, many: usize) -> TestSite {
    let own = DEFINITIONS.iter().filter(|statement| **statement != PART);
    let own: Vec<&str> = own.copied().collect();
    let shown = own.join(";\n");
    // Definitions may name what does not exist yet; the trigger must not run yet.
    let (shown, trigger) = shown.split_at(shown.rfind("CREATE TRIGGER").unwrap());
    let mut open = format!("{shown} {SHOWN_ROWS} {} {trigger};", hidden_sql(word, many));
    if word != CANARY {
        for name in FURTHER {
            open.push_str(&format!(
                "CREATE TABLE {word}{name} (id integer primary key, name text);"
            ));
        }
    }
    let shut = format!(
        "CREATE TABLE {word}safe (id integer primary key, {word}gold text);
         insert into {word}safe values (1, '{word} gold');"
    );
    let frozen = format!(
        "CREATE TABLE snow (id integer primary key, name text);
         insert into snow values (1, 'flake');
         CREATE TABLE {word}ice (id integer primary key, {word}cold text);
         insert into {word}ice values (1, '{word} cold');"
    );
    let half = format!(
        "{PART};
         insert into part values (1, 'open part', 1);
         CREATE TABLE veiledpart ({word}key integer primary key, {word}name text);
         insert into veiledpart values (1, '{word} label');
         CREATE TABLE {word}part (id integer primary key, part integer references part (id));
         insert into {word}part values (1, 1);"
    );
    let site = TestSite::build()
        .database("half", &half)
        .database("open", &open)
        .database(&format!("{word}shut"), &shut)
        .immutable("frozen", &frozen)
        .immutable(&format!("{word}frost"), &shut)
        .crossdb()
        .config(config(word))
        .metadata(metadata(word))
        .template(
            "pages/own.html",
            "{{ urls.table(\"open\", \"notes\") }} {{ crumbs() }}",
        )
        .static_file("own.txt", "free for all")
        .start()
        .await;
    for database in ["open", "frozen"] {
        let query = query_of_the_insider(word, database, true);
        site.instance().internal.save_query(query).await.unwrap();
    }
    site
}

/// A stored query that the insider may keep to themselves.
pub(crate) fn query_of_the_insider(word: &str, database: &str, is_private: bool) -> StoredQuery {
    StoredQuery {
        database: database.to_owned(),
        name: format!("{word}private"),
        title: Some(format!("{word} private title")),
        sql: format!("select '{word} private'"),
        source: "user".to_owned(),
        owner_id: Some("insider".to_owned()),
        is_private,
        is_trusted: true,
        ..StoredQuery::default()
    }
}

/// Visitors from whom all of it is hidden.
pub(crate) fn outsiders() -> Vec<Visitor> {
    let view = json!(["vt"]);
    let mut tables: Map<String, Json> = SHOWN
        .iter()
        .map(|name| ((*name).to_owned(), view.clone()))
        .collect();
    tables.insert("plainquery".to_owned(), json!(["vq"]));
    let limits = json!({
        "a": ["vi"],
        "d": {"open": ["vd", "es"], "frozen": ["vd", "es"], "_memory": ["vd", "es"]},
        "r": {"open": tables, "frozen": {"snow": ["vt"]}, "half": {"part": ["vt"], "partquery": ["vq"]}},
    });
    vec![
        Visitor::anonymous(),
        Visitor::with_cookie("ben", json!({"id": "ben"})),
        Visitor::with_token("a limited token of the insider", "insider", limits),
        Visitor::with_cookie("root without --root", json!({"id": "root"})),
    ]
}

/// Somebody who may view some of what is hidden.
pub(crate) fn half_way() -> Visitor {
    Visitor::with_cookie("half way in", json!({"id": "half"}))
}

/// Somebody who is let in.
pub(crate) fn insiders() -> Visitor {
    Visitor::with_cookie("the insider", insider())
}
