//! Statements that are run.

use std::sync::Arc;

use datasette_core::{Actor, Value};
use datasette_hooks::{
    Answer as HookAnswer, Context, Event, HookName, HookSet, Plugin, WriteConnection, WriteWrapper,
};
use datasette_testkit::TestSite;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde_json::{Value as Json, json};

use super::{post, post_as, row};

const SQL: &str = "
    create table t (id integer primary key, name text, data blob);
    insert into t values (1, 'one', x'00ff'), (2, 'two', null);
    create table log (what text);
    create table secret (word text);
    insert into secret values ('hush');
    create virtual table words using fts5 (word);
    create virtual table four using fts4 (word);
    create virtual table boxes using rtree (id, low, high);
    insert into words values ('veiled');";

const WRITE: &str = "/data/-/execute-write";

async fn site() -> TestSite {
    TestSite::build().database("data", SQL).root().start().await
}

fn statement(sql: &str) -> Json {
    json!({ "sql": sql })
}

/// Ann may do everything but look at these tables.
fn but(hidden: &[&str]) -> Json {
    let ann = || json!({"id": ["ann", "root"]});
    let hidden = hidden
        .iter()
        .map(|table| ((*table).to_owned(), json!({"allow": {"id": "root"}})))
        .collect::<serde_json::Map<String, Json>>();
    json!({
        "permissions": {
            "execute-write-sql": ann(), "insert-row": ann(), "update-row": ann(),
            "delete-row": ann(), "create-table": ann(), "create-view": ann(), "alter-table": ann(),
            "store-query": ann(),
        },
        "databases": {"data": {"tables": hidden}},
    })
}

// Proves: WRITE-149
#[tokio::test]
async fn bytes_that_are_returned_are_base64() {
    let site = site().await;
    let sql = "update t set name = 'x' returning id, data, name, 1.0 as real, id as id";
    let answer = post(&site, WRITE, &statement(sql)).await.with_status(200);
    let base64 = json!({"$base64": true, "encoded": "AP8="});
    assert_eq!(
        answer.json()["rows"],
        json!([
            {"id": 1, "data": base64, "name": "x", "real": 1.0},
            {"id": 2, "data": null, "name": "x", "real": 1.0},
        ])
    );
}

// Proves: SET-17, DIF-10
#[tokio::test]
async fn writes_have_a_limit_of_their_own() {
    let site = TestSite::build()
        .database("data", SQL)
        .setting("sql_time_limit_ms", "1")
        .setting("max_insert_rows", "100000")
        .setting("max_post_body_bytes", "0")
        .root()
        .start()
        .await;
    let count = "with recursive c (n) as (select 1 union all select n + 1 from c where n < 5000)";
    let path = "/data/-/query.json?sql=with+recursive+c+(n)+as+(select+1+union+all+select+n%2B1+\
         from+c)+select+max(n)+from+c";
    let read = site.get(path).await;
    assert_eq!(read.status, 400, "{}", read.text());
    let writing = format!("{count} insert into log select n from c");
    post(&site, WRITE, &statement(&writing))
        .await
        .with_status(200);
    let rows: Vec<Json> = (0..2_000).map(|n| json!({"what": n})).collect();
    post(&site, "/data/log/-/insert", &json!({"rows": rows}))
        .await
        .with_status(201);
    let counted = row(&site, "select count(*) from log").await;
    assert_eq!(counted, [Value::Integer(7_000)]);
}

// Proves: WRITE-150, SET-17, DIF-10
#[tokio::test]
async fn a_statement_that_takes_too_long_changes_nothing() {
    let site = site().await;
    let sql = "with recursive c (n) as (select 1 union all select n + 1 from c) \
               insert into log select n from c";
    let answer = post(&site, WRITE, &statement(sql)).await.with_status(400);
    let error = answer.json()["error"].as_str().unwrap().to_owned();
    assert!(
        error.starts_with("QueryInterrupted: interrupted"),
        "{error}"
    );
    assert_eq!(
        row(&site, "select count(*) from log").await,
        [Value::Integer(0)]
    );
    post(&site, WRITE, &statement("insert into log values (1)"))
        .await
        .with_status(200);
}

