use std::sync::Arc;
use std::time::Duration;

use datasette_config::Config;
use datasette_core::clock::FixedClock;
use datasette_core::{Actor, Fault};
use datasette_hooks::{Plugin, Priority, RequestInfo, ready};
use futures_util::FutureExt;
use serde_json::json;

use super::*;
use crate::default_plugins::{Authority, default_plugins};
use crate::sources::Flags;

const COOKIE: &str = "eyJhIjp7ImlkIjoicm9vdCJ9fQ.LH8Ux22pLQTgAaxDn4-6vDOxtDI";
const EXPIRED: &str =
    "dstok_eyJhIjoicm9vdCIsInQiOjE3MDAwMDAwMDAsImQiOjM2MDB9.QYqaF1fA6aTabQdgOSz06kTZx0Y";

fn authority() -> Authority {
    Authority {
        config: Arc::new(Config::default()),
        flags: Flags::default(),
        signer: Signer::new("golden-secret"),
        clock: Arc::new(FixedClock(Duration::from_secs(1_800_000_000))),
    }
}

fn token(payload: serde_json::Value) -> String {
    format!("dstok_{}", authority().signer.sign(&payload, "token"))
}

fn asks(cookie: Option<&str>, authorization: Option<&str>) -> Result<Option<Actor>, Fault> {
    asks_with(cookie, authorization, Vec::new())
}

fn asks_with(
    cookie: Option<&str>,
    authorization: Option<&str>,
    mut plugins: Vec<Arc<dyn Plugin>>,
) -> Result<Option<Actor>, Fault> {
    plugins.extend(default_plugins(&authority()));
    let bus = Bus::new(plugins);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let request = RequestInfo {
        headers: authorization
            .map(|value| pair("authorization", value))
            .into_iter()
            .collect(),
        cookies: cookie
            .map(|value| pair("ds_actor", value))
            .into_iter()
            .collect(),
        ..RequestInfo::default()
    };
    let context = bus.context(None, Some(&request));
    let asked = bus.actor_from_request(&context).now_or_never();
    asked.expect("nothing to wait for")
}

fn id(asked: Result<Option<Actor>, Fault>) -> Option<String> {
    asked
        .unwrap()
        .and_then(|actor| actor.id().map(str::to_owned))
}

// Proves: AUTH-11, AUTH-19, AUTH-20, TOK-01, TOK-08, ERR-23
#[test]
fn a_token_comes_before_a_cookie() {
    let ann = format!("Bearer {}", token(json!({"a": "ann", "t": 5})));
    assert_eq!(id(asks(Some(COOKIE), None)).as_deref(), Some("root"));
    assert_eq!(id(asks(Some(COOKIE), Some(&ann))).as_deref(), Some("ann"));
    assert_eq!(id(asks(None, Some(&ann))).as_deref(), Some("ann"));
    let ignored = [
        ann.replace("Bearer ", "bearer "),
        ann.replace("Bearer ", "Basic "),
        "Bearer something-else".to_owned(),
        "Bearer ".to_owned(),
        "Bearer".to_owned(),
    ];
    for header in ignored {
        assert_eq!(
            id(asks(Some(COOKIE), Some(&header))).as_deref(),
            Some("root")
        );
        assert_eq!(id(asks(None, Some(&header))), None);
    }
    assert_eq!(id(asks(Some("nonsense"), None)), None);
    assert_eq!(id(asks(None, None)), None);
}

// Proves: TOK-10
#[test]
fn a_refused_token_is_not_made_up_for_by_a_cookie() {
    let fault = asks(Some(COOKIE), Some(&format!("Bearer {EXPIRED}"))).unwrap_err();
    assert_eq!(fault.status(), 401);
    assert_eq!(fault.message(), "Token has expired");
    let fault = asks(None, Some("Bearer dstok_x.y")).unwrap_err();
    assert_eq!(fault.message(), "Invalid token signature");
}

#[derive(Clone)]
struct Own;

impl TokenHandler for Own {
    fn name(&self) -> &str {
        "own"
    }

