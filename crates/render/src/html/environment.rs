//! The template engine.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use datasette_core::{ContentSecurity, Fault, FaultKind};
use datasette_hooks::{
    EngineOffer, RequestInfo, TemplateAdditions, TemplateFiles, TemplateOverlay,
};
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};

use crate::assets;
use crate::html::scripting::{self, PageScripts};
use crate::html::sources::Sources;
use crate::html::uses::Uses;
use crate::html::{functions, jinja, plugin_values, printing};
use crate::static_mounts::StaticMounts;
use crate::urls::Urls;

/// Renders pages from templates (TPL-01, TPL-02). Cheap to clone.
#[derive(Clone)]
pub struct Templates {
    environment: Arc<Environment<'static>>,
    urls: Urls,
    mounts: StaticMounts,
    extended: Arc<OnceLock<Extended>>,
    uses: Arc<Uses>,
    sources: Sources,
    are_built_in: bool,
    policy: ContentSecurity,
}

/// With what plugins add, once they were asked.
struct Extended {
    environment: Environment<'static>,
    additions: TemplateAdditions,
    overlays: Option<Overlays>,
}

/// Asks plugins for the templates of a request.
pub type Overlays =
    Arc<dyn Fn(&RequestInfo) -> Result<Option<TemplateOverlay>, Fault> + Send + Sync>;

/// A page that was rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its markup.
    pub html: String,
    /// The Content-Security-Policy that its answer must carry, unless somebody gave it another one.
    pub policy: Option<String>,
}

impl fmt::Debug for Templates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Templates").finish_non_exhaustive()
    }
}

impl Templates {
    /// Templates are searched in `folders` in order, then among the built-in ones;
    /// `default:{name}` is always the built-in one. An edited file takes effect with the next
    /// request (TPL-16). `static()` knows the files of `mounts`. Pages carry the `policy`.
    pub fn new(
        folders: Vec<PathBuf>,
        urls: &Urls,
        mounts: &StaticMounts,
        policy: ContentSecurity,
    ) -> Self {
        let are_built_in = folders.is_empty();
        let sources = Sources::new(folders);
        Self {
            environment: Arc::new(environment(&sources, urls, mounts)),
            urls: urls.clone(),
            mounts: mounts.clone(),
            extended: Arc::default(),
            uses: Arc::default(),
            sources,
            are_built_in,
            policy,
        }
    }

    /// Adds what plugins add (HOOK-32), and the way to those that requests have (HOOK-35). Only the
    /// first call counts.
    pub fn extend(&self, additions: TemplateAdditions, overlays: Option<Overlays>) {
        let mut environment = environment(&self.sources, &self.urls, &self.mounts);
        plugin_values::add(&mut environment, &additions);
        let _ = self.extended.set(Extended {
            environment,
            additions,
            overlays,
        });
    }

    /// The template engine of plugins, where they add what needs one.
    pub fn engine(&self) -> Option<&EngineOffer> {
        self.extended.get()?.additions.engine.as_ref()
    }

    /// Whether plugins have a say in templates, request by request.
    pub fn follow_requests(&self) -> bool {
        let extended = self.extended.get();
        extended.is_some_and(|extended| {
            extended.overlays.is_some() || extended.additions.engine.is_some()
        })
    }

    /// The templates of a request: these, unless a plugin has others for it.
    ///
    /// # Errors
    /// A plugin failed.
    pub fn of_request(&self, request: Option<&RequestInfo>) -> Result<Self, Fault> {
        let extended = self.extended.get();
        let overlays = extended.and_then(|extended| extended.overlays.as_ref());
        let overlay = match overlays.zip(request) {
            Some((overlays, request)) => overlays(request)?,
            None => None,
        };
        let (Some(overlay), Some(extended)) = (overlay, extended) else {
            return Ok(self.clone());
        };
        let sources = self.sources.behind(overlay);
        let mut environment = environment(&sources, &self.urls, &self.mounts);
        plugin_values::add(&mut environment, &extended.additions);
        let own = Extended {
            environment,
            additions: extended.additions.clone(),
            overlays: None,
        };
        Ok(Self {
            extended: Arc::new(OnceLock::from(own)),
            sources,
            are_built_in: false,
            ..self.clone()
        })
    }

