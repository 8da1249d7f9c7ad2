//! SQL that writes and stored queries, where the comparison with the original cannot look: what
//! chance makes up, defects of the original, databases that change on the way.

// Helpers of tests may break like tests.
#![allow(clippy::unwrap_used)]

mod chance;
mod oracle;
mod running;
mod stored;
mod world;

use datasette_core::Actor;
use datasette_sqlite::Limits;
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use serde_json::Value as Json;

/// Sends JSON as this actor.
async fn post_as(site: &TestSite, actor: &Actor, path: &str, body: &Json) -> Answer {
    let cookie = format!("ds_actor={}", site.cookie(actor));
    let question = Question::post(path, body.to_string())
        .header("content-type", "application/json")
        .header("cookie", &cookie);
    site.ask(question).await
}

/// Sends JSON as the one who may do everything.
async fn post(site: &TestSite, path: &str, body: &Json) -> Answer {
    post_as(site, &Actor::with_id("root"), path, body).await
}

/// Makes a database what it was.
async fn restored(site: &TestSite, schema: &str) {
    let handle = site.instance().registry.handle_of("data").unwrap();
    let schema = schema.to_owned();
    let write = handle.write(move |writer| {
        let sql = "select type, name from sqlite_master where type in ('view', 'table')";
        let (objects, _) = writer.batch(sql, &[], &Limits::NONE)?;
        let drops: Vec<String> = objects
            .rows()
            .map(|row| {
                let part = |at| row.get(at).as_text().unwrap_or_default().into_owned();
                format!("drop {} if exists \"{}\";", part(0), part(1))
            })
            .collect();
        writer.execute_batch(&drops.concat())?;
        Ok(writer.execute_batch(&schema)?)
    });
    write.await.unwrap();
    site.instance().registry.refresh().await.unwrap();
}

/// The values of a statement's only row.
async fn row(site: &TestSite, sql: &str) -> Vec<datasette_core::Value> {
    let handle = site.instance().registry.handle_of("data").unwrap();
    let sql = sql.to_owned();
    let read = handle.read(move |reader| {
        let (rows, _) = reader.batch(&sql, &[], &Limits::NONE)?;
        Ok(rows.at(0).to_values())
    });
    read.await.unwrap()
}
