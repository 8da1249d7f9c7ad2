//! Everybody who asks: with nothing, with cookies, with tokens, good and bad ones.

use std::time::Duration;

use datasette_core::Actor;
use datasette_permissions::{Signer, actor_cookie_value};
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use serde_json::{Map, Value as Json, json};

/// How somebody shows who they are.
#[derive(Clone, Debug)]
enum Shown {
    Nothing,
    Cookie(Json),
    /// A cookie that another secret signed.
    ForgedCookie(Json),
    /// A cookie whose time is over.
    OldCookie(Json),
    Token(Json),
    ForgedToken(Json),
}

/// Somebody who asks.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) name: &'static str,
    shown: Shown,
}

/// When tokens were made. Without a lifetime they never end (TOK-05).
const LONG_AGO: u64 = 1_000;

fn object(value: &Json) -> Map<String, Json> {
    value.as_object().cloned().unwrap_or_default()
}

impl Visitor {
    fn new(name: &'static str, shown: Shown) -> Self {
        Self { name, shown }
    }

    /// Nobody in particular.
    pub(crate) fn anonymous() -> Self {
        Self::new("anonymous", Shown::Nothing)
    }

    /// Somebody with a good cookie.
    pub(crate) fn with_cookie(name: &'static str, actor: Json) -> Self {
        Self::new(name, Shown::Cookie(actor))
    }

    /// Somebody with a token of this actor that is limited to this.
    pub(crate) fn with_token(name: &'static str, id: &str, limits: Json) -> Self {
        let payload = json!({"a": id, "t": LONG_AGO, "_r": limits});
        Self::new(name, Shown::Token(payload))
    }

    /// All that the matrix lets ask. Rules let `ann` in; `one` is the database they are about.
    pub(crate) fn all() -> Vec<Self> {
        let ann = || json!({"id": "ann"});
        let views = json!([
            "view-instance",
            "vd",
            "vt",
            "vq",
            "es",
            "view-database-download"
        ]);
        vec![
            Self::anonymous(),
            Self::with_cookie("ben", json!({"id": "ben"})),
            Self::with_cookie("ann", ann()),
            Self::with_cookie("root", json!({"id": "root"})),
            Self::new(
                "an unlimited token of ann",
                Shown::Token(json!({"a": "ann", "t": LONG_AGO})),
            ),
            Self::with_token("a token of ann for viewing", "ann", json!({"a": views})),
            Self::with_token(
                "a token of ann for some of one",
                "ann",
                json!({
                    "a": ["vi"],
                    "d": {"one": ["vd", "es"]},
                    "r": {"one": {"SECRET": ["vt"], "secret_q": ["vq"], "t": ["view-table"]}},
                }),
            ),
            Self::with_token(
                "a token of ann for database one",
                "ann",
                json!({"d": {"one": ["vd", "vt", "vq", "es", "vdd"]}}),
            ),
            Self::with_token(
                "a token of ann for two",
                "ann",
                json!({"d": {"two": ["vt", "vd"]}}),
            ),
            Self::with_token("a token of root for nothing", "root", json!({})),
            Self::with_cookie(
                "a limited cookie of ann",
                json!({"id": "ann", "_r": {"r": {"one": {"t": ["vt"]}}}}),
            ),
            Self::with_cookie("limits of no shape", json!({"id": "ann", "_r": null})),
            Self::new("a forged cookie", Shown::ForgedCookie(ann())),
            Self::new("an old cookie", Shown::OldCookie(ann())),
            Self::new(
                "an expired token",
                Shown::Token(json!({"a": "ann", "t": LONG_AGO, "d": 60})),
            ),
            Self::new(
                "a forged token",
                Shown::ForgedToken(json!({"a": "ann", "t": LONG_AGO})),
            ),
        ]
    }

    /// Whether the credentials themselves are refused (TOK-09).
    pub(crate) fn is_refused(&self) -> bool {
        match &self.shown {
            Shown::ForgedToken(_) => true,
            Shown::Token(payload) => payload["d"].is_u64(),
            _ => false,
        }
    }

    /// The actor that the server should see.
    pub(crate) fn actor(&self) -> Option<Map<String, Json>> {
        match &self.shown {
            Shown::Cookie(actor) => Some(object(actor)),
            Shown::Token(payload) if !self.is_refused() => {
                let mut actor = Map::new();
                actor.insert("id".to_owned(), payload["a"].clone());
                actor.insert("token".to_owned(), json!("dstok"));
                if let Some(limits) = payload.get("_r") {
                    actor.insert("_r".to_owned(), limits.clone());
                }
                Some(actor)
            }
            _ => None,
        }
    }

    /// The header that goes with every request.
    pub(crate) fn header(&self, site: &TestSite) -> Option<(&'static str, String)> {
        let other = Signer::new("another secret");
        let cookie = |signer: &Signer, actor: &Json, expires| {
            let actor = Actor::new(object(actor));
            let value = actor_cookie_value(signer, &actor, expires);
            Some(("cookie", format!("ds_actor={value}")))
        };
        let token = |signer: &Signer, payload: &Json| {
            let signed = signer.sign(payload, "token");
            Some(("authorization", format!("Bearer dstok_{signed}")))
        };
        match &self.shown {
            Shown::Nothing => None,
            Shown::Cookie(actor) => cookie(site.signer(), actor, None),
            Shown::OldCookie(actor) => cookie(site.signer(), actor, Some(Duration::from_secs(60))),
            Shown::ForgedCookie(actor) => cookie(&other, actor, None),
            Shown::Token(payload) => token(site.signer(), payload),
            Shown::ForgedToken(payload) => token(&other, payload),
        }
    }

    /// The question as this visitor puts it.
    pub(crate) fn asks(&self, site: &TestSite, question: Question) -> Question {
        match self.header(site) {
            Some((name, value)) => question.header(name, &value),
            None => question,
        }
    }
}