    /// Where the templates come from.
    pub fn files(&self) -> TemplateFiles {
        let built_in = assets::template_names();
        TemplateFiles {
            folders: self.sources.folders().to_vec(),
            built_in: built_in
                .filter_map(|name| Some((name, assets::template(name)?)))
                .collect(),
        }
    }

    /// The server's own engine, with what plugins add.
    pub(crate) fn environment(&self) -> &Environment<'static> {
        match self.extended.get() {
            Some(extended) => &extended.environment,
            None => &self.environment,
        }
    }

    /// What templates use of plugins.
    pub(crate) fn uses(&self) -> &Uses {
        &self.uses
    }

    /// Whether the owner of the instance has a template of that name.
    pub fn has_own(&self, name: &str) -> bool {
        self.sources.has(name)
    }

    /// Where templates come from.
    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Whether there are only built-in templates, which never change.
    pub fn are_built_in(&self) -> bool {
        self.are_built_in
    }

    /// The first of the candidates that exists.
    pub fn select<'a>(&self, candidates: &'a [String]) -> Option<&'a str> {
        candidates
            .iter()
            .map(String::as_str)
            .find(|name| self.environment().get_template(name).is_ok())
    }

    /// Renders one template. A failing template is our fault or its author's, never the
    /// visitor's: 500 with the cause in the log.
    ///
    /// `scripts` are those of the page, which plugins may have had a say in before.
    pub fn render(
        &self,
        name: &str,
        context: Value,
        scripts: &Arc<PageScripts>,
    ) -> Result<Page, Fault> {
        let _entered = scripting::current::enter(scripts);
        let template = self.environment().get_template(name).map_err(fault)?;
        let html = template.render(context).map_err(fault)?;
        let policy = scripts.policy(&self.policy)?;
        Ok(Page { html, policy })
    }

    /// A page that shows something else than a template of this engine.
    pub(crate) fn bare(&self, html: String, scripts: &PageScripts) -> Result<Page, Fault> {
        let policy = scripts.policy(&self.policy)?;
        Ok(Page { html, policy })
    }
}

/// The engine for templates from there.
fn environment(sources: &Sources, urls: &Urls, mounts: &StaticMounts) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Lenient);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_unknown_method_callback(jinja::call);
    let loader = sources.clone();
    environment.set_loader(move |name| loader.load(name));
    environment.set_formatter(printing::format);
    jinja::add(&mut environment);
    functions::add(&mut environment, urls, mounts);
    environment
}

