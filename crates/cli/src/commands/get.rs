//! `--get`: one request, answered without a socket (CLI-100).

use std::io::{self, ErrorKind};
use std::sync::Arc;

use datasette_core::truth::is_truthy;
use datasette_core::{Actor, Fault, json_text};
use datasette_permissions::{Signer, actor_cookie_value};
use datasette_web::App;
use datasette_web::in_process::{self, InProcessAnswer, Question};
use serde_json::Value;

use super::Ending;
use crate::args::ServeArguments;
use crate::failure::Failure;
use crate::output::write_out;

/// Asks, prints the answer, and ends with 0 only if its status is 200 (CLI-101).
pub(crate) async fn get(
    app: Arc<App>,
    signer: &Signer,
    path: &str,
    arguments: &ServeArguments,
) -> Result<Ending, Failure> {
    let mut question = Question::get(path);
    if let Some(token) = arguments.token() {
        question = question.header("authorization", &format!("Bearer {token}"));
    }
    let actor = arguments.actor().map(actor_of).transpose()?.flatten();
    if let Some(actor) = actor {
        let cookie = actor_cookie_value(signer, &actor, None);
        question = question.header("cookie", &format!("ds_actor={cookie}"));
    }
    let mut answer = in_process::ask(app, question).await?;
    let mut head = String::new();
    if arguments.headers {
        head = format!("HTTP/1.1 {}\n", answer.status.as_u16());
        for (name, value) in &answer.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            head.push_str(&format!("{name}: {value}\n"));
        }
    }
    let ending = Ending::Code(if answer.status.as_u16() == 200 { 0 } else { 1 });
    let written = print(&head, &mut answer, arguments.headers).await;
    match written {
        // `| head` has read enough; that is worth no words, but it is no success either.
        Err(Broken::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(Ending::Code(1)),
        Err(Broken::Output(error)) => Err(Failure::error(format!(
            "The answer could not be written: {error}"
        ))),
        Err(Broken::Body(fault)) => Err(fault.into()),
        Ok(()) => Ok(ending),
    }
}

/// Why an answer was not printed whole.
enum Broken {
    /// It could not be written.
    Output(io::Error),
    /// It broke off.
    Body(Fault),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Prints head and body, part by part: what is large is never held (CLI-38).
async fn print(head: &str, answer: &mut InProcessAnswer, headers: bool) -> Result<(), Broken> {
    write_out(head.as_bytes())?;
    let mut is_empty = true;
    while let Some(part) = answer.next_part().await {
        let part = part.map_err(Broken::Body)?;
        if is_empty && !part.is_empty() {
            is_empty = false;
            if headers {
                write_out(b"\n")?;
            }
        }
        write_out(&part)?;
    }
    // With --headers an empty body leaves nothing after them (CLI-105).
    if !(headers && is_empty) {
        write_out(b"\n")?;
    }
    Ok(())
}

/// The actor that `--actor` describes; nobody for what is null, zero or empty (CLI-107, CLI-108).
fn actor_of(json: &str) -> Result<Option<Actor>, Failure> {
    match json_text::read(json) {
        Ok(value) if !is_truthy(&value) => Ok(None),
        Ok(Value::Object(properties)) => Ok(Some(Actor::new(properties))),
        Ok(_) => Err(Failure::error("--actor must be a JSON object")),
        Err(mistake) => Err(Failure::error(format!(
            "--actor is not valid JSON: {mistake}"
        ))),
    }
}
