//! `/-/allow-debug`: does this allow block admit this actor? (DEBUG-45, PERM-11, PERM-12)

use datasette_config::AllowBlock;
use datasette_core::{Actor, Fault, json_text};
use datasette_render::html::about::indented_by;
use serde_json::{Value as Json, json};

use super::shown::{is_debugger, page};
use crate::reply::Reply;
use crate::visit::Visit;

/// One of the two fields.
struct Input {
    /// The value; what is wrong with it.
    read: Result<Json, String>,
    /// What the field shows.
    shown: String,
}

impl Input {
    fn of(visit: &Visit, name: &str, title: &str, default: &str) -> Self {
        let typed = visit.query().get(name).filter(|text| !text.is_empty());
        let text = typed.unwrap_or(default);
        match json_text::read(text) {
            Ok(value) => Self {
                shown: indented_by(&value, 4),
                read: Ok(value),
            },
            Err(mistake) => Self {
                shown: text.to_owned(),
                read: Err(format!("{title} JSON error: {mistake}")),
            },
        }
    }
}

/// The form with its result. Everybody may use it.
pub(super) async fn html(visit: &Visit) -> Result<Reply, Fault> {
    let actor = Input::of(visit, "actor", "Actor", r#"{"id": "root"}"#);
    let allow = Input::of(visit, "allow", "Allow", r#"{"id": "*"}"#);
    let (result, error) = match (&actor.read, &allow.read) {
        (Ok(actor), Ok(allow)) => match admits(actor, allow) {
            Ok(true) => (Some("True"), String::new()),
            Ok(false) => (Some("False"), String::new()),
            Err(mistake) => (None, mistake),
        },
        (one, other) => {
            let errors: Vec<&str> = [one, other]
                .into_iter()
                .filter_map(|read| read.as_ref().err().map(String::as_str))
                .collect();
            (None, errors.join("\n\n"))
        }
    };
    let variables = json!({
        "result": result,
        "error": error,
        "actor_input": actor.shown,
        "allow_input": allow.shown,
        "has_debug_permission": is_debugger(visit).await?,
    });
    page(visit, "allow_debug.html", "allow_debug", &variables).await
}

/// No block at all lets everybody in; what is no block lets nobody in (PERM-10).
fn admits(actor: &Json, allow: &Json) -> Result<bool, String> {
    let actor = match actor {
        Json::Null => None,
        Json::Object(properties) => Some(Actor::new(properties.clone())),
        _ => return Err("Actor JSON error: actor must be a JSON object or null".to_owned()),
    };
    Ok(match AllowBlock::from_json(allow) {
        Ok(None) => true,
        Ok(Some(block)) => block.allows(actor.as_ref()),
        Err(_) => false,
    })
}
