//! Which template engine renders a page: the one rule, and the way to either.
//!
//! The server's own engine renders a page unless plugins have a say in it that only theirs can
//! follow. That is so
//!
//! 1. where plugins changed what all templates are read with: delimiters, loaders and the like,
//! 2. where the request has an environment of its own (HOOK-35),
//! 3. where the template, or one that it extends, includes or imports, mentions a filter, test, tag
//!    or name that lives with the plugins,
//! 4. where the own engine cannot read the template, which the other one may.
//!
//! Both render the same templates with the same variables, and their pages are the same.

use std::sync::atomic::Ordering;

use datasette_core::Fault;
use datasette_hooks::{EngineAnswer, EngineOffer, EnginePage, RequestInfo};
use minijinja::value::Value;

use super::environment::{Page, Templates};
use super::page::Base;
use super::scripting::{Needs, PageScripts};
use super::{exported, uses};

/// The template of a page, and whether it is known already that plugins' engine renders it.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) template: String,
    is_foreign: bool,
}

/// A page, and what its templates asked of the response.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) page: Page,
    pub(super) wishes: EngineAnswer,
}

/// What is rendered, and for whom.
#[derive(Clone)]
pub(super) struct Work<'a> {
    pub(super) templates: Templates,
    pub(super) request: Option<&'a RequestInfo>,
    /// Messages that were not shown yet, where the page has base variables.
    pub(super) base: Option<&'a Base>,
    pub(super) scripts: &'a std::sync::Arc<PageScripts>,
}

impl<'a> Work<'a> {
    /// A page with base variables.
    pub(super) fn of(templates: &Templates, base: &'a Base) -> Result<Self, Fault> {
        let request = base.info.as_ref();
        Ok(Self {
            templates: templates.of_request(request)?,
            request,
            base: Some(base),
            scripts: &base.scripts,
        })
    }

    /// The first of the candidates that exists.
    ///
    /// # Errors
    /// None does, or the plugins' engine failed.
    pub(super) async fn choose(&self, candidates: &[String]) -> Result<Chosen, Fault> {
        let none = || Fault::internal(format!("no template of {candidates:?}"));
        let sources = self.templates.sources();
        let existing = || candidates.iter().find(|name| sources.exists(name));
        let ours = |template: Option<&str>| {
            Ok(Chosen {
                template: template.ok_or_else(none)?.to_owned(),
                is_foreign: false,
            })
        };
        let Some(EngineOffer { engine, claims }) = self.templates.engine() else {
            let readable = self.templates.select(candidates);
            // Where there is only one that cannot be read, rendering it says why.
            return ours(readable.or_else(|| existing().map(String::as_str)));
        };
        if claims.everything.is_some() || (claims.per_request && self.request.is_some()) {
            let selected = engine.select(candidates, self.request).await;
            let selected = selected.map_err(failed)?;
            if claims.everything.is_some() || selected.is_own {
                return Ok(Chosen {
                    template: selected.template.ok_or_else(none)?,
                    is_foreign: true,
                });
            }
        }
        ours(existing().map(String::as_str))
    }

    /// Renders what was chosen with all its variables.
    pub(super) async fn render(&self, chosen: &Chosen, variables: Value) -> Result<Done, Fault> {
        let (templates, name) = (&self.templates, &chosen.template);
        if let Some(offer) = templates.engine()
            && (chosen.is_foreign || self.needs_plugins(offer, name, &variables))
        {
            return self.render_foreign(offer, name, &variables).await;
        }
        Ok(Done {
            page: templates.render(name, variables, self.scripts)?,
            wishes: EngineAnswer::default(),
        })
    }

    fn needs_plugins(&self, offer: &EngineOffer, template: &str, variables: &Value) -> bool {
        let foreign = self.base.map(|base| uses::foreign(&base.extra));
        let foreign = foreign.unwrap_or_default();
        let templates = &self.templates;
        let (uses, sources) = (templates.uses(), templates.sources());
        uses.any(sources, template, variables, &foreign, &offer.claims)
            || templates.environment().get_template(template).is_err()
    }

    async fn render_foreign(
        &self,
        offer: &EngineOffer,
        template: &str,
        variables: &Value,
    ) -> Result<Done, Fault> {
        let environment = self.templates.environment();
        let variables = exported::variables(environment, self.base, variables);
        let page = EnginePage {
            template,
            variables: &variables,
            request: self.request,
            nonce: self.scripts.nonce(),
        };
        let mut answer = offer.engine.render(page).await.map_err(failed)?;
        self.scripts.add(Needs::of_bits(answer.needs));
        if let Some(base) = self.base.filter(|_| answer.messages_shown) {
            base.messages_shown.store(true, Ordering::Relaxed);
        }
        let html = std::mem::take(&mut answer.html);
        Ok(Done {
            page: self.templates.bare(html, self.scripts)?,
            wishes: answer,
        })
    }
}

/// Names of all templates there are for the request, where plugins' engine knows others than the
/// server.
pub(super) async fn names(
    templates: &Templates,
    request: Option<&RequestInfo>,
) -> Result<Option<Vec<String>>, Fault> {
    match templates.engine() {
        Some(EngineOffer { engine, claims })
            if claims.everything.is_some() || (claims.per_request && request.is_some()) =>
        {
            Ok(Some(engine.names(request).await.map_err(failed)?))
        }
        _ => Ok(None),
    }
}

fn failed(error: datasette_hooks::HookError) -> Fault {
    error.into_fault("the template engine of plugins", "render_template")
}
