//! Adds what Jinja2 has and minijinja has not, or has otherwise.

use minijinja::Environment;

use super::{kinds, links, list_filters, number_filters, operators, percent, text_filters};

/// Adds filters, tests and functions.
pub(crate) fn add(environment: &mut Environment<'static>) {
    text_filters::add(environment);
    list_filters::add(environment);
    number_filters::add(environment);
    kinds::add(environment);
    operators::add(environment);
    environment.add_filter("format", percent::filter);
    environment.add_filter("urlize", links::urlize);
    // It would print all variables of a page.
    environment.remove_global("debug");
}
