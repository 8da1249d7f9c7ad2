//! Which templates use what only the template engine of plugins has: those they extend, include and
//! import are looked at too.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use datasette_hooks::TemplateClaims;
use minijinja::value::{Value, ValueKind};
use parking_lot::Mutex;

use super::jinja::{Mentions, Other};
use super::plugin_values::Foreign;
use super::sources::{Sources, Stamp};
use crate::assets;

/// What templates mention, by where they are; files are read again once they changed.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    files: Mutex<HashMap<PathBuf, (Stamp, Arc<Mentions>)>>,
}

static BUILT_IN: LazyLock<HashMap<&'static str, Arc<Mentions>>> = LazyLock::new(|| {
    let names = assets::template_names();
    names
        .filter_map(|name| Some((name, Arc::new(Mentions::of(assets::template(name)?)))))
        .collect()
});

impl Uses {
    /// Whether the template mentions anything of the claims, or a variable that is foreign.
    pub(crate) fn any(
        &self,
        sources: &Sources,
        template: &str,
        variables: &Value,
        foreign: &BTreeSet<String>,
        claims: &TemplateClaims,
    ) -> bool {
        let nothing = TemplateClaims {
            per_request: claims.per_request,
            ..TemplateClaims::default()
        };
        if foreign.is_empty() && *claims == nothing {
            return false;
        }
        let mut seen: HashSet<String> = HashSet::new();
        let mut next = vec![template.to_owned()];
        while let Some(name) = next.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            let Some(mentions) = self.mentions(sources, &name) else {
                continue;
            };
            let claimed = !mentions.names.is_disjoint(foreign)
                || !mentions.names.is_disjoint(&claims.globals)
                || !mentions.filters.is_disjoint(&claims.filters)
                || !mentions.tests.is_disjoint(&claims.tests)
                || !mentions.tags.is_disjoint(&claims.tags);
            if claimed {
                return true;
            }
            for other in &mentions.templates {
                match other {
                    Other::Named(name) => next.push(name.clone()),
                    Other::Variable(name) => match named(variables, name) {
                        Some(names) => next.extend(names),
                        None => next.extend(sources.names()),
                    },
                    Other::Any => next.extend(sources.names()),
                }
            }
        }
        false
    }

    fn mentions(&self, sources: &Sources, name: &str) -> Option<Arc<Mentions>> {
        let built_in = name.strip_prefix("default:");
        if built_in.is_none()
            && let Some(source) = sources.overlaid(name)
        {
            return Some(Arc::new(Mentions::of(&source)));
        }
        if built_in.is_none()
            && let Some((path, stamp)) = sources.file(name)
        {
            return self.of_file(path, stamp);
        }
        BUILT_IN.get(built_in.unwrap_or(name)).cloned()
    }

    fn of_file(&self, path: PathBuf, stamp: Stamp) -> Option<Arc<Mentions>> {
        let known = self.files.lock().get(&path).cloned();
        if let Some((_, mentions)) = known.filter(|(known, _)| *known == stamp) {
            return Some(mentions);
        }
        let mentions = Arc::new(Mentions::of(&std::fs::read_to_string(&path).ok()?));
        let entry = (stamp, Arc::clone(&mentions));
        self.files.lock().insert(path, entry);
        Some(mentions)
    }
}

/// Names of the variables that only the plugins' engine can use.
pub(crate) fn foreign(extra: &[(String, Value)]) -> BTreeSet<String> {
    extra
        .iter()
        .filter(|(_, value)| value.downcast_object_ref::<Foreign>().is_some())
        .map(|(name, _)| name.clone())
        .collect()
}

/// The templates that a variable of the page names; `None` where it does not say.
fn named(variables: &Value, name: &str) -> Option<Vec<String>> {
    let value = variables.get_attr(name).ok()?;
    match value.kind() {
        ValueKind::String => Some(vec![value.as_str()?.to_owned()]),
        ValueKind::Seq => value
            .try_iter()
            .ok()?
            .map(|name| name.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    fn claims(filter: &str, tag: &str) -> TemplateClaims {
        TemplateClaims {
            filters: BTreeSet::from([filter.to_owned()]),
            tags: BTreeSet::from([tag.to_owned()]),
            ..TemplateClaims::default()
        }
    }

    // Proves: OOP-08, OOP-10
    #[test]
    fn templates_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).unwrap();
        };
        write("index.html", "{% extends 'default:index.html' %}");
        write("table.html", "{% include names %}");
        write("_deep.html", "{{ x|markdown }}");
        write("row.html", "{% include 'no' ~ 'where' %}");
        let sources = Sources::new(vec![folder.path().to_owned()]);
        let uses = Uses::default();
        let any = |template: &str, variables: Value| {
            let claims = claims("markdown", "cache");
            uses.any(&sources, template, &variables, &BTreeSet::new(), &claims)
        };
        assert!(!any("index.html", context! {}));
        assert!(!any(
            "default:table.html",
            context! { custom_table_templates => vec!["_table.html"] }
        ));
        assert!(!any(
            "table.html",
            context! { names => vec!["_table.html", "gone.html"] }
        ));
        assert!(any("table.html", context! { names => vec!["_deep.html"] }));
        assert!(any("table.html", context! { names => "_deep.html" }));
        // Nobody knows which ones: then all count.
        assert!(any("table.html", context! {}));
        assert!(any("row.html", context! {}));
        write("_deep.html", "{{ x|markdown_no_more }}");
        assert!(!any("row.html", context! {}));
        write("base.html", "{% cache %}");
        assert!(any("index.html", context! {}));
    }

    #[test]
    fn foreign_variables_count_where_they_are_mentioned() {
        let sources = Sources::new(Vec::new());
        let any = |name: &str| {
            let foreign = BTreeSet::from([name.to_owned()]);
            let claims = TemplateClaims::default();
            Uses::default().any(&sources, "index.html", &context! {}, &foreign, &claims)
        };
        assert!(any("databases"));
        assert!(!any("sql_of_a_plugin"));
    }
}
