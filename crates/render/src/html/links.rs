//! The `urls` object of templates (CTX-03).

use std::fmt;
use std::sync::Arc;

use datasette_core::Catalogue;
use datasette_core::query_string::encode_form;
use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};

use super::given::Given;
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

fn with_format(path: String, format: Option<String>) -> String {
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
        let given = Given::read(args)?;
        let need = |place: usize, name: &str| given.need(place, name);
        let format = |place: usize| given.text(place, "format");
        let url = match method {
            "instance" => match format(0)? {
                Some(format) => self.urls.path(&format!("/.{format}")),
                None => self.urls.instance(),
            },
            "path" => with_format(self.urls.path(&need(0, "path")?), format(1)?),
            "static" => {
                let path = need(0, "path")?;
                match assets::find(&path) {
                    Some(asset) => self
                        .urls
                        .path(&format!("/-/static/{path}?_hash={}", asset.hash)),
                    None => self.urls.path(&format!("/-/static/{path}")),
                }
            }
            "static_plugins" => {
                let (plugin, path) = (need(0, "plugin")?, need(1, "path")?);
                self.urls
                    .path(&format!("/-/static-plugins/{plugin}/{path}"))
            }
            "logout" => self.urls.path("/-/logout"),
            "database" => {
                let path = self.urls.database_route(&self.route(&need(0, "database")?));
                with_format(path, format(1)?)
            }
            "database_query" => {
                let path = self.urls.database_route(&self.route(&need(0, "database")?));
                let path = with_format(format!("{path}/-/query"), format(2)?);
                append(&path, &argument("sql", &need(1, "sql")?))
            }
            "table" | "query" => {
                let path = self.child(&need(0, "database")?, &need(1, method)?);
                with_format(path, format(2)?)
            }
            "row" => {
                let table = self.child(&need(0, "database")?, &need(1, "table")?);
                with_format(format!("{table}/{}", need(2, "row_path")?), format(3)?)
            }
            "row_blob" => {
                let table = self.child(&need(0, "database")?, &need(1, "table")?);
                let path = format!("{table}/{}.blob", need(2, "row_path")?);
                append(&path, &argument("_blob_column", &need(3, "column")?))
            }
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        };
        given.end()?;
        Ok(Value::from(url))
    }
}