/// Notes events, and does something on the connection before each write.
struct Meddler {
    events: Arc<Mutex<Vec<Event>>>,
    before: &'static str,
}

struct Before(&'static str);

impl WriteWrapper for Before {
    fn before(
        &mut self,
        connection: &mut dyn WriteConnection,
    ) -> Result<(), datasette_hooks::HookError> {
        if !self.0.is_empty() {
            connection.execute(self.0, &[]).unwrap();
        }
        Ok(())
    }
}

impl Plugin for Meddler {
    fn name(&self) -> &str {
        "meddler"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::WriteWrapper, HookName::TrackEvent])
    }

    fn write_wrapper(
        &self,
        _context: &Context<'_>,
        _database: &str,
        _transaction: bool,
    ) -> HookAnswer<Option<Box<dyn WriteWrapper>>> {
        Ok(Some(Box::new(Before(self.before))))
    }

    fn track_event<'a>(
        &'a self,
        _context: &'a Context<'a>,
        event: &'a Event,
    ) -> BoxFuture<'a, HookAnswer<()>> {
        self.events.lock().push(event.clone());
        Box::pin(std::future::ready(Ok(())))
    }
}

/// A trigger that comes between looking at a statement and running it.
const TRAP: &str = "create trigger if not exists trap after insert on t begin \
                    insert into log select word from secret; end";

// Proves: WRITE-137
#[tokio::test]
async fn what_changed_since_it_was_looked_at_is_asked_about_again() {
    let meddled = |config: Json| async move {
        let plugin = Meddler {
            events: Arc::default(),
            before: TRAP,
        };
        TestSite::build()
            .database("data", SQL)
            .config(config)
            .plugin(Arc::new(plugin))
            .root()
            .start()
            .await
    };
    let sql = statement("insert into t (name) values ('three')");
    let site = meddled(but(&["secret"])).await;
    let ann = Actor::with_id("ann");
    let refused = post_as(&site, &ann, WRITE, &sql).await.with_status(403);
    assert_eq!(
        refused.json()["error"],
        "Permission denied: need view-table on data/secret"
    );
    assert_eq!(
        row(&site, "select count(*) from t").await,
        [Value::Integer(2)]
    );
    assert_eq!(
        row(&site, "select count(*) from log").await,
        [Value::Integer(0)]
    );

    let site = meddled(but(&[])).await;
    let ran = post_as(&site, &ann, WRITE, &sql).await.with_status(200);
    let sources: Vec<Json> = ran.json()["analysis"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["source"].clone())
        .collect();
    assert!(sources.contains(&json!("trap")), "{sources:?}");
    assert_eq!(
        row(&site, "select what from log").await,
        [Value::from("hush")]
    );
}

// Proves: WRITE-151, EVT-17, EVT-18
#[tokio::test]
async fn only_renamed_tables_are_told() {
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let plugin = Meddler {
        events: Arc::clone(&events),
        before: "",
    };
    let stored = |sql: &str| json!({"sql": sql, "write": true});
    let queries = json!({
        "add": stored("insert into t (name) values ('stored')"),
        "change": stored("update t set name = 'changed' where name = 'stored'"),
        "remove": stored("delete from t where name = 'changed'"),
        "make": stored("create table stored (a)"),
        "rename": stored("alter table stored rename to renamed"),
        "drop": stored("drop table renamed"),
    });
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"queries": queries}}}))
        .plugin(Arc::new(plugin))
        .root()
        .start()
        .await;
    for sql in [
        "insert into t (name) values ('x')",
        "update t set name = 'y'",
        "delete from t where id = 1",
        "create table made (a)",
        "alter table made add column b",
        "drop table made",
        "create view seen as select 1",
    ] {
        post(&site, WRITE, &statement(sql)).await.with_status(200);
        assert_eq!(events.lock().len(), 0, "{sql}");
    }
    let run = async |name: &str| {
        let path = format!("/data/{name}?_json=1");
        let answer = post(&site, &path, &json!({})).await.with_status(200);
        assert_eq!(answer.json()["ok"], true, "{name}: {}", answer.text());
    };
    for name in ["add", "change", "remove", "make"] {
        run(name).await;
        assert_eq!(events.lock().len(), 0, "{name}");
    }
    run("rename").await;
    let told: Vec<Event> = events.lock().drain(..).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].name, "rename-table");
    run("drop").await;
    // Nor does what another process does.
    let other = rusqlite::Connection::open(site.path("data")).unwrap();
    let sql = "insert into t (name) values ('elsewhere'); create table elsewhere (a);
        alter table elsewhere rename to moved; drop table moved;";
    other.execute_batch(sql).unwrap();
    let rows = site.get("/data/t.json?_shape=array&name=elsewhere").await;
    assert_eq!(rows.json().as_array().unwrap().len(), 1);
    assert_eq!(events.lock().len(), 0);

    let sql = "alter table log rename to diary";
    post(&site, WRITE, &statement(sql)).await.with_status(200);
    let events = events.lock().clone();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].name, "rename-table");
    assert_eq!(
        Json::Object(events[0].properties.clone()),
        json!({"database": "data", "old_table": "log", "new_table": "diary"})
    );
    // Pages know the table by its new name at once.
    site.get("/data/diary.json").await.with_status(200);
}

