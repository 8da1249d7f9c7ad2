//! Built-in static files and the favicon (ROUTE-03, ROUTE-04, CACHE-06 to CACHE-10).

use axum::body::Body;
use axum::http::{StatusCode, header};
use bytes::Bytes;
use datasette_core::Fault;
use datasette_render::assets::{self, Asset};

use crate::reply::{self, Reply, Static};
use crate::visit::Visit;

/// `/-/static/{path}`.
pub(crate) fn answer(visit: &Visit, path: &str) -> Reply {
    let Some(asset) = assets::find(path) else {
        if assets::is_folder(path) {
            let listing = "403: Directory listing is not allowed";
            let mut refused = reply::with_type("text/html; charset=utf-8", listing);
            *refused.status_mut() = StatusCode::FORBIDDEN;
            return refused;
        }
        let outside = path.split('/').any(|part| part == "..");
        let message = match outside {
            true => "404: Path not inside root path",
            false => "404: File not found",
        };
        let mut missing = reply::with_type("text/html; charset=utf-8", message);
        *missing.status_mut() = StatusCode::NOT_FOUND;
        return missing;
    };
    let etag = format!("\"{}\"", asset.md5);
    let known = visit
        .headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let mut file = content(asset);
    if known == Some(etag.as_str()) {
        *file.body_mut() = Body::empty();
        *file.status_mut() = StatusCode::NOT_MODIFIED;
    }
    reply::set(&mut file, header::ETAG, &etag);
    if visit.query().get("_hash") == Some(asset.hash) {
        reply::set(
            &mut file,
            header::CACHE_CONTROL,
            "max-age=31536000, immutable, public",
        );
    }
    file
}

/// `/favicon.ico`.
pub(crate) fn favicon() -> Result<Reply, Fault> {
    let asset = assets::find("favicon.png").ok_or_else(|| Fault::not_found("404"))?;
    let mut file = content(asset);
    reply::set(&mut file, header::CACHE_CONTROL, "max-age=3600, public");
    Ok(file)
}

fn content(asset: &Asset) -> Reply {
    let mut file = reply::with_type(
        assets::content_type(asset.name),
        Bytes::from_static(asset.content),
    );
    file.extensions_mut().insert(Static);
    file.extensions_mut().insert(reply::NoCors);
    file
}
