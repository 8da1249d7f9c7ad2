//! Functions, collations and pragmas that plugins prepare on every connection.

use std::sync::Arc;

use datasette_core::{Actor, Value};
use datasette_hooks::{
    Accumulator, AggregateFunction, Answer, ConnectionSetup, Context, HookName, HookSet, Plugin,
    SetupStep, ready,
};
use datasette_web::in_process::Question;
use futures_util::future::BoxFuture;
use serde_json::{Value as Json, json};

use crate::{hooks, site};

struct Prepared;

struct Longest;

#[derive(Default)]
struct Running(String);

impl AggregateFunction for Longest {
    fn start(&self) -> Box<dyn Accumulator> {
        Box::new(Running::default())
    }
}

impl Accumulator for Running {
    fn step(&mut self, arguments: &[Value]) -> Result<(), String> {
        match arguments {
            [Value::Text(text)] if text.len() > self.0.len() => self.0 = text.clone(),
            [Value::Text(_)] => {}
            _ => return Err("text only".to_owned()),
        }
        Ok(())
    }

    fn value(&mut self) -> Result<Value, String> {
        Ok(Value::from(self.0.as_str()))
    }
}

impl Plugin for Prepared {
    fn name(&self) -> &str {
        "prepared"
    }

    fn implements(&self) -> HookSet {
        hooks(&[HookName::PrepareConnection])
    }

    fn prepare_connection<'a>(
        &'a self,
        _: &'a Context<'a>,
        database: &'a str,
    ) -> BoxFuture<'a, Answer<ConnectionSetup>> {
        let database = database.to_owned();
        let mut setup = ConnectionSetup::default()
            .scalar("whose", Some(0), true, move |_: &[Value]| {
                Ok(Value::from(database.as_str()))
            })
            .scalar(
                "louder",
                None,
                false,
                |arguments: &[Value]| match arguments {
                    [Value::Text(text)] => Ok(Value::from(text.to_uppercase().as_str())),
                    _ => Err("one text, please".to_owned()),
                },
            )
            .execute("pragma case_sensitive_like = 1");
        setup.steps.push(SetupStep::Aggregate {
            name: "longest".to_owned(),
            arity: Some(1),
            window: false,
            function: Arc::new(Longest),
        });
        setup.steps.push(SetupStep::Collation {
            name: "backwards".to_owned(),
            order: Arc::new(|left, right| right.cmp(left)),
        });
        ready(setup)
    }
}

async fn rows(path: &str) -> Json {
    site(Prepared).await.get(path).await.with_status(200).json()
}

// Proves: HOOK-26, HOOK-28
#[tokio::test]
async fn functions_can_be_used_in_queries_and_filters() {
    let query = "/data/-/query.json?_shape=arrayfirst&sql=select+";
    for (sql, expected) in [
        ("whose()", json!(["data"])),
        ("louder(name)+from+t+where+id=1", json!(["ANN"])),
        ("longest(name)+from+t", json!(["cleo"])),
        (
            "name+from+t+order+by+name+collate+backwards",
            json!(["cleo", "bob", "ann"]),
        ),
        ("count(*)+from+t+where+name+like+'A%25'", json!([0])),
    ] {
        assert_eq!(rows(&format!("{query}{sql}")).await, expected, "{sql}");
    }
    let found = rows("/data/t.json?_where=louder(name)='BOB'&_shape=array&_col=name").await;
    assert_eq!(found, json!([{"id": 2, "name": "bob"}]));
}

// Proves: HOOK-26, HOOK-27
#[tokio::test]
async fn a_function_that_fails_fails_its_statement() {
    let site = site(Prepared).await;
    for (sql, message) in [
        ("louder(1)", "one text, please"),
        ("longest(n)+from+t", "text only"),
    ] {
        let path = format!("/data/-/query.json?sql=select+{sql}");
        let answer = site.get(&path).await.with_status(400).json();
        assert_eq!(answer["error"], message, "{sql}");
    }
    // The connection goes on.
    let path = "/data/-/query.json?sql=select+louder('a')&_shape=arrayfirst";
    assert_eq!(site.get(path).await.json(), json!(["A"]));
}

// Proves: HOOK-22, HOOK-26
#[tokio::test]
async fn functions_can_be_used_in_writes() {
    let site = datasette_testkit::TestSite::build()
        .database("data", crate::SQL)
        .plugin(Arc::new(Prepared))
        .root()
        .start()
        .await;
    let body = json!({"sql": "update t set name = louder(name) where id = 1"});
    let cookie = format!("ds_actor={}", site.cookie(&Actor::with_id("root")));
    let question = Question::post("/data/-/execute-write", body.to_string())
        .header("content-type", "application/json")
        .header("cookie", &cookie);
    site.ask(question).await.with_status(200);
    let path = "/data/-/query.json?_shape=arrayfirst&sql=select+name+from+t+where+id=1";
    assert_eq!(site.get(path).await.json(), json!(["ANN"]));
}
