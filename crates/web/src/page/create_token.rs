//! `/-/create-token`: makes API tokens for whoever is signed in (TOK-26 to TOK-37).

mod wanted;

use axum::body::Body;
use axum::http::Method;
use datasette_core::truth::is_truthy;
use datasette_core::{Actor, Fault};
use datasette_hooks::{Event, TokenRequest};
use datasette_permissions::{Candidate, create_with};
use datasette_render::html::context::create_token::{CreateTokenContext, Outcome};
use datasette_render::html::page::render;
use serde_json::{Value as Json, json};

use self::wanted::Wanted;
use crate::form::Form;
use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// The handler that makes the tokens of this page, whatever others there are (HOOK-198).
const HANDLER: &str = "signed";

/// Shows the form, or makes what it asks for.
pub(crate) async fn answer(visit: &Visit, body: Body) -> Result<Reply, Fault> {
    let (actor, id) = entitled(visit)?;
    if visit.method != Method::POST {
        return page(visit, Outcome::Asked).await;
    }
    let form = Form::read(visit, body).await?;
    let wanted = match Wanted::read(&form) {
        Ok(wanted) => wanted,
        Err(mistake) => return page(visit, mistake).await,
    };
    let made = make(visit, actor, id, wanted).await?;
    page(visit, made).await
}

/// Who asks, and the id that a token would stand for (TOK-26).
///
/// # Errors
/// 403 with the first reason why no token is made.
fn entitled(visit: &Visit) -> Result<(&Actor, &Json), Fault> {
    let refuse = |reason: &str| Err(Fault::forbidden(reason));
    if !visit.app.instance.config.settings.allow_signed_tokens {
        return refuse("Signed tokens are not enabled for this Datasette instance");
    }
    let Some(actor) = visit.actor() else {
        return refuse("You must be logged in to create a token");
    };
    let property = |name: &str| actor.properties().get(name);
    let Some(id) = property("id").filter(|id| is_truthy(id)) else {
        return refuse("You must be logged in as an actor with an ID to create a token");
    };
    if property("token").is_some_and(is_truthy) {
        return refuse("Token authentication cannot be used to create additional tokens");
    }
    if property("_r").is_some() {
        return refuse("Restricted actors cannot create API tokens");
    }
    Ok((actor, id))
}

/// Makes the token and tells plugins of it (TOK-35).
async fn make(visit: &Visit, actor: &Actor, id: &Json, wanted: Wanted) -> Result<Outcome, Fault> {
    let instance = &visit.app.instance;
    let Wanted {
        expires_after,
        restrictions,
    } = wanted;
    let event = Event::new("create-token", Some(actor), instance.clock.now())
        .with("expires_after", expires_after)
        .with("restrict_all", json!(restrictions.all))
        .with("restrict_database", json!(restrictions.database))
        .with("restrict_resource", json!(restrictions.resource));
    let request = TokenRequest {
        actor_id: id.clone(),
        expires_after,
        restrictions: Some(restrictions),
    };
    let hooks = visit.hooks();
    let token = create_with(&instance.bus, &hooks, &request, Some(HANDLER)).await;
    let token = token.map_err(|error| error.into_fault("a token handler", "create_token"))?;
    let signed = token.strip_prefix("dstok_");
    let payload = signed.and_then(|signed| instance.signer.unsign(signed, "token"));
    instance.bus.track_event(&hooks, &event).await?;
    Ok(Outcome::Made {
        token,
        payload: payload.unwrap_or_default(),
    })
}

async fn page(visit: &Visit, outcome: Outcome) -> Result<Reply, Fault> {
    let template = "create_token.html";
    let way = Way {
        view_name: Some("create_token"),
        ..Way::default()
    };
    let base = frame::base(visit, &way, template, None).await?;
    let shown = CreateTokenContext {
        actions: visit.app.instance.gate.actions().iter().collect(),
        databases: databases(visit).await?,
        outcome,
    };
    let candidates = [template.to_owned()];
    let html = render(&visit.app.templates, &candidates, &base, shown.variables()).await?;
    Ok(reply::html(html))
}

/// The databases that the visitor may view, each with those of its tables and views that the
/// visitor may view, in the order of names. Two questions to the plugins, however many there are.
async fn databases(visit: &Visit) -> Result<Vec<(String, Vec<String>)>, Fault> {
    let gate = &visit.app.instance.gate;
    let listed = visit.catalogue.databases();
    let listed = listed.filter(|database| database.name() != "_memory");
    let candidates = listed.map(Candidate::Database).collect();
    let shown = gate
        .allowed_among(visit.actor(), "view-database", candidates)
        .await?;
    let tables = shown.iter().filter_map(|candidate| match candidate {
        Candidate::Database(database) => Some(database.tables().map(Candidate::Table)),
        _ => None,
    });
    let tables = tables.flatten().collect();
    let tables = gate
        .allowed_among(visit.actor(), "view-table", tables)
        .await?;
    let mut found: Vec<(String, Vec<String>)> = shown
        .iter()
        .map(|database| (database.parent().to_owned(), Vec::new()))
        .collect();
    // They come in the order of their databases.
    let mut position = 0;
    for table in &tables {
        while found
            .get(position)
            .is_some_and(|(name, _)| name != table.parent())
        {
            position += 1;
        }
        if let (Some((_, names)), Some(name)) = (found.get_mut(position), table.child()) {
            names.push(name.to_owned());
        }
    }
    found.sort();
    for (_, names) in &mut found {
        names.sort();
    }
    Ok(found)
}
