//! Reading within a scope: no way of writing a statement leads to a hidden table.

#![allow(clippy::unwrap_used)]

mod setting;

use std::sync::Arc;

use datasette_sqlite::{Database, Limits, ReadScope};
use setting::{file_with, from_outside, options, refusal};

const SCHEMA: &str = "
    create table open (id integer primary key, title text, secret_id integer references secret(id));
    create table secret (id integer primary key autoincrement, code text unique);
    create index secret_code on secret (code);
    create table \"odd \"\"name\" (x);
    create view view_of_open as select id, title from open;
    create view view_of_secret as select code from secret;
    create view view_of_view as select code || '!' as loud from view_of_secret;
    create virtual table open_fts using fts5 (title, content='open', content_rowid='id');
    create virtual table secret_fts using fts5 (code, content='secret', content_rowid='id');
    create virtual table secret_words using fts5vocab ('secret_fts', 'row');
    create virtual table boxes using rtree (id, low, high);
    create trigger noted after insert on open begin select code from secret; end;
    insert into secret (code) values ('canary'), ('bird');
    insert into open values (1, 'first', 1), (2, 'second', 2);
    insert into open_fts (open_fts) values ('rebuild');
    insert into secret_fts (secret_fts) values ('rebuild');
    insert into boxes values (1, 0, 1);
    analyze;
";

const READABLE: [&str; 14] = [
    "open",
    "view_of_open",
    "view_of_secret",
    "view_of_view",
    "open_fts",
    "open_fts_config",
    "open_fts_data",
    "open_fts_docsize",
    "open_fts_idx",
    "boxes",
    "boxes_node",
    "boxes_parent",
    "boxes_rowid",
    "sqlite_stat1",
];

const HIDDEN: [&str; 8] = [
    "secret",
    "odd \"name",
    "secret_fts",
    "secret_fts_config",
    "secret_fts_data",
    "secret_fts_docsize",
    "secret_fts_idx",
    "secret_words",
];

fn scope() -> Arc<ReadScope> {
    let mut scope = ReadScope::default();
    scope.add("main", READABLE, HIDDEN);
    Arc::new(scope)
}

async fn within(database: &Database, scope: &Arc<ReadScope>, sql: &str) -> Result<usize, String> {
    let (text, scope) = (sql.to_owned(), Arc::clone(scope));
    let result = database
        .read(move |reader| {
            reader.restrict(scope);
            let (batch, _) = reader.batch(&text, &[], &Limits::NONE)?;
            Ok(batch.rows().count())
        })
        .await;
    match result {
        Ok(rows) => Ok(rows),
        Err(fault) => Err(format!("{} {}", fault.status(), fault.message())),
    }
}

