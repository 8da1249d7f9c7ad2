//! Templates as minijinja takes them: where its operators do something else than those of Jinja2,
//! a function stands instead. Lines stay where they are, so that messages name the right ones.
//!
//! - `"%s" % value` and `a ~ b` keep what is markup, and `"…" + a` does;
//! - in templates that call `append()` and its like, lists and dictionaries can be changed.

use super::edits::{Edit, applied};
use super::operators::{CONCATENATE, FORMAT, JOIN, OWN};
use super::tokens::{Kind, Token, tokens};
use crate::html::scripting::{end_of, end_of_raw};

/// Methods that change the value they are called on.
const CHANGES: [&str; 11] = [
    ".append(",
    ".extend(",
    ".insert(",
    ".pop(",
    ".popitem(",
    ".remove(",
    ".sort(",
    ".reverse(",
    ".clear(",
    ".update(",
    ".setdefault(",
];

/// Methods of texts that give texts.
const TEXT_METHODS: [&str; 14] = [
    "capitalize",
    "center",
    "format",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "replace",
    "rjust",
    "rstrip",
    "strip",
    "title",
    "upper",
    "zfill",
];

/// Filters that make texts of texts.
const TEXT_FILTERS: [&str; 15] = [
    "capitalize",
    "center",
    "e",
    "escape",
    "forceescape",
    "format",
    "indent",
    "lower",
    "replace",
    "safe",
    "string",
    "title",
    "trim",
    "truncate",
    "upper",
];

/// Statements whose lists name templates.
const ABOUT_TEMPLATES: [&str; 4] = ["include", "extends", "import", "from"];

/// What no function can stand in for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// Where, counted from one.
    pub(crate) line: usize,
    /// What to write instead.
    pub(crate) words: String,
}

/// The template with functions in place of these operators.
///
/// # Errors
/// A macro whose argument is another one unless it is given: minijinja would leave it empty.
pub(crate) fn translated(source: &str) -> Result<String, Mistake> {
    let changes = CHANGES.iter().any(|method| source.contains(method));
    let mut edits = Vec::new();
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
        // Not closed: for the template engine to complain about.
        let Some(end) = end else { break };
        at = end;
        if kind == Some(&b'#') {
            continue;
        }
        let is_statement = kind == Some(&b'%');
        let (from, to) = inside(source, start + 2, end - 2);
        let mut statement = Statement {
            source,
            tokens: tokens(source, from, to),
            at: 0,
            changes,
            edits: Vec::new(),
        };
        if is_statement {
            match statement.word(0) {
                "raw" => {
                    at = end_of_raw(source, end).map_or(source.len(), |(_, behind)| behind);
                    continue;
                }
                word if ABOUT_TEMPLATES.contains(&word) => statement.changes = false,
                "macro" => statement.check_defaults()?,
                _ => {}
            }
            // Its first word says what it is.
            statement.at = 1;
        }
        statement.expressions();
        edits.append(&mut statement.edits);
    }
    Ok(applied(source, edits))
}

/// Without the signs that take away white space.
fn inside(source: &str, mut from: usize, mut to: usize) -> (usize, usize) {
    let bytes = source.as_bytes();
    if from < to && matches!(bytes[from], b'-' | b'+') {
        from += 1;
    }
    if from < to && matches!(bytes[to - 1], b'-' | b'+') {
        to -= 1;
    }
    (from, to)
}

/// What was read of an expression.
#[derive(Clone, Copy)]
struct Read {
    /// Where it begins and ends in the template.
    start: usize,
    end: usize,
    /// Whether it is a text, perhaps in parentheses or behind filters.
    is_text: bool,
}

struct Statement<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    at: usize,
    changes: bool,
    edits: Vec<Edit>,
}

