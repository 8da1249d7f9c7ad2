//! `/-/auth-token`: the link that `--root` prints signs its first visitor in (AUTH-28 to AUTH-32).

use axum::http::header;
use datasette_core::Fault;
use datasette_hooks::Event;
use datasette_permissions::actor_cookie_value;

use crate::actor_cookie;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Redeems the token, once.
pub(crate) async fn answer(visit: &Visit) -> Result<Reply, Fault> {
    let mut reply = reply::redirect(&visit.app.urls.instance(), false);
    if visit.actor().and_then(|actor| actor.id()) == Some("root") {
        return Ok(reply);
    }
    let root = visit.app.root_token.redeem(visit.query().get("token"))?;
    let instance = &visit.app.instance;
    let value = actor_cookie_value(&instance.signer, &root, None);
    reply::add(&mut reply, header::SET_COOKIE, &actor_cookie::set(&value));
    let event = Event::new("login", Some(&root), instance.clock.now());
    instance.bus.track_event(&visit.hooks(), &event).await?;
    Ok(reply)
}
