//! The words of a template: which names, filters, tests and tags it uses, and which other templates
//! it may lead to.

use std::collections::BTreeSet;

use super::tokens::{Kind, Token, tokens};
use crate::html::scripting::{end_of, end_of_raw};

/// What a template mentions. It may mention more than it uses, never less.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mentions {
    /// Variables and global names.
    pub(crate) names: BTreeSet<String>,
    /// Filters.
    pub(crate) filters: BTreeSet<String>,
    /// Tests.
    pub(crate) tests: BTreeSet<String>,
    /// Tags.
    pub(crate) tags: BTreeSet<String>,
    /// Templates that it extends, includes and imports.
    pub(crate) templates: BTreeSet<Other>,
}

/// Another template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Other {
    /// The one of that name.
    Named(String),
    /// The one, or those, that a variable names.
    Variable(String),
    /// Any: its name is made on the way.
    Any,
}

impl Mentions {
    /// What the template of that source mentions.
    pub(crate) fn of(source: &str) -> Self {
        let mut mentions = Self::default();
        let mut at = 0;
        while let Some(start) = source[at..].find('{').map(|found| at + found) {
            let kind = source.as_bytes().get(start + 1);
            let end = match kind {
                Some(b'{') => end_of(source, start + 2, "}}"),
                Some(b'%') => end_of(source, start + 2, "%}"),
                Some(b'#') => source[start..].find("#}").map(|found| start + found + 2),
                _ => {
                    at = start + 1;
                    continue;
                }
            };
            let Some(end) = end else { break };
            at = end;
            if kind == Some(&b'#') {
                continue;
            }
            let words = source[start + 2..end - 2].trim_start_matches(['-', '+']);
            let from = end - 2 - words.len();
            let statement = Statement {
                source,
                tokens: tokens(source, from, end - 2),
            };
            if kind == Some(&b'%') {
                let tag = statement.word(0);
                if tag == "raw" {
                    at = end_of_raw(source, end).map_or(source.len(), |(_, behind)| behind);
                    continue;
                }
                mentions.tags.insert(tag.to_owned());
                if matches!(tag, "extends" | "include" | "import" | "from") {
                    statement.add_templates(&mut mentions.templates);
                }
                if tag == "filter" {
                    mentions.filters.insert(statement.word(1).to_owned());
                }
                statement.add_words(1, &mut mentions);
            } else {
                statement.add_words(0, &mut mentions);
            }
        }
        mentions
    }
}

struct Statement<'a> {
    source: &'a str,
    tokens: Vec<Token>,
}

impl Statement<'_> {
    fn word(&self, place: usize) -> &str {
        self.tokens
            .get(place)
            .map_or("", |token| &self.source[token.start..token.end])
    }

    fn add_words(&self, first: usize, mentions: &mut Mentions) {
        for (place, token) in self.tokens.iter().enumerate().skip(first) {
            if token.kind != Kind::Name {
                continue;
            }
            let word = self.word(place).to_owned();
            let before = |back: usize| match place.checked_sub(back) {
                Some(place) => self.word(place),
                None => "",
            };
            match before(1) {
                "." => {}
                "|" => drop(mentions.filters.insert(word)),
                "is" => drop(mentions.tests.insert(word)),
                "not" if before(2) == "is" => drop(mentions.tests.insert(word)),
                // The name of an argument, or one that is given a value.
                _ if self.word(place + 1) == "=" => {}
                _ => drop(mentions.names.insert(word)),
            }
        }
    }

    fn add_templates(&self, templates: &mut BTreeSet<Other>) {
        let expression = self.tokens.iter().enumerate().skip(1);
        let end = |word: &str| matches!(word, "ignore" | "with" | "without" | "as" | "import");
        let expression: Vec<(usize, Token)> = expression
            .map(|(place, token)| (place, *token))
            .take_while(|(place, token)| token.kind != Kind::Name || !end(self.word(*place)))
            .collect();
        if let [(place, token)] = expression[..]
            && token.kind == Kind::Name
        {
            templates.insert(Other::Variable(self.word(place).to_owned()));
            return;
        }
        for (place, token) in expression {
            match (token.kind, self.word(place)) {
                (Kind::Text, text) => {
                    let name = &text[1..text.len().saturating_sub(1).max(1)];
                    templates.insert(match name.contains('\\') {
                        true => Other::Any,
                        false => Other::Named(name.to_owned()),
                    });
                }
                (Kind::Sign, "[" | "]" | "(" | ")" | ",") => {}
                _ => drop(templates.insert(Other::Any)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn words_are_told_apart() {
        let mentions = Mentions::of(
            "{# hidden #}{{ a.b|f(c=d)|g }}{%- if x is not even and y is odd -%}{% endif %}\
             {% raw %}{{ no }}{% endraw %}{% set z = w %}{% markdown %}{{ 'text' ~ \"more\" }}\
             {% filter upper %}{% endfilter %}",
        );
        assert_eq!(mentions.filters, set(&["f", "g", "upper"]));
        assert_eq!(mentions.tests, set(&["even", "not", "odd"]));
        let tags = ["endfilter", "endif", "filter", "if", "markdown", "set"];
        assert_eq!(mentions.tags, set(&tags));
        for name in ["a", "d", "x", "y", "w"] {
            assert!(mentions.names.contains(name), "{name}");
        }
        for name in ["b", "c", "no", "z", "text", "more", "hidden", "f"] {
            assert!(!mentions.names.contains(name), "{name}");
        }
    }

    #[test]
    fn other_templates_are_found() {
        let of =
            |source: &str| -> Vec<Other> { Mentions::of(source).templates.into_iter().collect() };
        let named = |name: &str| Other::Named(name.to_owned());
        assert_eq!(of("{% extends 'a.html' %}"), [named("a.html")]);
        assert_eq!(
            of("{% include [\"a\", 'b'] ignore missing %}"),
            [named("a"), named("b")]
        );
        assert_eq!(
            of("{% include names without context %}"),
            [Other::Variable("names".to_owned())]
        );
        assert_eq!(
            of("{% from 'm' import a as b %}{% import 'n' as n with context %}"),
            [named("m"), named("n")]
        );
        assert!(of("{% include 'a' ~ b %}").contains(&Other::Any));
        assert!(of("{% include a.b %}").contains(&Other::Any));
        assert_eq!(of("{% include 'a\\x41' %}"), [Other::Any]);
    }
}
