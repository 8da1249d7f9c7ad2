//! The variables of a page on their way to a template engine outside of the server.

use indexmap::IndexMap;
use serde::Serialize;
use serde::ser::Serializer;
use serde_json::Value as Json;

use crate::wire::{Data, plain};

/// A variable of a page. Data is data; what templates can call has a stand-in on the other side.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PageValue {
    /// Data.
    #[serde(serialize_with = "plain")]
    Data(Json),
    /// Bytes.
    #[serde(serialize_with = "bytes")]
    Bytes(Vec<u8>),
    /// HTML that is trusted.
    Html(String),
    /// A list that holds more than data.
    List(Vec<PageValue>),
    /// A list that cannot be changed.
    Tuple(Vec<PageValue>),
    /// A dictionary that holds more than data.
    Map(IndexMap<String, PageValue>),
    /// A function without arguments that answers this.
    Returns(Box<PageValue>),
    /// What both sides have under this name, such as `urls`.
    Known(&'static str),
    /// Messages that were not shown yet: texts and kinds. Calling for them shows them.
    Messages(Vec<(String, u8)>),
    /// The rows of a table page (CTX-56).
    Rows(Box<RowsValue>),
    /// The `filters` of a table page (CTX-58): what is selected and what is on offer, as its methods
    /// answer them.
    Filters {
        /// Column, operator and value of each.
        selections: Box<PageValue>,
        /// Operator, its label and whether it takes no value.
        lookups: Box<PageValue>,
    },
    /// What a plugin gave, by its number.
    Foreign(u64),
}

/// The rows of a table page: their cells in columns, so that names cross once.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RowsValue {
    /// Name and CSS class of each column.
    pub heads: Vec<(String, String)>,
    /// For each row its identifier in URLs, as text, and its label.
    pub rows: Vec<(Option<String>, Option<String>, Option<String>)>,
    /// For each row its cells: number of the column, HTML, kind of the value, the value.
    pub cells: Vec<Vec<(usize, String, &'static str, Data)>>,
}

fn bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}
