//! A Rust file as tokens: the calls it makes, and which of them stand in test code.
//!
//! Tokens instead of text, so that comments, strings and documentation never look like code.

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// What was written at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mention {
    /// `name!(...)`
    Macro(String),
    /// `.name(...)` or `::name`
    Method(String),
    /// `#[name...]`, by the last part of its path
    Attribute(String),
}

/// A mention with its line (from 1) and whether it is compiled for tests only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) mention: Mention,
    pub(crate) line: usize,
    pub(crate) in_test: bool,
}

/// What was found in one file.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub(crate) mentions: Vec<Placed>,
    /// Names of `#[cfg(test)] mod name;` declarations: files that are test code as a whole.
    pub(crate) test_modules: Vec<String>,
}

/// Reads a file. Fails on text that is not Rust.
pub(crate) fn scan(text: &str) -> Result<Scan> {
    let stream: TokenStream = text
        .parse()
        .map_err(|error| anyhow!("this is not Rust: {error}"))?;
    let mut found = Scan::default();
    walk(stream, false, &mut found);
    Ok(found)
}

fn walk(stream: TokenStream, mut in_test: bool, found: &mut Scan) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut item_is_test = false;
    let mut index = 0;
    while index < tokens.len() {
        if let Some((attribute, is_inner, length)) = attribute_at(&tokens[index..]) {
            let is_test = marks_test(attribute.stream());
            if is_inner {
                in_test |= is_test;
            } else {
                item_is_test |= is_test;
            }
            if let Some(name) = attribute_name(attribute.stream()) {
                found.mentions.push(Placed {
                    mention: Mention::Attribute(name),
                    line: attribute.span_open().start().line,
                    in_test: in_test || item_is_test,
                });
            }
            index += length;
            continue;
        }
        let now_in_test = in_test || item_is_test;
        if let Some(mention) = mention_at(&tokens, index) {
            found.mentions.push(Placed {
                mention,
                line: tokens[index].span().start().line,
                in_test: now_in_test,
            });
        }
        if item_is_test && let Some(name) = declared_module(&tokens[index..]) {
            found.test_modules.push(name);
        }
        match &tokens[index] {
            TokenTree::Group(group) => {
                walk(group.stream(), now_in_test, found);
                if group.delimiter() == Delimiter::Brace {
                    item_is_test = false;
                }
            }
            TokenTree::Punct(mark) if mark.as_char() == ';' => item_is_test = false,
            _ => {}
        }
        index += 1;
    }
}

/// `#[...]` or `#![...]` at the front: its bracket, whether it is the inner form, its length.
fn attribute_at(tokens: &[TokenTree]) -> Option<(&Group, bool, usize)> {
    if !is_mark(tokens.first(), '#') {
        return None;
    }
    let is_inner = is_mark(tokens.get(1), '!');
    let at = if is_inner { 2 } else { 1 };
    match tokens.get(at) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            Some((group, is_inner, at + 1))
        }
        _ => None,
    }
}

/// The last part of an attribute's path: `ignore`, `test` of `tokio::test`, `cfg`.
fn attribute_name(attribute: TokenStream) -> Option<String> {
    attribute
        .into_iter()
        .take_while(|token| match token {
            TokenTree::Ident(_) => true,
            TokenTree::Punct(mark) => mark.as_char() == ':',
            _ => false,
        })
        .filter_map(|token| match token {
            TokenTree::Ident(name) => Some(name.to_string()),
            _ => None,
        })
        .last()
}

/// Whether an attribute makes its item test code: `#[test]`, `#[x::test]`, `#[cfg(test)]`.
fn marks_test(attribute: TokenStream) -> bool {
    match attribute_name(attribute.clone()).as_deref() {
        Some("test") => true,
        Some("cfg") => attribute.into_iter().any(|token| match token {
            TokenTree::Group(group) => requires_test(group.stream()),
            _ => false,
        }),
        _ => false,
    }
}

