//! What a call asks for as one number, made while its body comes in (WRITE-156).

use axum::http::header;
use datasette_engine::write::Request;
use sha2::{Digest as _, Sha256};

use crate::visit::Visit;

/// A call that is being read.
pub(in crate::page) struct Digest {
    head: Sha256,
    body: Sha256,
    body_bytes: u64,
}

impl Digest {
    /// Of the method, the address with its arguments, and the type of the body.
    pub(in crate::page) fn of(visit: &Visit) -> Self {
        let content_type = visit.headers.get(header::CONTENT_TYPE);
        let parts = [
            visit.method.as_str().as_bytes(),
            visit.info.path.as_bytes(),
            visit.location.raw_query.as_bytes(),
            content_type.map_or(&b""[..], |value| value.as_bytes()),
        ];
        let mut head = Sha256::new();
        for part in parts {
            head.update(part.len().to_le_bytes());
            head.update(part);
        }
        Self {
            head,
            body: Sha256::new(),
            body_bytes: 0,
        }
    }

    /// A part of the body.
    pub(in crate::page) fn note(&mut self, part: &[u8]) {
        self.body.update(part);
        self.body_bytes += part.len() as u64;
    }

    /// How much of the body came so far.
    pub(super) fn body_bytes(&self) -> u64 {
        self.body_bytes
    }

    /// The call with its whole body.
    pub(in crate::page) fn with_body(mut self) -> Request {
        self.head.update(self.body.finalize());
        Request {
            hash: self.head.finalize().into(),
            body_bytes: Some(self.body_bytes),
        }
    }

    /// A call whose body does not count.
    pub(super) fn without_body(self) -> Request {
        Request {
            hash: self.head.finalize().into(),
            body_bytes: None,
        }
    }
}
