//! The dialect of templates: what Jinja2 and Python's values have and minijinja has not, or has
//! otherwise.

mod advice;
mod changeable;
mod dialect;
mod edits;
mod filters;
mod kinds;
mod links;
mod list_filters;
mod markup;
mod mentions;
mod methods;
mod number_filters;
mod operators;
mod percent;
mod replacement_fields;
mod text_filters;
mod tokens;
mod words;

pub(crate) use advice::advice;
pub(crate) use dialect::{Mistake, translated};
pub(crate) use filters::add;
pub(crate) use mentions::{Mentions, Other};
pub(crate) use methods::call;