/// Whether a `cfg` condition holds only under test: `test`, `all(test, ...)`, but not `not(test)`.
fn requires_test(condition: TokenStream) -> bool {
    let mut last_name = String::new();
    for token in condition {
        match token {
            TokenTree::Ident(name) if name == "test" => return true,
            TokenTree::Ident(name) => last_name = name.to_string(),
            TokenTree::Group(group) if last_name == "all" && requires_test(group.stream()) => {
                return true;
            }
            _ => {}
        }
    }
    false
}

fn mention_at(tokens: &[TokenTree], index: usize) -> Option<Mention> {
    let TokenTree::Ident(name) = &tokens[index] else {
        return None;
    };
    let name = name.to_string();
    let next = tokens.get(index + 1);
    if is_mark(next, '!') && matches!(tokens.get(index + 2), Some(TokenTree::Group(_))) {
        return Some(Mention::Macro(name));
    }
    let previous = index.checked_sub(1).and_then(|at| tokens.get(at));
    let is_called = matches!(next, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
    if (is_mark(previous, '.') && is_called) || is_mark(previous, ':') {
        return Some(Mention::Method(name));
    }
    None
}

/// `mod name;` at the front.
fn declared_module(tokens: &[TokenTree]) -> Option<String> {
    match (tokens.first()?, tokens.get(1)?, tokens.get(2)?) {
        (TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Punct(end))
            if word == "mod" && end.as_char() == ';' =>
        {
            Some(name.to_string())
        }
        _ => None,
    }
}

fn is_mark(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, mention: &Mention, in_test: bool) -> Vec<usize> {
        scan(text)
            .unwrap()
            .mentions
            .into_iter()
            .filter(|placed| placed.mention == *mention && placed.in_test == in_test)
            .map(|placed| placed.line)
            .collect()
    }

    #[test]
    fn calls_are_found_and_words_about_them_are_not() {
        let text = "/// Never `x.unwrap()`.\nfn f() {\n  let s = \"a.unwrap()\"; // b.unwrap()\n  c.unwrap();\n}\n";
        assert_eq!(lines(text, &Mention::Method("unwrap".into()), false), [4]);
    }

    #[test]
    fn test_code_is_told_from_the_rest() {
        let text = "fn f() { a.unwrap(); }\n#[cfg(test)]\nmod tests {\n  #[test]\n  fn g() { b.unwrap(); }\n}\nfn h() {\n  c.unwrap();\n}\n";
        let unwrap = Mention::Method("unwrap".into());
        assert_eq!(lines(text, &unwrap, false), [1, 8]);
        assert_eq!(lines(text, &unwrap, true), [5]);
    }

    #[test]
    fn conditions_on_test_are_read() {
        assert_eq!(
            scan("#[cfg(test)]\nmod tests;").unwrap().test_modules,
            ["tests"]
        );
        assert_eq!(
            scan("#[cfg(all(unix, test))]\nmod a;")
                .unwrap()
                .test_modules,
            ["a"]
        );
        assert!(
            scan("#[cfg(not(test))]\nmod a;")
                .unwrap()
                .test_modules
                .is_empty()
        );
        assert!(scan("#[cfg(any(test, unix))]\nmod a;").is_ok());
        assert!(
            scan("#[cfg(unix)]\nmod a;")
                .unwrap()
                .test_modules
                .is_empty()
        );
        let whole = "#![cfg(test)]\nfn f() { a.unwrap(); }";
        assert_eq!(lines(whole, &Mention::Method("unwrap".into()), true), [2]);
    }

    #[test]
    fn macros_and_attributes_are_found_and_inequality_is_no_macro() {
        let text =
            "#[test]\n#[ignore = \"slow\"]\nfn f() {\n  println!(\"x\");\n  assert!(a != (b));\n}";
        let scan = scan(text).unwrap();
        let has = |mention: Mention| scan.mentions.iter().any(|placed| placed.mention == mention);
        assert!(has(Mention::Macro("println".into())));
        assert!(has(Mention::Attribute("ignore".into())));
        assert!(!has(Mention::Macro("a".into())));
    }
}
