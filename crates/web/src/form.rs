//! The fields of a form that was sent as the body of a request.

mod multipart;

use axum::body::{Body, to_bytes};
use axum::http::header;
use datasette_core::{Fault, QueryString};

use crate::visit::Visit;

/// Forms of our own pages hold a few lines of text.
const LARGEST: usize = 4 << 20;

/// Decoded fields in their order.
#[derive(Debug)]
pub(crate) struct Form {
    fields: QueryString,
}

impl Form {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 400 when it is no form, is malformed, or is too large.
    pub(crate) async fn read(visit: &Visit, body: Body) -> Result<Self, Fault> {
        let header = visit.headers.get(header::CONTENT_TYPE);
        let content_type = header.and_then(|value| value.to_str().ok()).unwrap_or("");
        let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
        let kind = kind.trim().to_ascii_lowercase();
        let fields = match kind.as_str() {
            "application/x-www-form-urlencoded" => {
                let bytes = bytes(body).await?;
                QueryString::parse(&text(&bytes))
            }
            "multipart/form-data" => {
                let boundary = multipart::boundary(parameters)
                    .ok_or_else(|| Fault::bad_request("Missing boundary in Content-Type"))?;
                let bytes = bytes(body).await?;
                QueryString::from_pairs(multipart::fields(&bytes, &boundary)?)
            }
            "" => {
                return Err(Fault::bad_request(
                    "Missing Content-Type header; expected application/x-www-form-urlencoded or \
                     multipart/form-data",
                ));
            }
            other => {
                return Err(Fault::bad_request(format!(
                    "Unsupported Content-Type: {other}. Expected application/x-www-form-urlencoded \
                     or multipart/form-data"
                )));
            }
        };
        Ok(Self { fields })
    }

    /// The fields of an encoded text.
    #[cfg(test)]
    pub(crate) fn of(text: &str) -> Self {
        Self {
            fields: QueryString::parse(text),
        }
    }

    /// The first value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name)
    }

    /// The names of the fields in their order; a name may come more than once.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.pairs().iter().map(|(name, _)| name.as_str())
    }

    /// The first value of a field, unless it is blank.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// The first value of a field that must be there.
    ///
    /// # Errors
    /// 400 when it is not.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Fault> {
        self.get(name)
            .ok_or_else(|| Fault::bad_request(format!("The form has no field {name}")))
    }
}

async fn bytes(body: Body) -> Result<Vec<u8>, Fault> {
    let read = to_bytes(body, LARGEST).await;
    read.map(Vec::from)
        .map_err(|error| Fault::bad_request("Request body too large").caused_by(error))
}

/// Old browsers send Latin-1.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}