fn fault(error: Error) -> Fault {
    let mut description = format!("{error:#}");
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        description.push_str(&format!(": {cause:#}"));
        source = cause.source();
    }
    // Its author sees what is wrong (cli-config/TPL-66); names of templates are no secret.
    let message = match jinja::advice(&error) {
        Some(advice) => format!("{error}; {advice}"),
        None => error.to_string(),
    };
    Fault::new(FaultKind::Internal, message).caused_by(description)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets;
    use minijinja::context;

    fn render(source: &str, context: Value) -> String {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("t.html"), source).unwrap();
        let templates = Templates::new(
            vec![folder.path().to_owned()],
            &Urls::new("/p/"),
            &StaticMounts::default(),
            ContentSecurity::default(),
        );
        templates
            .render("t.html", context, &Arc::default())
            .unwrap()
            .html
    }

    // Proves: CTX-94, CTX-95, CTX-96, CTX-98, CACHE-09
    #[test]
    fn templates_have_the_documented_filters_and_functions() {
        assert_eq!(render("{{ '1'|to_css_class }}", context! {}), "1-c4ca42");
        assert_eq!(
            render("{{ 'a b'|escape_sqlite }}", context! {}),
            "&#34;a b&#34;"
        );
        assert_eq!(render("{{ 'a b&c'|quote_plus }}", context! {}), "a+b%26c");
        assert_eq!(
            render("{{ 'a\"b'|escape_css_string }}", context! {}),
            "a\\000022b"
        );
        assert_eq!(
            render("{{ x }}{{ missing }}", context! { x => "<" }),
            "&lt;"
        );
        assert_eq!(render("{{ csrftoken() }}", context! {}), "");
        assert_eq!(
            render("{{ 0.00001 }} {{ 1 }} {{ 2.0 }}", context! {}),
            "1e-05 1 2.0"
        );
        let sheet = assets::find("app.css").unwrap();
        let expected = format!("/p/-/static/app.css?_hash={}", sheet.hash);
        assert_eq!(render("{{ static('app.css') }}", context! {}), expected);
        assert_eq!(render("{{ '{:,}'.format(1234) }}", context! {}), "1,234");
    }

    // Proves: cli-config/TPL-04, cli-config/TPL-66
    #[test]
    fn mistakes_of_authors_are_told_to_them() {
        let folder = tempfile::tempdir().unwrap();
        let templates = Templates::new(
            vec![folder.path().to_owned()],
            &Urls::new("/"),
            &StaticMounts::default(),
            ContentSecurity::default(),
        );
        let told = |name: &str, source: &str| {
            std::fs::write(folder.path().join(name), source).unwrap();
            let fault = templates
                .render(name, context! {}, &Arc::default())
                .unwrap_err();
            assert_eq!(fault.status(), 500);
            fault.message()
        };
        assert_eq!(
            told("a.html", "{{ missing.deeper }}"),
            "undefined value: `missing` is undefined (in a.html:1)"
        );
        assert_eq!(
            told("b.html", "\n{% nonsense %}"),
            "syntax error: unknown statement nonsense (in b.html:2)"
        );
        std::fs::write(folder.path().join("bytes.html"), b"\xff").unwrap();
        let message = templates
            .render("bytes.html", context! {}, &Arc::default())
            .unwrap_err()
            .message();
        assert!(!message.contains(&folder.path().display().to_string()));
    }

    // Proves: http-read/TPL-16, cli-config/TPL-03
    #[test]
    fn an_edit_takes_effect_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).unwrap();
        };
        let templates = Templates::new(
            vec![folder.path().to_owned()],
            &Urls::new("/"),
            &StaticMounts::default(),
            ContentSecurity::default(),
        );
        let page = |name: &str| {
            let page = templates.render(name, context! {}, &Arc::default());
            page.map(|page| page.html)
        };
        assert!(page("new.html").is_err());
        write("new.html", "{% include 'part.html' %}");
        write("part.html", "one");
        assert_eq!(page("new.html").unwrap(), "one");
        write("part.html", "another");
        assert_eq!(page("new.html").unwrap(), "another");
        write("new.html", "[{% include 'part.html' %}]");
        assert_eq!(page("new.html").unwrap(), "[another]");
        std::fs::remove_file(folder.path().join("part.html")).unwrap();
        assert!(page("new.html").is_err());
        // What was taken from the built-in set stays from there until a restart.
        assert!(page("_close_open_menus.html").is_ok());
        write("_close_open_menus.html", "mine");
        assert_ne!(page("_close_open_menus.html").unwrap(), "mine");
    }

    // Proves: http-read/TPL-01, http-read/TPL-02
    #[test]
    fn a_folder_overrides_and_default_reaches_the_built_in() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("error.html"), "mine").unwrap();
        let templates = Templates::new(
            vec![folder.path().to_owned()],
            &Urls::new("/"),
            &StaticMounts::default(),
            ContentSecurity::default(),
        );
        let page = templates.render("error.html", context! {}, &Arc::default());
        assert_eq!(page.unwrap().html, "mine");
        let candidates = ["nope.html".to_owned(), "error.html".to_owned()];
        assert_eq!(templates.select(&candidates), Some("error.html"));
        assert!(
            templates
                .environment
                .get_template("default:error.html")
                .is_ok()
        );
        assert!(templates.select(&["../Cargo.toml".to_owned()]).is_none());
    }
}