impl Statement<'_> {
    fn word(&self, place: usize) -> &str {
        self.tokens
            .get(place)
            .map_or("", |token| &self.source[token.start..token.end])
    }

    fn is(&self, word: &str) -> bool {
        let is_text = self
            .tokens
            .get(self.at)
            .is_some_and(|token| token.kind == Kind::Text);
        !is_text && self.word(self.at) == word
    }

    fn kind(&self) -> Option<Kind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    /// Refuses `{% macro m(a, b=a) %}`.
    fn check_defaults(&self) -> Result<(), Mistake> {
        let mut names: Vec<&str> = Vec::new();
        let (mut depth, mut argument) = (0_usize, None);
        for (place, token) in self.tokens.iter().enumerate().skip(2) {
            match self.word(place) {
                "(" | "[" | "{" if token.kind == Kind::Sign => depth += 1,
                ")" | "]" | "}" if token.kind == Kind::Sign => depth = depth.saturating_sub(1),
                "," if depth == 1 => argument = None,
                name if depth == 1 && argument.is_none() => {
                    argument = Some(name);
                    names.push(name);
                }
                name if token.kind == Kind::Name && names.contains(&name) => {
                    let is_attribute = self.word(place - 1) == ".";
                    let is_keyword = self.word(place + 1) == "=";
                    let Some(argument) = argument.filter(|_| !is_attribute && !is_keyword) else {
                        continue;
                    };
                    let line = self.source[..token.start].matches('\n').count() + 1;
                    let words = format!(
                        "the default of the argument {argument} cannot be the argument {name}; \
                         leave the default out and begin the macro with \
                         {{% set {argument} = {argument}|default({name}) %}}"
                    );
                    return Err(Mistake { line, words });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// All expressions up to what closes them or the end.
    fn expressions(&mut self) {
        while self.at < self.tokens.len() {
            if self.kind() == Some(Kind::Sign) && matches!(self.word(self.at), ")" | "]" | "}") {
                return;
            }
            if self.sum().is_none() {
                self.at += 1;
            }
        }
    }

    /// Puts a call around what was read from `start` to `end`.
    fn call(&mut self, function: &str, start: usize, end: usize) {
        self.edits.push(Edit {
            from: start,
            to: start,
            text: format!("{function}("),
            first: true,
        });
        self.edits.push(Edit {
            from: end,
            to: end,
            text: ")".to_owned(),
            first: false,
        });
    }

    fn comma(&mut self, sign: Token) {
        self.edits.push(Edit {
            from: sign.start,
            to: sign.end,
            text: ",".to_owned(),
            first: false,
        });
    }

    /// `a + b - c`: where a text is part of it, the parts are joined.
    fn sum(&mut self) -> Option<Read> {
        let first = self.concatenation()?;
        let (mut whole, mut signs, mut only_plus) = (first, Vec::new(), true);
        while self.kind() == Some(Kind::Sign) && (self.is("+") || self.is("-")) {
            let sign = self.tokens[self.at];
            let before = self.at;
            only_plus &= self.is("+");
            self.at += 1;
            let Some(next) = self.concatenation() else {
                self.at = before + 1;
                return Some(whole);
            };
            signs.push(sign);
            whole.is_text |= next.is_text;
            whole.end = next.end;
        }
        if !signs.is_empty() && only_plus && whole.is_text {
            signs.into_iter().for_each(|sign| self.comma(sign));
            self.call(JOIN, whole.start, whole.end);
        }
        Some(whole)
    }

    /// `a ~ b`.
    fn concatenation(&mut self) -> Option<Read> {
        let mut whole = self.product()?;
        let mut signs = Vec::new();
        while self.is("~") {
            let sign = self.tokens[self.at];
            self.at += 1;
            let Some(next) = self.product() else { break };
            signs.push(sign);
            whole.end = next.end;
            whole.is_text = true;
        }
        if !signs.is_empty() {
            signs.into_iter().for_each(|sign| self.comma(sign));
            self.call(CONCATENATE, whole.start, whole.end);
        }
        Some(whole)
    }

    /// `a * b % c`: where the first is a text, `%` fills it in.
    fn product(&mut self) -> Option<Read> {
        let mut whole = self.power()?;
        while self.kind() == Some(Kind::Sign) {
            let sign = self.tokens[self.at];
            let is_format = match self.word(self.at) {
                "%" => whole.is_text,
                "*" | "/" | "//" => false,
                _ => break,
            };
            self.at += 1;
            let Some(next) = self.power() else { break };
            whole.end = next.end;
            if is_format {
                self.comma(sign);
                self.call(FORMAT, whole.start, whole.end);
            }
        }
        Some(whole)
    }

    fn power(&mut self) -> Option<Read> {
        let mut whole = self.operand()?;
        while self.is("**") {
            self.at += 1;
            let Some(next) = self.operand() else { break };
            whole.end = next.end;
            whole.is_text = false;
        }
        Some(whole)
    }

    /// A value with signs before it, and what hangs behind it.
    fn operand(&mut self) -> Option<Read> {
        let token = *self.tokens.get(self.at)?;
        if token.kind == Kind::Sign && matches!(self.word(self.at), "-" | "+") {
            let (before, is_plus) = (self.at, self.is("+"));
            self.at += 1;
            let Some(rest) = self.operand() else {
                self.at = before;
                return None;
            };
            if is_plus {
                // It does nothing, and minijinja does not know it.
                self.edits.push(Edit {
                    from: token.start,
                    to: token.end,
                    text: String::new(),
                    first: false,
                });
            }
            return Some(Read {
                start: token.start,
                is_text: false,
                ..rest
            });
        }
        let mut whole = self.value(token)?;
        self.tail(&mut whole);
        Some(whole)
    }

    fn value(&mut self, token: Token) -> Option<Read> {
        let mut whole = Read {
            start: token.start,
            end: token.end,
            is_text: token.kind == Kind::Text,
        };
        match (token.kind, self.word(self.at)) {
            (Kind::Sign, "(") => {
                self.at += 1;
                let first = self.sum();
                whole.is_text = self.is(")") && first.is_some_and(|first| first.is_text);
                whole.end = self.closed()?;
            }
            (Kind::Sign, "[" | "{") => {
                whole.end = self.enclosed()?;
                if self.changes {
                    self.call(OWN, whole.start, whole.end);
                }
            }
            (Kind::Sign, _) => return None,
            (
                Kind::Name,
                "if" | "elif" | "else" | "and" | "or" | "not" | "in" | "is" | "recursive"
                | "import" | "as" | "with" | "without" | "ignore" | "missing" | "context",
            ) => return None,
            (Kind::Name, "dict") if self.changes && self.word(self.at + 1) == "(" => {
                self.at += 1;
                whole.end = self.enclosed()?;
                self.call(OWN, whole.start, whole.end);
            }
            (Kind::Text, _) => {
                // Texts beside each other are one.
                while self.kind() == Some(Kind::Text) {
                    whole.end = self.tokens[self.at].end;
                    self.at += 1;
                }
            }
            _ => self.at += 1,
        }
        Some(whole)
    }

    /// From an opening sign behind the closing one; what is inside is looked at too.
    fn enclosed(&mut self) -> Option<usize> {
        self.at += 1;
        self.closed()
    }

    /// From inside behind the closing sign.
    fn closed(&mut self) -> Option<usize> {
        self.expressions();
        let close = self.tokens.get(self.at)?;
        let end = close.end;
        self.at += 1;
        Some(end)
    }

    /// Attributes, items, calls, filters and tests.
    fn tail(&mut self, whole: &mut Read) {
        let mut is_filtered = false;
        while let Some(token) = self.tokens.get(self.at).copied() {
            match (token.kind, self.word(self.at)) {
                (Kind::Sign, ".") if !is_filtered => {
                    whole.is_text &= TEXT_METHODS.contains(&self.word(self.at + 1));
                    self.at += 2;
                    whole.is_text &= self.is("(");
                }
                (Kind::Sign, "[") if !is_filtered => {
                    if self.enclosed().is_none() {
                        return;
                    }
                    whole.is_text = false;
                }
                (Kind::Sign, "(") => {
                    if self.enclosed().is_none() {
                        return;
                    }
                }
                (Kind::Sign, "|") => {
                    is_filtered = true;
                    let is_list = self.word(self.at + 1) == "list";
                    whole.is_text &= TEXT_FILTERS.contains(&self.word(self.at + 1));
                    self.at += 2;
                    while self.is(".") {
                        self.at += 2;
                    }
                    if is_list && self.changes && !self.is("(") {
                        let behind = self.tokens[self.at - 1].end;
                        self.edits.push(Edit {
                            from: behind,
                            to: behind,
                            text: format!("|{OWN}"),
                            first: false,
                        });
                    }
                }
                (Kind::Name, "is") => {
                    is_filtered = true;
                    self.at += 1;
                    if self.is("not") {
                        self.at += 1;
                    }
                    self.at += 1;
                    whole.is_text = false;
                    self.argument_of_test();
                }
                _ => break,
            }
            if let Some(last) = self.tokens.get(self.at.wrapping_sub(1)) {
                whole.end = last.end;
            }
        }
        self.at = self.at.min(self.tokens.len());
    }

    /// `is divisibleby 3`: one value without parentheses.
    fn argument_of_test(&mut self) {
        let Some(token) = self.tokens.get(self.at).copied() else {
            return;
        };
        let is_value = match token.kind {
            Kind::Sign => matches!(self.word(self.at), "[" | "{"),
            _ => true,
        };
        // A keyword is none, and then nothing was read.
        if is_value && self.value(token).is_some() {
            while self.is(".") {
                self.at += 2;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::translated;

    #[test]
    fn operators_become_functions() {
        let expected = [
            ("{{ a ~ b }}", "{{ _concatenated(a , b) }}"),
            (
                "{{ a.b('x')[0]|f(1) ~ -c.d ~ (e ~ f) }}",
                "{{ _concatenated(a.b('x')[0]|f(1) , -c.d , (_concatenated(e , f))) }}",
            ),
            (
                "{% if not a ~ b == c and d ~ e in f %}",
                "{% if not _concatenated(a , b) == c and _concatenated(d , e) in f %}",
            ),
            (
                "{% set x = '%s' % a.b(1) ~ c %}",
                "{% set x = _concatenated(_formatted('%s' , a.b(1)) , c) %}",
            ),
            (
                "{{ ('<i>%s</i>'|safe) % (a, b) }}",
                "{{ _formatted(('<i>%s</i>'|safe) , (a, b)) }}",
            ),
            ("{{ +1 - +a.b }}", "{{ 1 - a.b }}"),
            ("{{ 'a' + b + 'c' }}", "{{ _joined('a' , b , 'c') }}"),
            (
                "{{ a is divisibleby 2 ~ 'x' }}",
                "{{ _concatenated(a is divisibleby 2 , 'x') }}",
            ),
            (
                "{{ a ~ ('b' if c ~ d else 'e') if f }}",
                "{{ _concatenated(a , ('b' if _concatenated(c , d) else 'e')) if f }}",
            ),
            (
                "{{- 'a' \n ~ 1 -}}{# a ~ b #}{% raw %}{{ a ~ b }}{% endraw %}{{ c ~ d }}",
                "{{- _concatenated('a' \n , 1) -}}{# a ~ b #}{% raw %}{{ a ~ b }}{% endraw %}{{ _concatenated(c , d) }}",
            ),
            (
                "{% set l = [] %}{{ l.append({'a': [1]}) or x|list }}",
                "{% set l = _own([]) %}{{ l.append(_own({'a': _own([1])})) or x|list|_own }}",
            ),
            (
                "{% include ['a', 'b'] %}{{ l.pop() }}",
                "{% include ['a', 'b'] %}{{ l.pop() }}",
            ),
            (
                "{% macro m(a, b='x' ~ c) %}{% call(y) m('a' + b) %}",
                "{% macro m(a, b=_concatenated('x' , c)) %}{% call(y) m(_joined('a' , b)) %}",
            ),
        ];
        for (source, text) in expected {
            assert_eq!(translated(source).unwrap(), text, "{source}");
        }
    }

    #[test]
    fn what_is_the_same_in_both_stays() {
        for source in [
            "plain { text } {",
            "{{ a + b - c * 2 % 3 ** 4 // 5 }}",
            "{% for a, b in c if a % 2 recursive %}{% else %}{% endfor %}",
            "{% if -a + b > 1 %}",
            "{{ [1] + [2] }}{{ {'a': 1}['a'] }}{{ (1, 'a') % 2 }}",
            "{{ 'a'|length + 1 }}{{ ('a'|length) % 2 }}{{ 'abc'.count('a') + 1 }}",
            "{{ a ~ }}{{ ~ b }}{{ 'a' + }}{{ 'a' % }}{{ (a }}{{ a. }}{{ a| }}{{ a is }}{{ - }}",
            "{{ 'unclosed }}",
            "{% %}{{}}{{ }}{%- -%}{{--}}",
            "{{ 'é ~ \\' ~' }}",
        ] {
            assert_eq!(translated(source).unwrap(), source);
        }
    }

    #[test]
    fn defaults_that_are_other_arguments_are_refused() {
        let refused = translated("x\n{% macro m(a, b=[1, a.c]) %}").unwrap_err();
        assert_eq!(refused.line, 2);
        assert!(refused.words.contains("{% set b = b|default(a) %}"));
        for fine in [
            "{% macro m(a, b='a', c=f(a=1), d=x.a) %}",
            "{% macro m() %}",
            "{% macro m %}",
            "{% macro %}",
        ] {
            assert!(translated(fine).is_ok(), "{fine}");
        }
    }
}