// Proves: PERM-93, PERM-94, PERM-95
#[tokio::test]
async fn every_way_to_a_hidden_table_is_refused() {
    let file = file_with(SCHEMA);
    let database = Database::open(options(file.path())).unwrap();
    let ways = [
        "select * from secret",
        "select count(*) from secret",
        "select 1 from secret",
        "select 1 from main.secret",
        "select count(*) from main.secret",
        "select rowid from secret",
        "select _rowid_ from SECRET",
        "select code from \"Secret\"",
        "select code from [secret]",
        "select code from `secret`",
        "select s.code from secret s",
        "select s.code from main.secret as s",
        "select * from open join secret on open.secret_id = secret.id",
        "select open.* from open, secret",
        "select open.id from open left join secret on open.secret_id = secret.id",
        "select open.id from open left join secret s on s.id = 1",
        "select * from open natural join secret",
        "select title from open where secret_id in (select id from secret)",
        "select title from open where secret_id in secret",
        "select title from open where 1 in secret_fts",
        "select title from open where exists (select 1 from secret)",
        "select title from open where exists (select * from secret where code > 'c')",
        "select (select code from secret)",
        "select (select count(*) from secret) as n",
        "select 1 where (select 1 from secret limit 1)",
        "select 1 from (select code from secret)",
        "select 1 from (select 1 from secret) limit 0",
        "with a as (select code from secret) select * from a",
        "with a as (select code from secret), b as (select 1 from a) select count(*) from b",
        "with open as (select code from secret) select * from open",
        "with open(x) as (select code from secret) select count(*) from open",
        "with recursive a(x) as (select code from secret union all select x from a limit 3) select * from a",
        "with a as materialized (select 1 from secret) select count(*) from a",
        "select title from open union select code from secret",
        "select title from open except select code from secret",
        "values ((select code from secret))",
        "select title from open order by (select code from secret)",
        "select title from open group by title having (select 1 from secret)",
        "select title from open limit (select count(*) from secret)",
        "select sum(1) filter (where (select code from secret) > 'a') from open",
        "select max(id) over (order by (select code from secret)) from open",
        "select case when 0 then (select code from secret) end",
        "select code from secret indexed by secret_code",
        "select code from view_of_secret",
        "select count(*) from view_of_secret",
        "select 1 from view_of_secret",
        "select loud from view_of_view",
        "select count(*) from view_of_view",
        "with view_of_open as (select code from secret) select * from view_of_open",
        "select * from secret_fts",
        "select rowid from secret_fts where secret_fts match 'canary'",
        "select count(*) from secret_fts('canary')",
        "select rowid from open_fts where rowid in (select rowid from secret_fts('canary'))",
        "select * from secret_fts_data",
        "select count(*) from secret_fts_docsize",
        "select term from secret_words",
        "select count(*) from secret_words",
        "select x from \"odd \"\"name\"",
        "select count(*) from \"odd \"\"name\"",
        "select name from sqlite_master",
        "select count(*) from sqlite_master",
        "select sql from sqlite_schema where name = 'open'",
        "select sql from main.sqlite_schema",
        "select * from sqlite_sequence",
        "select count(*) from sqlite_sequence",
        "select * from sqlite_stat1",
        "select count(*) from sqlite_stat1",
        "select * from dbstat",
        "select count(*) from dbstat",
        "select * from pragma_table_info('secret')",
        "select count(*) from pragma_table_info('SECRET')",
        "select * from pragma_table_xinfo('secret')",
        "select * from pragma_index_list('secret')",
        "select * from pragma_index_info('secret_code')",
        "select * from pragma_index_xinfo('secret_code')",
        "select * from pragma_table_info('secret_code')",
        "select * from pragma_foreign_key_list('secret')",
        "select * from pragma_foreign_key_check('open')",
        "select * from pragma_table_list",
        "select * from pragma_integrity_check",
        "select t.name from open, pragma_table_info(open.title || 'x') as t",
        "select rtreecheck('main', 'secret')",
        "pragma table_info(secret)",
        "pragma main.table_info(secret)",
        "pragma table_list",
        "pragma index_list(secret)",
        "pragma foreign_key_check",
        "explain select * from secret",
        "explain query plan select * from secret",
        "select * from newcomer",
        // Mistakes in statements that name a hidden table are not told.
        "select absent from secret",
        "select absent from \"SECRET\"",
        "select secret.absent from open",
        "select open.id from open join secret using (absent)",
        "select code from secret indexed by absent",
        "select absent from \"odd \"\"name\"",
        "select x from secret where nonsense(",
    ];
    from_outside(file.path(), "create table newcomer (a)");
    let scope = scope();
    let refused =
        Err("403 This SQL reads a table that you do not have permission to view".to_owned());
    let mut slipped = Vec::new();
    for sql in ways {
        let answer = within(&database, &scope, sql).await;
        if answer != refused {
            slipped.push((sql, answer));
        }
        // Having been compiled for somebody else changes absent.
        let text = sql.to_owned();
        let _ = database
            .read(move |reader| Ok(reader.batch(&text, &[], &Limits::NONE)?))
            .await;
        let again = within(&database, &scope, sql).await;
        if again != refused {
            slipped.push((sql, again));
        }
    }
    assert_eq!(slipped, []);
}

