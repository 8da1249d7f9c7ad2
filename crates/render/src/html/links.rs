//! The `urls` object of templates (CTX-03).

use std::fmt;
use std::sync::Arc;

use datasette_core::Catalogue;
use datasette_core::query_string::encode_form;
use minijinja::value::{Kwargs, Object, ObjectRepr, Value, from_args};
use minijinja::{Error, ErrorKind, State};

use crate::assets;
use crate::location::append;
use crate::urls::Urls;

/// Makes URLs from names, as templates call it.
#[derive(Debug)]
pub struct Links {
    urls: Urls,
    catalogue: Arc<Catalogue>,
}

impl Links {
    /// Links to what is in this catalogue.
    pub fn new(urls: Urls, catalogue: Arc<Catalogue>) -> Self {
        Self { urls, catalogue }
    }

    fn route(&self, database: &str) -> String {
        match self.catalogue.database(database) {
            Some(found) => found.route().to_owned(),
            None => database.to_owned(),
        }
    }

    fn child(&self, database: &str, name: &str) -> String {
        self.urls.child(&self.route(database), name)
    }
}

fn with_format(path: String, format: Option<&str>) -> String {
    match format {
        Some(format) => format!("{path}.{format}"),
        None => path,
    }
}

fn argument(name: &str, value: &str) -> String {
    let mut query = format!("{name}=");
    encode_form(&mut query, value);
    query
}

impl Object for Links {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("<Urls>")
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let call = Call::read(args)?;
        let format = call.format.as_deref();
        let url = match method {
            "instance" => match format.or(call.text(0)) {
                Some(format) => self.urls.path(&format!("/.{format}")),
                None => self.urls.instance(),
            },
            "path" => with_format(self.urls.path(call.need(0)?), format.or(call.text(1))),
            "static" => {
                let path = call.need(0)?;
                match assets::find(path) {
                    Some(asset) => self
                        .urls
                        .path(&format!("/-/static/{path}?_hash={}", asset.hash)),
                    None => self.urls.path(&format!("/-/static/{path}")),
                }
            }
            "static_plugins" => {
                let (plugin, path) = (call.need(0)?, call.need(1)?);
                self.urls
                    .path(&format!("/-/static-plugins/{plugin}/{path}"))
            }
            "logout" => self.urls.path("/-/logout"),
            "database" => {
                let path = self.urls.database_route(&self.route(call.need(0)?));
                with_format(path, format.or(call.text(1)))
            }
            "database_query" => {
                let path = self.urls.database_route(&self.route(call.need(0)?));
                let path = with_format(format!("{path}/-/query"), format.or(call.text(2)));
                append(&path, &argument("sql", call.need(1)?))
            }
            "table" | "query" => {
                let path = self.child(call.need(0)?, call.need(1)?);
                with_format(path, format.or(call.text(2)))
            }
            "row" => {
                let table = self.child(call.need(0)?, call.need(1)?);
                with_format(
                    format!("{table}/{}", call.need(2)?),
                    format.or(call.text(3)),
                )
            }
            "row_blob" => {
                let table = self.child(call.need(0)?, call.need(1)?);
                let path = format!("{table}/{}.blob", call.need(2)?);
                append(&path, &argument("_blob_column", call.need(3)?))
            }
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        };
        Ok(Value::from(url))
    }
}

/// The arguments of a call: text by position, and the format where it is given by name.
struct Call {
    positional: Vec<Value>,
    format: Option<String>,
}

impl Call {
    fn read(args: &[Value]) -> Result<Self, Error> {
        let (positional, options): (&[Value], Kwargs) = from_args(args)?;
        let format = options.get::<Option<String>>("format")?;
        options.assert_all_used()?;
        Ok(Self {
            positional: positional.to_vec(),
            format,
        })
    }

    fn text(&self, index: usize) -> Option<&str> {
        self.positional.get(index).and_then(Value::as_str)
    }

    fn need(&self, index: usize) -> Result<&str, Error> {
        self.text(index).ok_or_else(|| {
            Error::new(
                ErrorKind::MissingArgument,
                format!("argument {} must be text", index + 1),
            )
        })
    }
}
