//! What plugins add to templates.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::plugin::Answer;
use crate::template_engine::EngineOffer;

/// A function that templates call (HOOK-55).
pub trait TemplateFunction: Send + Sync {
    /// The result for these arguments.
    fn call<'a>(
        &'a self,
        arguments: Vec<TemplateValue>,
        named: IndexMap<String, TemplateValue>,
    ) -> BoxFuture<'a, Answer<TemplateValue>>;
}

/// A value in a template's context.
#[derive(Clone)]
pub enum TemplateValue {
    /// Data.
    Data(Json),
    /// HTML that is trusted.
    Html(String),
    /// A function.
    Function(Arc<dyn TemplateFunction>),
    /// What only the template engine of its plugin can use (OOP-09).
    Foreign(ForeignValue),
}

/// An object of a plugin, which knows it by a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignValue {
    /// The number.
    pub id: u64,
    /// How it looks where variables are shown (API-95).
    pub shown: String,
}

impl fmt::Debug for TemplateValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(data) => write!(formatter, "Data({data})"),
            Self::Html(html) => write!(formatter, "Html({html:?})"),
            Self::Function(_) => formatter.write_str("Function"),
            Self::Foreign(value) => write!(formatter, "Foreign({})", value.shown),
        }
    }
}

impl From<Json> for TemplateValue {
    fn from(data: Json) -> Self {
        Self::Data(data)
    }
}

/// What `prepare_jinja2_environment` adds for all templates (HOOK-32, HOOK-33).
#[derive(Clone, Debug, Default)]
pub struct TemplateAdditions {
    /// Filters by name.
    pub filters: IndexMap<String, TemplateValue>,
    /// Tests by name.
    pub tests: IndexMap<String, TemplateValue>,
    /// Global values by name.
    pub globals: IndexMap<String, TemplateValue>,
    /// The template engine of plugins that add what only it can use (OOP-08).
    pub engine: Option<EngineOffer>,
}

impl TemplateAdditions {
    /// Adds what a plugin later in call order adds; it replaces what has the same name.
    pub fn merge(&mut self, later: Self) {
        self.filters.extend(later.filters);
        self.tests.extend(later.tests);
        self.globals.extend(later.globals);
        if let Some(later) = later.engine {
            match &mut self.engine {
                Some(engine) => engine.claims.merge(later.claims),
                None => self.engine = Some(later),
            }
        }
    }
}

/// Finds templates for one request.
pub trait TemplateLoader: Send + Sync {
    /// The source of the template of that name, if this loader has it.
    fn source(&self, name: &str) -> Option<String>;

    /// Names of all its templates.
    fn names(&self) -> Vec<String>;
}

/// Templates that stand before the others for one request (HOOK-37).
#[derive(Clone)]
pub struct TemplateOverlay {
    /// Asked first.
    pub loader: Arc<dyn TemplateLoader>,
}

impl fmt::Debug for TemplateOverlay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TemplateOverlay")
    }
}
