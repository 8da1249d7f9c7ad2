//! Which facets a request and the configuration ask for.

use datasette_core::{Fault, FaultKind, QueryString};
use serde_json::Value as Json;

use crate::defaults::{PageSize, TableDefaults};
use crate::limits::Limits;
use crate::question::digits;

/// The kind of a facet. The order is that of evaluation (FACET-07).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FacetKind {
    /// Values of a column.
    Column,
    /// Dates of a column.
    Date,
    /// Items of JSON arrays in a column.
    Array,
    /// A kind that only a plugin may know; otherwise ignored (FACET-03).
    Other(String),
}

impl FacetKind {
    /// The kind of that name, as in `_facet_{name}` and in configuration.
    pub fn named(name: &str) -> Self {
        match name {
            "column" => Self::Column,
            "date" => Self::Date,
            "array" => Self::Array,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The name (FACET-18).
    pub fn name(&self) -> &str {
        match self {
            Self::Column => "column",
            Self::Date => "date",
            Self::Array => "array",
            Self::Other(name) => name,
        }
    }

    /// The argument that asks for the kind (FACET-01).
    pub fn argument(&self) -> String {
        match self {
            Self::Column => "_facet".to_owned(),
            other => format!("_facet_{}", other.name()),
        }
    }
}

/// A facet that is asked for. Whether the column exists shows when it is planned.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetRequest {
    /// The kind.
    pub kind: FacetKind,
    /// The column's name as asked.
    pub column: String,
    /// Whether configuration asks, so that visitors cannot hide it (FACET-19).
    pub configured: bool,
    /// Place in the configuration, among configured facets.
    pub place: usize,
    /// The argument and value that ask, when a visitor does (FACET-20).
    pub argument: Option<(String, String)>,
    /// The object given in place of a column name (FACET-02), for plugins' kinds.
    pub config: Option<Json>,
    problem: Option<String>,
    is_malformed: bool,
}

impl FacetRequest {
    /// A facet from configuration (FACET-05). `config` is a column name or an object with the key
    /// `column` (or `simple`).
    pub fn configured(kind: FacetKind, config: &Json) -> Self {
        let mut request = Self::empty(kind, true);
        request.read(config);
        request
    }

    /// A configured item that cannot be understood: using it fails, and it is not the visitor who
    /// is wrong (CONF-36).
    pub fn malformed() -> Self {
        let mut request = Self::empty(FacetKind::Column, true);
        request.problem = Some("Metadata config dicts should be {type: config}".to_owned());
        request.is_malformed = true;
        request
    }

    fn requested(kind: FacetKind, key: &str, value: &str) -> Self {
        let mut request = Self::empty(kind, false);
        request.argument = Some((key.to_owned(), value.to_owned()));
        if value.starts_with('{') {
            match serde_json::from_str(value) {
                Ok(config) => request.read(&config),
                Err(_) => request.problem = Some(format!("Invalid {key}={value}")),
            }
        } else {
            value.clone_into(&mut request.column);
        }
        request
    }

    fn empty(kind: FacetKind, configured: bool) -> Self {
        Self {
            kind,
            column: String::new(),
            configured,
            place: 0,
            argument: None,
            config: None,
            problem: None,
            is_malformed: false,
        }
    }

    fn read(&mut self, config: &Json) {
        if let Json::String(column) = config {
            self.column.clone_from(column);
            return;
        }
        let text = |key: &str| {
            let text = config.get(key).and_then(Json::as_str);
            text.filter(|text| !text.is_empty())
        };
        match text("column").or_else(|| text("simple")) {
            Some(column) => column.clone_into(&mut self.column),
            None => self.problem = Some(format!("Invalid facet {config}: no column")),
        }
        self.config = Some(config.clone());
    }

    /// # Errors
    /// 400 for a facet whose JSON was not understood (FACET-13), 500 for a configured one.
    pub(super) fn check(&self) -> Result<(), Fault> {
        match &self.problem {
            None => Ok(()),
            Some(problem) if self.is_malformed => {
                Err(Fault::new(FaultKind::Internal, problem.clone()))
            }
            Some(problem) => Err(Fault::bad_request(problem.clone())),
        }
    }
}

/// # Errors
/// 400 for any argument that starts with `_facet` where visitors may not facet (FACET-10).
pub(crate) fn check_allowed(arguments: &QueryString, limits: &Limits) -> Result<(), Fault> {
    let mut keys = arguments.pairs().iter().map(|(key, _)| key);
    if !limits.allow_facet && keys.any(|key| key.starts_with("_facet")) {
        return Err(Fault::bad_request("_facet= is not allowed"));
    }
    Ok(())
}

/// All facets: by kind, configured ones first (FACET-07).
pub(crate) fn requested(arguments: &QueryString, defaults: &TableDefaults) -> Vec<FacetRequest> {
    let is_facet = |key: &str| key == "_facet" || key.starts_with("_facet_");
    let mut keys: Vec<&str> = Vec::new();
    for (key, _) in arguments.pairs() {
        if is_facet(key) && key != "_facet_size" && !keys.contains(&key.as_str()) {
            keys.push(key);
        }
    }
    let mut facets = defaults.facets.clone();
    for (place, facet) in facets.iter_mut().enumerate() {
        facet.place = place;
    }
    for key in keys {
        let kind = match key.strip_prefix("_facet_") {
            Some(name) => FacetKind::named(name),
            None => FacetKind::Column,
        };
        facets.extend(
            arguments
                .get_all(key)
                .map(|value| FacetRequest::requested(kind.clone(), key, value)),
        );
    }
    facets.sort_by(|one, other| one.kind.cmp(&other.kind));
    facets
}

/// Values in a facet (FACET-33, FACET-34).
pub(crate) fn size(arguments: &QueryString, defaults: &TableDefaults, limits: &Limits) -> u32 {
    let maximum = limits.max_returned_rows;
    let asked = match arguments.get("_facet_size") {
        Some("max") => Some(maximum),
        text => digits(text),
    };
    let size = asked.unwrap_or(match defaults.facet_size {
        Some(PageSize::Rows(size)) if size > 0 => size,
        Some(PageSize::Max) => maximum,
        _ => limits.default_facet_size,
    });
    size.min(maximum)
}