/// What a full-text table holds is not told by a view on it, whatever its module asks the
/// connection that sees it first.
#[tokio::test]
async fn views_on_tables_of_modules_need_those_tables() {
    for table in ["words", "four", "boxes"] {
        let site = TestSite::build()
            .database("data", SQL)
            .config(but(&[table]))
            .start()
            .await;
        let ann = Actor::with_id("ann");
        for sql in [
            format!("create view made as select * from {table}"),
            format!("create table made as select * from {table}"),
            format!("insert into log select rowid from {table}"),
        ] {
            let answer = post_as(&site, &ann, WRITE, &statement(&sql)).await;
            assert_eq!(answer.status, 403, "{sql}");
            assert_eq!(
                answer.json()["error"],
                format!("Permission denied: need view-table on data/{table}")
            );
        }
    }
}

/// Who may not see a table does not learn about it from mistakes, nor from what tells of all.
#[tokio::test]
async fn hidden_tables_are_not_told_about() {
    let site = TestSite::build()
        .database("data", SQL)
        .config(but(&["secret"]))
        .root()
        .start()
        .await;
    let ann = Actor::with_id("ann");
    let told = |answer: datasette_testkit::Answer| {
        let error = answer.json()["error"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        (answer.status, error)
    };
    for column in ["word", "nope"] {
        let sql = format!("insert into log select {column} from secret");
        let (status, error) = told(post_as(&site, &ann, WRITE, &statement(&sql)).await);
        match column {
            "word" => assert_eq!(
                (status, error.as_str()),
                (403, "Permission denied: need view-table on data/secret")
            ),
            _ => {
                assert_eq!(status, 400);
                assert!(!error.contains("nope"), "{error}");
            }
        }
    }
    for all in ["dbstat", "sqlite_dbpage", "sqlite_stmt"] {
        let sql = format!("insert into log select 1 from {all}");
        let by_ann = post_as(&site, &ann, WRITE, &statement(&sql)).await;
        assert_ne!(by_ann.status, 200, "{sql}");
    }
    let sql = "insert into log select name from dbstat limit 1";
    let (status, error) = told(post_as(&site, &ann, WRITE, &statement(sql)).await);
    let expected = "Permission denied: need view-table on data/dbstat";
    assert_eq!((status, error.as_str()), (403, expected));
    post(&site, WRITE, &statement(sql)).await.with_status(200);
    // Functions that only look at their arguments tell of nothing else.
    let sql = "insert into log select value from json_each('[1, 2]')";
    post_as(&site, &ann, WRITE, &statement(sql))
        .await
        .with_status(200);
}

// Proves: WRITE-132
#[tokio::test]
async fn writing_takes_a_database_that_can_be_written() {
    let site = TestSite::build()
        .immutable("data", SQL)
        .root()
        .start()
        .await;
    let answer = post(&site, WRITE, &statement("delete from t")).await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.json()["error"], "Database is immutable");
    let root = Actor::with_id("root");
    let page = site.get_as(&root, WRITE).await.with_status(403);
    let words = "Cannot execute write SQL because this database is immutable.";
    assert_eq!(page.json()["error"], words);
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
}
