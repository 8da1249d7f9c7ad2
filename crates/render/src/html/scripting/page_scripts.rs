//! The number of one page and what its parts need.

use std::sync::OnceLock;

use datasette_core::{ContentSecurity, Fault};

use super::needs::{Collected, Needs};
use super::{markup, nonce, policy};

/// What decides on the scripts of one page. Made with the request, because plugins and cells have a
/// say before the page is rendered.
#[derive(Debug, Default)]
pub struct PageScripts {
    nonce: OnceLock<Option<String>>,
    needs: Collected,
}

impl PageScripts {
    /// The number; empty when the system has none to give.
    pub(crate) fn nonce(&self) -> &str {
        let made = self.nonce.get_or_init(|| nonce::fresh().ok());
        made.as_deref().unwrap_or_default()
    }

    /// The number, for whoever renders the page; empty when the system has none to give.
    pub fn number(&self) -> String {
        self.nonce().to_owned()
    }

    /// Notes what a part of the page needs.
    pub fn add(&self, needs: Needs) {
        self.needs.add(needs);
    }

    /// Markup that a plugin or the owner wrote for the page: its scripts run. That is safe as far
    /// as its author is trusted, who could have sent them as a file as well.
    pub fn trusted(&self, html: String, source: &str) -> String {
        if !html.contains('<') {
            return html;
        }
        let found = markup::scan(&html);
        self.note(found.needs, source);
        if found.scripts.is_empty() {
            return html;
        }
        self.add(Needs::FOREIGN);
        let attribute = format!(" nonce=\"{}\"", self.nonce());
        markup::insert(&html, &found.scripts, |_| attribute.as_str())
    }

    /// Markup that a plugin made of a cell. It never gets the number, because part of it may be the
    /// cell's text as somebody stored it. Where it brings scripts all the same, the plugin meant
    /// them to run, so the page does without a policy for scripts, as in the original: that opens
    /// only pages of plugins that let markup of cells through. A link to `javascript:` is no such
    /// sign: plugins make links of values, and nobody stores such a value with good intentions.
    pub fn cell(&self, html: &str, source: &str) {
        if !html.contains('<') {
            return;
        }
        let found = markup::scan(html);
        let needs = match found.scripts.is_empty() {
            true => found.needs,
            false => found.needs.and(Needs::INLINE),
        };
        let needs = needs.without(Needs::SCRIPT_URLS);
        self.note(needs, source);
    }

    /// The text of a script that a plugin adds to the page.
    pub fn script(&self, text: &str, source: &str) {
        self.add(Needs::FOREIGN);
        self.note(markup::scan_script(text), source);
    }

    /// An attribute of an element that a plugin describes.
    pub fn attribute(&self, name: &str, value: &str, source: &str) {
        self.note(markup::attribute(name, value), source);
    }

    fn note(&self, needs: Needs, source: &str) {
        if needs.any_inline() && !self.needs.all().any_inline() {
            super::template::warn(source);
        }
        self.add(needs);
    }

    /// The policy of the page, once it is rendered; `None` where the setting says so, or where
    /// nothing is left to forbid.
    ///
    /// # Errors
    /// The system has no randomness to give, so scripts could not be told apart.
    pub(crate) fn policy(&self, wanted: &ContentSecurity) -> Result<Option<String>, Fault> {
        if *wanted == ContentSecurity::Off {
            return Ok(None);
        }
        match self.nonce() {
            "" => Err(Fault::internal("no random numbers")),
            nonce => Ok(policy::header(wanted, nonce, self.needs.all())),
        }
    }
}
