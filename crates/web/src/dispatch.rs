//! Every request comes in here and every answer goes out here.

use std::borrow::Cow;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, Method, Request, header};
use datasette_core::{Actor, Fault, FaultKind};
use futures_util::FutureExt;

use crate::app::App;
use crate::caching::without_referrer;
use crate::caller::Caller;
use crate::http::{ActorBefore, GivenActor};
use crate::layer::compression::{Packing, Unpacked};
use crate::layer::{caching, cors, csrf, head, telemetry, trace};
use crate::reply::{self, NoCors, Reply, Static};
use crate::route::Route;
use crate::visit::Visit;
use crate::{custom_page, messages, misses, page, plugin_routes, problem, wrap};

/// The site as a service. Routing is our own ([`Route`]): patterns have an order, names may carry
/// a format, and paths are read undecoded.
pub fn router(app: Arc<App>) -> Router {
    Router::new().fallback(answer).with_state(app)
}

async fn answer(State(app): State<Arc<App>>, request: Request<Body>) -> Reply {
    let method = request.method().clone();
    let is_packed = request.extensions().get::<Unpacked>().is_none();
    let packing = Packing::asked(&method, request.headers()).filter(|_| is_packed);
    let answering = telemetry::observed(Arc::clone(&app), request, wrapped);
    let answering = AssertUnwindSafe(answering).catch_unwind();
    let reply = match answering.await {
        Ok(reply) => reply,
        Err(panic) => problem::panicked(panic.as_ref()),
    };
    let reply = match packing {
        Some(packing) => packing.apply(reply).await,
        None => reply,
    };
    head::alone(&method, reply)
}

async fn wrapped(app: Arc<App>, request: Request<Body>) -> Reply {
    if app.wrappers.is_empty() {
        return inside(app, request).await;
    }
    let caller = caller(&request);
    let mut info = Visit::read(Arc::clone(&app), &request, &caller).info;
    // What the socket is: redirects to https are the business of wrappers, too.
    let is_secure = caller.secure.unwrap_or(app.tls);
    info.scheme = if is_secure { "https" } else { "http" }.to_owned();
    wrap::answer(app, info, request).await
}

/// Where a request comes from.
fn caller(request: &Request<Body>) -> Caller {
    let caller = request.extensions().get::<Caller>();
    caller.cloned().unwrap_or_default()
}

/// The server without what plugins put around it.
pub(crate) async fn inside(app: Arc<App>, request: Request<Body>) -> Reply {
    match trace::is_asked(&app, request.uri().query()) {
        true => trace::added(answered(app, request)).await,
        false => answered(app, request).await,
    }
}

async fn answered(app: Arc<App>, request: Request<Body>) -> Reply {
    let started = Instant::now();
    app.instance.registry.refresh_if_due().await;
    let caller = caller(&request);
    let mut visit = Visit::read(app.for_request(), &request, &caller);
    if let Some(reason) = csrf::refusal(&visit.method, &visit.headers, visit.scheme())
        && !visit.app.instance.bus.skip_csrf(&visit.hooks()).await
    {
        let mut reply = problem::cross_origin(&visit, &reason).await;
        telemetry::count(&visit, started, &mut reply);
        return reply;
    }
    let (head, body) = request.into_parts();
    let mut reply = match actor(&visit, &head.extensions).await {
        Ok(actor) => {
            visit.info.actor = actor;
            routed(&mut visit, body).await
        }
        Err(fault) => problem::reply(&visit, fault).await,
    };
    messages::send(&visit, &mut reply);
    if visit.app.cors && reply.extensions().get::<NoCors>().is_none() {
        cors::allow(&visit, &mut reply);
    }
    if reply.extensions().get::<Static>().is_none() {
        caching::finish(&visit, &mut reply);
    }
    telemetry::count(&visit, started, &mut reply);
    reply
}

/// Who asks: whom a plugin asks as, else whom plugins recognise, else whom a wrapper found
/// (HOOK-131).
async fn actor(visit: &Visit, extensions: &Extensions) -> Result<Option<Actor>, Fault> {
    if let Some(GivenActor(actor)) = extensions.get() {
        return Ok(Some(actor.clone()));
    }
    let context = visit.hooks();
    let actor = visit.app.instance.bus.actor_from_request(&context).await?;
    let before = extensions.get::<ActorBefore>();
    Ok(actor.or_else(|| before.map(|before| before.0.clone())))
}