    fn create_token<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _request: &'a TokenRequest,
    ) -> BoxFuture<'a, Answer<String>> {
        ready("own_1".to_owned())
    }

    fn verify_token<'a>(
        &'a self,
        _context: &'a Context<'a>,
        token: &'a str,
    ) -> BoxFuture<'a, Answer<Option<Actor>>> {
        match token {
            "own_1" => ready(Some(Actor::with_id("own"))),
            "own_2" => Box::pin(async { Err(HookError::TokenInvalid("revoked".to_owned())) }),
            _ => ready(None),
        }
    }
}

impl Plugin for Own {
    fn name(&self) -> &str {
        "own"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::RegisterTokenHandler])
    }

    fn priority(&self, _hook: HookName) -> Priority {
        Priority::First
    }

    fn register_token_handler(&self, _context: &Context<'_>) -> Answer<Vec<Arc<dyn TokenHandler>>> {
        Ok(vec![Arc::new(self.clone())])
    }
}

// Proves: TOK-42, TOK-43, HOOK-197
#[test]
fn handlers_of_plugins_are_asked_too() {
    let ask = |header: &str| asks_with(None, Some(header), vec![Arc::new(Own)]);
    assert_eq!(id(ask("Bearer own_1")).as_deref(), Some("own"));
    let refused = ask("Bearer own_2").unwrap_err();
    assert_eq!(refused.message(), "revoked");
    assert_eq!(refused.status(), 401);
    let signed = format!("Bearer {}", token(json!({"a": "ann", "t": 5})));
    assert_eq!(id(ask(&signed)).as_deref(), Some("ann"));
    let mut plugins: Vec<Arc<dyn Plugin>> = vec![Arc::new(Own)];
    plugins.extend(default_plugins(&authority()));
    let bus = Bus::new(plugins);
    let handlers = bus
        .register_token_handler(&bus.context(None, None))
        .unwrap();
    let names: Vec<_> = handlers.iter().map(|handler| handler.name()).collect();
    assert_eq!(names, ["own", "signed"]);
    let context = bus.context(None, None);
    let request = TokenRequest {
        actor_id: json!("ann"),
        expires_after: None,
        restrictions: None,
    };
    let create = |handler| {
        let created = create_with(&bus, &context, &request, handler).now_or_never();
        created.expect("nothing to wait for")
    };
    assert_eq!(create(None).unwrap(), "own_1");
    assert!(create(Some("signed")).unwrap().starts_with("dstok_"));
    assert_eq!(
        create(Some("none")).unwrap_err().to_string(),
        "Token handler 'none' not found"
    );
}

// Proves: PLUG-31
#[test]
fn the_default_plugins_have_their_names_and_hooks() {
    let listed: Vec<_> = default_plugins(&authority())
        .iter()
        .map(|plugin| plugin.info())
        .map(|info| {
            assert!(info.built_in && !info.has_static && !info.templates);
            assert_eq!(info.version, None);
            format!("{} {}", info.name, info.hooks.join(","))
        })
        .collect();
    assert_eq!(
        listed,
        [
            "datasette.actor_auth_cookie actor_from_request",
            "datasette.default_permissions permission_resources_sql",
            "datasette.default_permissions.tokens actor_from_request,register_token_handler",
            "datasette.default_permissions.sqlite_statistics permission_resources_sql",
            "datasette.default_actions register_actions",
        ]
    );
}

#[test]
fn known_actions_are_abbreviated() {
    let list = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    let mut restrictions = TokenRestrictions {
        all: list(&["view-instance", "vt", "unknown"]),
        ..TokenRestrictions::default()
    };
    let actions = list(&["insert-row"]);
    let data = "data".to_owned();
    restrictions
        .database
        .insert(data.clone(), list(&["create-table"]));
    restrictions
        .resource
        .entry(data)
        .or_default()
        .insert("t".to_owned(), actions);
    let short = abbreviate(&restrictions, &ActionTable::new([]).unwrap());
    assert_eq!(
        serde_json::to_string(&short).unwrap(),
        r#"{"a":["vi","vt","unknown"],"d":{"data":["ct"]},"r":{"data":{"t":["ir"]}}}"#
    );
}
