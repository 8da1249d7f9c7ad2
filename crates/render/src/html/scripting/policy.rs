//! The text of the policy.

use datasette_core::ContentSecurity;

use super::needs::Needs;

/// The header of a page. It says nothing about images, styles, connections, forms and frames: cells,
/// templates and plugins take these from anywhere.
pub(super) fn header(wanted: &ContentSecurity, nonce: &str, needs: Needs) -> Option<String> {
    let ContentSecurity::On(added) = wanted else {
        return None;
    };
    let mut directives: Vec<(&str, Vec<String>)> = Vec::new();
    if !needs.any_inline() {
        let mut sources = vec![format!("'nonce-{nonce}'"), "'strict-dynamic'".to_owned()];
        // Browsers that know `'strict-dynamic'` pass over these; others load by them what scripts
        // load.
        sources.extend(["'self'".to_owned(), "https:".to_owned()]);
        if needs.has(Needs::FOREIGN) {
            sources.push("'unsafe-eval'".to_owned());
        }
        directives.push(("script-src", sources));
        // Only a script starts a worker, so nothing is gained by a list of places; without this
        // line the one above would stop those of plugins.
        let anywhere = ["*", "data:", "blob:"].map(str::to_owned);
        directives.push(("worker-src", anywhere.to_vec()));
    }
    if !needs.has(Needs::OBJECTS) {
        directives.push(("object-src", vec!["'none'".to_owned()]));
    }
    if !needs.has(Needs::BASE) {
        directives.push(("base-uri", vec!["'self'".to_owned()]));
    }
    for directive in added {
        let is_about_scripts = directive.name.starts_with("script-src");
        if is_about_scripts && needs.any_inline() {
            continue;
        }
        match directives
            .iter_mut()
            .find(|(name, _)| *name == directive.name)
        {
            Some((_, sources)) => sources.extend(directive.sources.iter().cloned()),
            None => directives.push((&directive.name, directive.sources.clone())),
        }
    }
    let texts: Vec<String> = directives
        .into_iter()
        .map(|(name, sources)| match sources.is_empty() {
            true => name.to_owned(),
            // Nothing and something: something.
            false if sources.len() > 1 => {
                let kept = sources.into_iter().filter(|source| source != "'none'");
                format!("{name} {}", kept.collect::<Vec<_>>().join(" "))
            }
            false => format!("{name} {}", sources.join(" ")),
        })
        .collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(setting: &str, needs: Needs) -> Option<String> {
        header(&ContentSecurity::parse(setting).unwrap(), "N", needs)
    }

    const STRICT: &str = "script-src 'nonce-N' 'strict-dynamic' 'self' https:; \
        worker-src * data: blob:; object-src 'none'; base-uri 'self'";

    #[test]
    fn the_policy_gives_way_to_what_the_page_needs() {
        assert_eq!(text("default", Needs::NONE).as_deref(), Some(STRICT));
        assert_eq!(text("off", Needs::NONE), None);
        let foreign = text("default", Needs::FOREIGN).unwrap();
        assert!(foreign.starts_with(
            "script-src 'nonce-N' 'strict-dynamic' 'self' https: 'unsafe-eval'; worker-src"
        ));
        let inline = Needs::INLINE.and(Needs::FOREIGN);
        assert_eq!(
            text("default", inline).as_deref(),
            Some("object-src 'none'; base-uri 'self'")
        );
        let all = inline.and(Needs::OBJECTS).and(Needs::BASE);
        assert_eq!(text("default", all), None);
    }

    #[test]
    fn directives_of_the_setting_are_added() {
        let setting = "script-src 'wasm-unsafe-eval'; img-src 'self' data:; object-src 'self'; \
            upgrade-insecure-requests";
        assert_eq!(
            text(setting, Needs::NONE).unwrap(),
            "script-src 'nonce-N' 'strict-dynamic' 'self' https: 'wasm-unsafe-eval'; \
             worker-src * data: blob:; object-src 'self'; base-uri 'self'; img-src 'self' data:; \
             upgrade-insecure-requests"
        );
        // What allows scripts by place only would stop those that stand in the page.
        assert_eq!(
            text(setting, Needs::INLINE).unwrap(),
            "object-src 'self'; base-uri 'self'; img-src 'self' data:; upgrade-insecure-requests"
        );
    }
}
