//! `/-/logout` (AUTH-35, AUTH-36).

use axum::http::{Method, header};
use datasette_core::Fault;
use datasette_hooks::{Event, MessageKind};
use datasette_render::html::page::{render, variables};

use crate::actor_cookie;
use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Asks whether to log out, or does it.
pub(crate) async fn answer(visit: &Visit) -> Result<Reply, Fault> {
    let start_page = || reply::redirect(&visit.app.urls.instance(), false);
    if visit.method == Method::POST {
        let mut reply = start_page();
        leave(visit, &mut reply).await?;
        return Ok(reply);
    }
    if visit.actor().is_none() {
        return Ok(start_page());
    }
    let base = frame::base(visit, &Way::kind("logout"), "logout.html", None).await?;
    let candidates = ["logout.html".to_owned()];
    let html = render(
        &visit.app.templates,
        &candidates,
        &base,
        variables(std::iter::empty()),
    )
    .await?;
    Ok(reply::html(html))
}

async fn leave(visit: &Visit, reply: &mut Reply) -> Result<(), Fault> {
    let instance = &visit.app.instance;
    let now = instance.clock.now();
    reply::add(reply, header::SET_COOKIE, &actor_cookie::delete(now));
    let messages = &visit.app.messages;
    messages.add(
        visit.info.id,
        "You are now logged out",
        MessageKind::Warning,
    );
    let event = Event::new("logout", visit.actor(), now);
    instance.bus.track_event(&visit.hooks(), &event).await
}