#[tokio::test]
async fn what_is_not_hidden_is_read_as_ever() {
    let file = file_with(SCHEMA);
    let database = Database::open(options(file.path())).unwrap();
    let scope = scope();
    let cases = [
        ("select * from open", 2),
        ("select count(*) from open", 1),
        ("select title from OPEN o where o.id = 1", 1),
        ("select * from view_of_open", 2),
        (
            "select rowid, * from open_fts where open_fts match 'first'",
            1,
        ),
        (
            "select highlight(open_fts, 0, '<', '>') from open_fts('second')",
            1,
        ),
        ("select count(*) from open_fts_docsize", 1),
        ("select * from boxes where low > -1", 1),
        (
            "with secret as (select 1 as code) select code from secret",
            1,
        ),
        (
            "with a as (select title from open) select count(*) from a",
            1,
        ),
        (
            "with a(x) as (select 1 union all select x + 1 from a where x < 5) select x from a",
            5,
        ),
        ("select count(*) from (select title from open)", 1),
        // Nothing is read of what is not used.
        ("with a as (select code from secret) select 1", 1),
        ("select value from json_each('[1, 2, 3]')", 3),
        ("select count(*) from json_tree('[1, 2, 3]')", 1),
        ("select name from pragma_table_info('open')", 3),
        ("select name from pragma_table_info('OPEN')", 3),
        ("pragma table_info(open)", 3),
        ("select 'secret' as word", 1),
        ("select 1 as secret", 1),
        ("select sqlite_version()", 1),
        ("pragma user_version", 1),
        ("explain query plan select title from open", 1),
    ];
    for (sql, rows) in cases {
        let answer = within(&database, &scope, sql).await;
        assert_eq!(answer, Ok(rows), "{sql}");
    }
    for (sql, message) in [
        ("select absent from open", "400 no such column: absent"),
        ("select * from nowhere", "400 no such table: nowhere"),
        (
            "select secretive from open",
            "400 no such column: secretive",
        ),
        ("attach 'x.db' as x", "400 not authorized"),
    ] {
        assert_eq!(
            within(&database, &scope, sql).await,
            Err(message.to_owned())
        );
    }
}

#[tokio::test]
async fn a_scope_ends_with_its_visit() {
    let file = file_with(SCHEMA);
    let mut options = options(file.path());
    options.lanes = 1;
    let database = Database::open(options).unwrap();
    let sql = "select code from secret";
    assert!(within(&database, &scope(), sql).await.is_err());
    let panicked = database
        .read(|reader| -> Result<(), _> {
            reader.restrict(scope());
            panic!("in the middle of a visit");
        })
        .await;
    assert_ne!(refusal(panicked), "(it succeeded)");
    let rows = database
        .read(move |reader| Ok(reader.batch(sql, &[], &Limits::NONE)?.0.rows().count()))
        .await;
    assert_eq!(rows.unwrap(), 2);
    assert!(within(&database, &scope(), sql).await.is_err());
}

// Proves: PERM-93
#[tokio::test]
async fn attached_files_have_tables_of_their_own() {
    let secret = file_with("create table secret (a); insert into secret values (1)");
    let open = file_with("create table secret (a); insert into secret values (2)");
    let mut options = setting::in_memory();
    for (name, file) in [("one", &secret), ("two", &open)] {
        options.attached.push(datasette_sqlite::Attached {
            name: name.to_owned(),
            path: file.path().to_owned(),
            mutability: datasette_sqlite::Mutability::Mutable,
        });
    }
    let database = Database::open(options).unwrap();
    let mut scope = ReadScope::default();
    scope.add("main", [], []);
    scope.add("one", [], ["secret"]);
    scope.add("two", ["secret"], []);
    let scope = Arc::new(scope);
    assert_eq!(
        within(&database, &scope, "select a from two.secret").await,
        Ok(1)
    );
    assert_eq!(
        within(&database, &scope, "select sql from two.sqlite_master").await,
        Ok(1)
    );
    for sql in [
        "select a from one.secret",
        "select a from secret",
        "select count(*) from secret",
        "select count(*) from one.secret",
        "select sql from one.sqlite_master",
        "select * from one.pragma_table_info('secret')",
        "select * from pragma_table_info('secret')",
        "pragma one.table_info(secret)",
        "select two.secret.a from two.secret, one.secret",
        "with two as (select a from one.secret) select * from two",
    ] {
        assert!(within(&database, &scope, sql).await.is_err(), "{sql}");
    }
}