async fn routed(visit: &mut Visit, body: Body) -> Reply {
    if let Some(mut found) = visit.app.routes.find(&visit.location.path) {
        visit.info.url_vars = std::mem::take(&mut found.url_vars);
        visit.matched = Some(Cow::Owned(std::mem::take(&mut found.written)));
        let answered = plugin_routes::answer(visit, found, body).await;
        return or_problem(visit, answered).await;
    }
    let route = Route::find(&visit.location.path, &visit.app.mounts);
    visit.info.url_vars = route.url_vars(&visit.location.path);
    visit.matched = route.pattern(&visit.app.mounts);
    match method_fault(visit, &route) {
        // What is not there answers no method; a page of the owner answers all.
        Some(reply) if is_no_table(visit, &route) => match custom_page::answer(visit).await {
            Some(answered) => or_problem(visit, answered).await,
            None => reply,
        },
        Some(reply) => reply,
        None => {
            if route.may_name_queries() {
                let bus = &visit.app.instance.bus;
                bus.canned_queries(&visit.hooks()).await;
            }
            let again = may_be_new(visit, &route).then(|| route.clone());
            let mut answered = page::answer(visit, route, body).await;
            let is_missing = matches!(&answered, Err(fault) if fault.kind() == FaultKind::NotFound);
            if let Some(route) = again.filter(|_| is_missing)
                && visit.app.instance.registry.look_for_news().await
            {
                visit.catalogue = visit.app.instance.registry.catalogue();
                answered = page::answer(visit, route, Body::empty()).await;
            }
            or_problem(visit, answered).await
        }
    }
}

/// Whether what is not found may be a table that another program made a moment ago: schemas are
/// looked at once a second (INT-27), and programs ask for what they made at once.
fn may_be_new(visit: &Visit, route: &Route) -> bool {
    let names_table = matches!(
        route,
        Route::Table { .. }
            | Route::Row { .. }
            | Route::Fragment { .. }
            | Route::Autocomplete { .. }
            | Route::Schema { table: Some(_), .. }
    );
    names_table && matches!(visit.method, Method::GET | Method::HEAD)
}

/// The answer, or that to its failure.
pub(crate) async fn or_problem(visit: &Visit, answered: Result<Reply, Fault>) -> Reply {
    match answered {
        Ok(reply) => reply,
        Err(fault) if fault.kind() == FaultKind::NotFound => not_found(visit, fault).await,
        Err(fault) => problem::reply(visit, fault).await,
    }
}

/// Where nothing is there may be something better than an error.
async fn not_found(visit: &Visit, fault: Fault) -> Reply {
    if let Some(reply) = misses::redirect(visit) {
        return reply;
    }
    match custom_page::answer(visit).await {
        Some(Ok(reply)) => reply,
        Some(Err(fault)) => problem::reply(visit, fault).await,
        None => problem::reply(visit, fault).await,
    }
}

/// `OPTIONS` and methods that a page does not answer (ROUTE-44 to ROUTE-49).
fn method_fault(visit: &Visit, route: &Route) -> Option<Reply> {
    let (reads, posts) = match route {
        Route::Count { .. } | Route::Change(_) => (false, true),
        // Tables refuse it themselves, once it is known that there is one (ROUTE-48, STORED-16).
        Route::Logout | Route::CreateToken | Route::Table { .. } => (true, true),
        Route::Tool(tool) => (true, tool.posts()),
        Route::Write { page, .. } => page.methods(),
        _ => (true, false),
    };
    match visit.method {
        Method::GET | Method::HEAD if reads => None,
        Method::POST if posts => None,
        // Only the page knows whether it is about a table or a stored query.
        Method::OPTIONS if matches!(route, Route::Table { .. }) => None,
        Method::OPTIONS => {
            let mut ok = reply::text("ok");
            let allow = match route {
                Route::Database { .. } => Some("HEAD, GET"),
                Route::Query { .. } => Some("HEAD, GET, POST"),
                _ => None,
            };
            if let Some(allow) = allow {
                reply::set(&mut ok, header::ALLOW, allow);
                ok.extensions_mut().insert(NoCors);
            }
            Some(ok)
        }
        _ if *route == Route::Unknown => None,
        _ => Some(method_not_allowed(visit, route)),
    }
}

/// Whether the route is that of a table that does not exist.
fn is_no_table(visit: &Visit, route: &Route) -> bool {
    let Route::Table {
        database, table, ..
    } = route
    else {
        return false;
    };
    let found = visit.database(database);
    !found.is_ok_and(|database| visit.table(&database, table).is_ok())
}

fn method_not_allowed(visit: &Visit, route: &Route) -> Reply {
    if matches!(route, Route::Table { .. }) && !sends_json(&visit.headers) {
        return without_referrer(reply::method_not_allowed());
    }
    let is_json = visit.location.path.ends_with(".json") || sends_json(&visit.headers);
    let mut refused = match is_json {
        true => problem::json(&Fault::new(
            FaultKind::MethodNotAllowed,
            "Method not allowed",
        )),
        false => reply::method_not_allowed(),
    };
    if matches!(route, Route::Database { .. }) {
        refused.extensions_mut().insert(NoCors);
    }
    refused
}

fn sends_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes() == b"application/json")
}
