//! Every request comes in here and every answer goes out here.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use datasette_core::{Fault, FaultKind};

use crate::app::App;
use crate::layer::{caching, cors, csrf};
use crate::reply::{self, NoCors, Reply, Static};
use crate::route::Route;
use crate::visit::Visit;
use crate::{misses, page, problem};

/// The site as a service. Routing is our own ([`Route`]): patterns have an order, names may carry
/// a format, and paths are read undecoded.
pub fn router(app: Arc<App>) -> Router {
    Router::new().fallback(answer).with_state(app)
}

async fn answer(State(app): State<Arc<App>>, request: Request<Body>) -> Reply {
    app.instance.registry.refresh_if_due().await;
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    let mut visit = Visit::read(app, &request, peer.map(to_canonical));
    if let Some(reason) = csrf::refusal(&visit.method, &visit.headers, &visit.location.origin) {
        return problem::cross_origin(&visit, &reason);
    }
    let actor = {
        let context = visit.hooks();
        visit.app.instance.bus.actor_from_request(&context).await
    };
    let mut reply = match actor {
        Ok(actor) => {
            visit.info.actor = actor;
            routed(&visit).await
        }
        Err(fault) => problem::reply(&visit, fault).await,
    };
    if visit.app.cors && reply.extensions().get::<NoCors>().is_none() {
        cors::allow(&mut reply);
    }
    if reply.extensions().get::<Static>().is_none() {
        caching::finish(&visit, &mut reply);
    }
    reply
}

fn to_canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

async fn routed(visit: &Visit) -> Reply {
    let route = Route::parse(&visit.location.path);
    match method_fault(visit, &route) {
        Some(reply) => reply,
        None => match page::answer(visit, route).await {
            Ok(reply) => reply,
            Err(fault) if fault.kind() == FaultKind::NotFound => match misses::redirect(visit) {
                Some(reply) => reply,
                None => problem::reply(visit, fault).await,
            },
            Err(fault) => problem::reply(visit, fault).await,
        },
    }
}

/// `OPTIONS` and methods that a page does not answer (ROUTE-44 to ROUTE-49).
fn method_fault(visit: &Visit, route: &Route) -> Option<Reply> {
    let post_allowed = matches!(route, Route::Count { .. });
    match visit.method {
        Method::GET | Method::HEAD if !post_allowed => None,
        Method::POST if post_allowed => None,
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

fn method_not_allowed(visit: &Visit, route: &Route) -> Reply {
    let is_table = matches!(route, Route::Table { .. });
    let as_json =
        (visit.location.path.ends_with(".json") && !is_table) || sends_json(&visit.headers);
    if as_json {
        let fault = Fault::new(FaultKind::MethodNotAllowed, "Method not allowed");
        return problem::json(&fault);
    }
    let mut refused = reply::text("Method not allowed");
    *refused.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    if is_table { crate::caching::without_referrer(refused) } else { refused }
}

fn sends_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes() == b"application/json")
}
