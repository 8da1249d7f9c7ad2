//! The signed cookie that says who asks.

use std::sync::Arc;
use std::time::Duration;

use datasette_core::Actor;
use datasette_core::clock::Clock;
use datasette_core::truth::is_truthy;
use datasette_hooks::{Answer, Context, HookName, HookSet, Plugin, PluginInfo, ready};
use futures_util::future::BoxFuture;
use serde_json::{Map, Value, json};

use crate::base62;
use crate::default_plugins::built_in_info;
use crate::signing::Signer;

/// Name of the cookie (AUTH-11).
const COOKIE: &str = "ds_actor";
const NAMESPACE: &str = "actor";

/// `datasette.actor_auth_cookie`: reads the `ds_actor` cookie (AUTH-11 to AUTH-15).
pub struct ActorCookie {
    signer: Signer,
    clock: Arc<dyn Clock>,
}

impl ActorCookie {
    /// Reads cookies that `signer` signed.
    pub fn new(signer: Signer, clock: Arc<dyn Clock>) -> Self {
        Self { signer, clock }
    }

    /// The actor in a cookie's value; `None` for whatever does not verify, has expired, or is no
    /// object with an actor in it (AUTH-12 to AUTH-15).
    pub fn actor(&self, cookie: &str) -> Option<Actor> {
        let Value::Object(mut payload) = self.signer.unsign(cookie, NAMESPACE)? else {
            return None;
        };
        if let Some(expires) = payload.get("e").filter(|expires| is_truthy(expires)) {
            let expires = Duration::from_secs(base62::decode(expires.as_str()?)?);
            if self.clock.now() > expires {
                return None;
            }
        }
        match payload.remove("a")? {
            Value::Object(properties) if !properties.is_empty() => Some(Actor::new(properties)),
            _ => None,
        }
    }
}

/// The value of a cookie for an actor, valid until `expires` since the Unix epoch or for ever
/// (AUTH-11, AUTH-16).
pub fn actor_cookie_value(signer: &Signer, actor: &Actor, expires: Option<Duration>) -> String {
    let mut payload = Map::new();
    payload.insert("a".to_owned(), Value::Object(actor.properties().clone()));
    if let Some(expires) = expires {
        payload.insert("e".to_owned(), json!(base62::encode(expires.as_secs())));
    }
    signer.sign(&Value::Object(payload), NAMESPACE)
}

impl Plugin for ActorCookie {
    fn name(&self) -> &str {
        "datasette.actor_auth_cookie"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::ActorFromRequest])
    }

    fn info(&self) -> PluginInfo {
        built_in_info(self)
    }

    fn actor_from_request<'a>(
        &'a self,
        context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<Option<Actor>>> {
        let cookie = context.request().and_then(|request| request.cookie(COOKIE));
        ready(cookie.and_then(|cookie| self.actor(cookie)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasette_core::clock::FixedClock;

    fn reader(now: u64) -> ActorCookie {
        let clock = FixedClock(Duration::from_secs(now));
        ActorCookie::new(Signer::new("golden-secret"), Arc::new(clock))
    }

    fn signed(payload: &Value) -> String {
        Signer::new("golden-secret").sign(payload, NAMESPACE)
    }

    // Proves: AUTH-11, AUTH-12
    #[test]
    fn a_cookie_names_its_actor_until_it_expires() {
        let root = "eyJhIjp7ImlkIjoicm9vdCJ9fQ.LH8Ux22pLQTgAaxDn4-6vDOxtDI";
        assert_eq!(reader(0).actor(root), Some(Actor::with_id("root")));
        let brief = "eyJhIjp7ImlkIjoicm9vdCJ9LCJlIjoiQnJEQmVxIn0.VbgTNtoV09qKq1kzx2sgqg96pMc";
        assert!(reader(1_700_000_000).actor(brief).is_some());
        assert!(reader(1_700_000_001).actor(brief).is_none());
    }

    // Proves: AUTH-13, AUTH-14, AUTH-15
    #[test]
    fn whatever_is_no_actor_is_nobody() {
        let nobody = [
            json!([1]),
            json!("root"),
            json!({"id": "root"}),
            json!({"a": {}}),
            json!({"a": null}),
            json!({"a": "root"}),
            json!({"a": {"id": "root"}, "e": "not base 62!"}),
            json!({"a": {"id": "root"}, "e": 4102444800u64}),
        ];
        for payload in nobody {
            assert_eq!(reader(0).actor(&signed(&payload)), None, "{payload}");
        }
        assert_eq!(reader(0).actor("x.y"), None);
        let foreign = Signer::new("other").sign(&json!({"a": {"id": "root"}}), NAMESPACE);
        assert_eq!(reader(0).actor(&foreign), None);
        let odd = signed(&json!({"a": {"name": "no id"}, "e": null}));
        assert!(reader(0).actor(&odd).is_some());
    }

    // Proves: AUTH-11
    #[test]
    fn a_cookie_is_written_as_it_is_read() {
        let signer = Signer::new("golden-secret");
        let root = Actor::with_id("root");
        let forever = actor_cookie_value(&signer, &root, None);
        assert_eq!(
            forever,
            "eyJhIjp7ImlkIjoicm9vdCJ9fQ.LH8Ux22pLQTgAaxDn4-6vDOxtDI"
        );
        let brief = actor_cookie_value(&signer, &root, Some(Duration::from_secs(1_700_000_000)));
        assert!(reader(1_699_999_999).actor(&brief).is_some());
        assert!(reader(1_700_000_001).actor(&brief).is_none());
    }
}
