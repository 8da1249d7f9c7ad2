//! Static files, built-in ones and those of mounts, and the favicon (ROUTE-03, ROUTE-04, CACHE-06
//! to CACHE-10).

use std::io::Read;

use axum::body::Body;
use axum::http::{StatusCode, header};
use bytes::Bytes;
use datasette_core::Fault;
use datasette_render::assets::{self, Asset};
use datasette_render::content_type;
use datasette_render::static_mounts::{MountedPath, NoFile};

use crate::reply::{self, Reply, Static};
use crate::visit::Visit;
use crate::{etag, file_body};

/// Files of at most so many bytes are read at once, in the visit to the disk that finds them.
const READ_AT_ONCE: u64 = 64 * 1024;

const FOLDER: &str = "403: Directory listing is not allowed";
const OUTSIDE: &str = "404: Path not inside root path";
const MISSING: &str = "404: File not found";

/// `/-/static/{path}`.
pub(crate) fn built_in(visit: &Visit, path: &str) -> Reply {
    match assets::find(path) {
        Some(asset) => hashed(visit, content(asset), asset.md5, asset.hash),
        None if assets::is_folder(path) => refused(StatusCode::FORBIDDEN, FOLDER),
        None if path.split('/').any(|part| part == "..") => refused(StatusCode::NOT_FOUND, OUTSIDE),
        None => refused(StatusCode::NOT_FOUND, MISSING),
    }
}

/// `/{mount}/{path}`.
pub(crate) async fn mounted(visit: &Visit, mount: usize, path: String) -> Result<Reply, Fault> {
    let mounts = visit.app.mounts.clone();
    let found = tokio::task::spawn_blocking(move || {
        let mut found = mounts.open(MountedPath { mount, path: &path })?;
        let mut whole = None;
        if found.size <= READ_AT_ONCE {
            let mut content = Vec::with_capacity(usize::try_from(found.size).unwrap_or(0));
            let read = found.file.read_to_end(&mut content);
            read.map_err(NoFile::Unreadable)?;
            whole = Some(content);
        }
        Ok((found, whole))
    });
    let (found, whole) = match found.await.map_err(Fault::internal)? {
        Ok(found) => found,
        Err(NoFile::Folder) => return Ok(refused(StatusCode::FORBIDDEN, FOLDER)),
        Err(NoFile::Outside) => return Ok(refused(StatusCode::NOT_FOUND, OUTSIDE)),
        Err(NoFile::Missing) => return Ok(refused(StatusCode::NOT_FOUND, MISSING)),
        Err(NoFile::Unreadable(error)) => {
            return Err(Fault::unavailable("The file cannot be read now").caused_by(error));
        }
    };
    let file = match whole {
        Some(content) => reply::with_type(found.content_type, content),
        None => {
            let body = file_body::of(found.file, found.size);
            let mut file = reply::with_type(found.content_type, body);
            reply::set(&mut file, header::CONTENT_LENGTH, &found.size.to_string());
            file
        }
    };
    let mut file = reply::guessable(file);
    mark(&mut file);
    let hashes = &found.hashes;
    Ok(hashed(visit, file, &hashes.md5, &hashes.short_sha256))
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
        content_type::of(asset.name),
        Bytes::from_static(asset.content),
    );
    mark(&mut file);
    file
}

fn mark(file: &mut Reply) {
    file.extensions_mut().insert(Static);
    file.extensions_mut().insert(reply::NoCors);
}

/// The file with what lets browsers keep it, or word that theirs is still good (CACHE-07,
/// CACHE-08).
fn hashed(visit: &Visit, mut file: Reply, md5: &str, short_sha256: &str) -> Reply {
    let etag = format!("\"{md5}\"");
    if etag::is_known(&visit.headers, &etag) {
        *file.body_mut() = Body::empty();
        *file.status_mut() = StatusCode::NOT_MODIFIED;
        file.headers_mut().remove(header::CONTENT_LENGTH);
    }
    reply::set(&mut file, header::ETAG, &etag);
    if visit.query().get("_hash") == Some(short_sha256) {
        let forever = "max-age=31536000, immutable, public";
        reply::set(&mut file, header::CACHE_CONTROL, forever);
    }
    file
}

fn refused(status: StatusCode, words: &'static str) -> Reply {
    let mut refused = reply::with_type("text/html; charset=utf-8", words);
    *refused.status_mut() = status;
    refused.extensions_mut().insert(reply::NoCors);
    refused
}
