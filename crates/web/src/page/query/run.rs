//! A stored query that is sent to be run (STORED-16 to STORED-30).

use axum::body::Body;
use axum::http::StatusCode;
use datasette_core::action::{QueryRef, ViewQuery};
use datasette_core::{Fault, QueryString, json_text, python_text};
use datasette_engine::write::{Refusal, StoredRun, StoredRunPermit, run_stored};
use datasette_hooks::MessageKind;
use serde_json::{Value as Json, json};

use crate::page::change::{author, body, to_its_end};
use crate::page::write::payload::accepts_json;
use crate::problem;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// `POST /{db}/{query}`, in whatever format.
pub(crate) async fn run(visit: &Visit, query: &QueryRef, body: Body) -> Result<Reply, Fault> {
    let stored = query.stored();
    let gate = &visit.app.instance.gate;
    let hidden = "You do not have permission to view this query";
    let view = gate
        .require_or::<ViewQuery>(visit.actor(), query, hidden)
        .await?;
    let author = author(visit);
    let wants_json = accepts_json(visit) || visit.query().is_present("_json");
    let permit = match StoredRunPermit::require(&author, &view).await {
        Ok(permit) => permit,
        Err(Refusal::Always(message)) => {
            let refused = StoredRun {
                ok: false,
                message: Json::String(message.to_owned()),
                is_error: true,
                redirect: None,
            };
            return Ok(match wants_json {
                true => document(&refused, StatusCode::FORBIDDEN),
                false => onward(visit, &refused, stored.on_error_redirect.as_deref()),
            });
        }
        Err(other) => return Err(other.into()),
    };
    if !query.database().entry().is_mutable {
        return Err(Fault::forbidden("Database is immutable"));
    }
    let submitted = submitted(&body::bytes(visit, body).await?)?;
    let asks_for_json = |(name, value): &(String, String)| name == "_json" && !value.is_empty();
    let wants_json = wants_json || submitted.iter().any(asks_for_json);
    let run = async move { run_stored(&author, permit, submitted).await };
    let run = match to_its_end(run).await {
        Ok(run) => run,
        // There is nothing of the query's own to tell.
        Err(fault) if wants_json && fault.status() < 500 => return Ok(problem::json(&fault)),
        Err(fault) => return Err(fault),
    };
    Ok(match (wants_json, run.ok) {
        (true, true) => document(&run, StatusCode::OK),
        (true, false) => document(&run, StatusCode::BAD_REQUEST),
        (false, _) => onward(visit, &run, run.redirect.as_deref()),
    })
}

/// What was submitted: a JSON object if it looks like one, else a form (STORED-17). Of several
/// values of the same name the last counts.
///
/// # Errors
/// 400 for what looks like JSON and is none (STORED-18).
fn submitted(bytes: &[u8]) -> Result<Vec<(String, String)>, Fault> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Fault::bad_request("The body is not encoded in UTF-8"))?;
    let text = text.trim();
    let pairs: Vec<(String, String)> = if text.starts_with('{') && text.ends_with('}') {
        let json = json_text::read_with_infinity(text)
            .map_err(|mistake| Fault::bad_request(format!("Invalid JSON: {mistake}")))?;
        let Json::Object(members) = json else {
            return Err(Fault::bad_request("JSON must be a dictionary"));
        };
        members
            .iter()
            .map(|(name, value)| (name.clone(), python_text::str(value)))
            .collect()
    } else {
        QueryString::parse(text).pairs().to_vec()
    };
    let mut last: Vec<(String, String)> = Vec::with_capacity(pairs.len());
    for (name, value) in pairs.into_iter().filter(|(name, _)| name != "csrftoken") {
        match last.iter_mut().find(|(known, _)| *known == name) {
            Some(earlier) => earlier.1 = value,
            None => last.push((name, value)),
        }
    }
    Ok(last)
}

/// What came of it as JSON (STORED-21 to STORED-23).
fn document(run: &StoredRun, status: StatusCode) -> Reply {
    let redirect = &run.redirect;
    let mut answer = match run.ok {
        true => reply::json(&json!({"ok": true, "message": run.message, "redirect": redirect})),
        false => reply::json(&json!({
            "ok": false,
            "error": run.message,
            "errors": [run.message],
            "status": status.as_u16(),
            "redirect": redirect,
        })),
    };
    *answer.status_mut() = status;
    answer
}

/// The next page tells what came of it (STORED-24).
fn onward(visit: &Visit, run: &StoredRun, to: Option<&str>) -> Reply {
    let kind = match run.is_error {
        true => MessageKind::Error,
        false => MessageKind::Info,
    };
    let messages = &visit.app.messages;
    messages.add(visit.info.id, &python_text::str(&run.message), kind);
    let to = to.filter(|to| !to.is_empty());
    reply::redirect(to.unwrap_or(&visit.info.path), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(body: &str) -> Vec<(String, String)> {
        submitted(body.as_bytes()).unwrap()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    // Proves: STORED-17, STORED-18, STORED-19
    #[test]
    fn json_and_forms_become_texts() {
        let json =
            r#" {"a": null, "b": true, "c": 5, "d": "x", "e": [1, "it's"], "csrftoken": 1} "#;
        let expected = [
            pair("a", "None"),
            pair("b", "True"),
            pair("c", "5"),
            pair("d", "x"),
            pair("e", "[1, \"it's\"]"),
        ];
        assert_eq!(pairs(json), expected);
        let form = "b=1&csrftoken=x&a=2&b=%C3%A9+3&c";
        assert_eq!(
            pairs(form),
            [pair("b", "é 3"), pair("a", "2"), pair("c", "")]
        );
        assert_eq!(pairs(""), []);
        assert_eq!(pairs("[1]"), [pair("[1]", "")]);
        for wrong in ["{bad}", "{\"a\": 1,}"] {
            let refused = submitted(wrong.as_bytes()).unwrap_err();
            assert_eq!(refused.status(), 400);
            assert!(refused.message().starts_with("Invalid JSON: "));
        }
        assert_eq!(submitted(b"a=\xff").unwrap_err().status(), 400);
    }
}
