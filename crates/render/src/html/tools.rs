//! Variables of the pages of the tools.

use datasette_core::QueryString;
use minijinja::context;
use minijinja::value::Value;
use serde_json::Value as Json;

use super::about::indented;
use super::data::data;
use crate::urls::Urls;

/// Variables that are plain data: the members of an object.
pub fn plain(variables: &Json) -> Value {
    data(variables)
}

/// A request that the API explorer offers.
#[derive(Clone, Debug)]
pub struct ExampleLink {
    /// Where it goes.
    pub path: String,
    /// What it does.
    pub label: String,
    /// The body; without one it is a `GET`.
    pub body: Option<Json>,
    /// What the address says behind `#`, in this order: `path`, `method`, `json`.
    pub members: &'static [&'static str],
}

impl ExampleLink {
    /// The explorer with this request in its form (DEBUG-49).
    fn href(&self, explorer: &str) -> String {
        let pairs = self.members.iter().map(|member| {
            let value = match *member {
                "path" => self.path.clone(),
                "method" => self.method().to_owned(),
                _ => self.body.as_ref().map(indented).unwrap_or_default(),
            };
            ((*member).to_owned(), value)
        });
        let fragment = QueryString::from_pairs(pairs.collect::<Vec<_>>()).encode();
        format!("{explorer}#{fragment}")
    }

    fn method(&self) -> &'static str {
        match self.body {
            None => "GET",
            Some(_) => "POST",
        }
    }

    fn variables(&self, explorer: &str) -> Value {
        context! {
            path => self.path.clone(),
            label => self.label.clone(),
            method => self.method(),
            json => self.body.as_ref().map(data),
            href => self.href(explorer),
        }
    }
}

/// The requests that the API explorer offers for one database.
#[derive(Clone, Debug)]
pub struct DatabaseExamples {
    /// The database.
    pub name: String,
    /// About the database itself.
    pub links: Vec<ExampleLink>,
    /// About each table, with its name.
    pub tables: Vec<(String, Vec<ExampleLink>)>,
}

/// `api_explorer.html` (DEBUG-48).
pub fn explorer(examples: &[DatabaseExamples], private: bool, urls: &Urls) -> Value {
    let page = urls.path("/-/api");
    let links = |links: &[ExampleLink]| -> Value {
        let shown: Vec<Value> = links.iter().map(|link| link.variables(&page)).collect();
        Value::from(shown)
    };
    let databases: Vec<Value> = examples
        .iter()
        .map(|database| {
            let tables: Vec<Value> = database
                .tables
                .iter()
                .map(|(name, of_table)| {
                    context! { name => name.clone(), links => links(of_table) }
                })
                .collect();
            context! {
                name => database.name.clone(),
                links => links(&database.links),
                tables => tables,
            }
        })
        .collect();
    context! {
        example_links => databases,
        // Templates of others call this with a link.
        api_path => Value::from_function(|link: Value| link.get_attr("href")),
        private => private,
    }
}
