//! What the owner of an instance wants of the Content-Security-Policy of pages: the setting
//! `content_security_policy`.

/// The directives that browsers know; another name is a mistake.
const KNOWN: [&str; 27] = [
    "base-uri",
    "child-src",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "prefetch-src",
    "report-to",
    "report-uri",
    "require-trusted-types-for",
    "sandbox",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "upgrade-insecure-requests",
    "worker-src",
    "fenced-frame-src",
];

/// The setting, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContentSecurity {
    /// Pages carry no policy.
    Off,
    /// Pages carry the policy of the server with these directives added: sources of a directive
    /// that it has already are added to its own.
    On(Vec<Directive>),
}

/// One directive of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Its name, in lower case.
    pub name: String,
    /// What it allows, as it was written.
    pub sources: Vec<String>,
}

impl Default for ContentSecurity {
    fn default() -> Self {
        Self::On(Vec::new())
    }
}

impl ContentSecurity {
    /// Reads `default`, `off`, or directives separated by `;`.
    ///
    /// # Errors
    /// A sentence about the first directive that cannot be one.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.trim() {
            "default" => return Ok(Self::default()),
            "off" => return Ok(Self::Off),
            _ => {}
        }
        let mut directives = Vec::new();
        for part in text.split(';') {
            let mut words = part.split_ascii_whitespace();
            let Some(name) = words.next().map(str::to_ascii_lowercase) else {
                continue;
            };
            if !KNOWN.contains(&name.as_str()) {
                return Err(format!("{name:?} is no directive of a policy"));
            }
            let sources: Vec<String> = words.map(str::to_owned).collect();
            // A comma would begin another policy, and other characters end the header.
            let is_source = |source: &String| {
                source
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b',')
            };
            if let Some(wrong) = sources.iter().find(|source| !is_source(source)) {
                return Err(format!("{wrong:?} is no source of {name}"));
            }
            directives.push(Directive { name, sources });
        }
        match directives.is_empty() {
            true => Err("expected default, off, or directives such as img-src 'self'".to_owned()),
            false => Ok(Self::On(directives)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_read_one_by_one() {
        assert_eq!(
            ContentSecurity::parse("default"),
            Ok(ContentSecurity::default())
        );
        assert_eq!(ContentSecurity::parse(" off "), Ok(ContentSecurity::Off));
        let directive = |name: &str, sources: &[&str]| Directive {
            name: name.to_owned(),
            sources: sources.iter().map(|source| (*source).to_owned()).collect(),
        };
        assert_eq!(
            ContentSecurity::parse(
                "IMG-SRC 'self'  https://a.example;; upgrade-insecure-requests;"
            ),
            Ok(ContentSecurity::On(vec![
                directive("img-src", &["'self'", "https://a.example"]),
                directive("upgrade-insecure-requests", &[]),
            ]))
        );
        for (text, words) in [
            ("", "expected default, off"),
            (";", "expected default, off"),
            ("on", "\"on\" is no directive"),
            ("scrpt-src 'self'", "\"scrpt-src\" is no directive"),
            ("img-src a,b", "\"a,b\" is no source of img-src"),
            ("img-src \u{e9}", "is no source of img-src"),
        ] {
            let error = ContentSecurity::parse(text).unwrap_err();
            assert!(error.contains(words), "{text:?}: {error}");
        }
    }
}
