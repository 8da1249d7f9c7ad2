//! The parser's events, one at a time, with a bound on how many there may be.

use saphyr_parser::{Event, Parser, Span, StrInput};

use super::hint;

/// Most nesting levels of a document.
pub(crate) const MAX_DEPTH: usize = 100;
/// Most values of a document, repetitions through aliases included.
pub(crate) const MAX_VALUES: usize = 200_000;

/// Why a text is not usable, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// From 1.
    pub(crate) line: usize,
    /// From 1.
    pub(crate) column: usize,
    /// What is wrong.
    pub(crate) message: String,
}

impl Problem {
    pub(super) fn at(span: Span, message: impl Into<String>) -> Self {
        Self {
            line: span.start.line(),
            column: span.start.col() + 1,
            message: message.into(),
        }
    }

    /// The same with a place that the text has: its end, where the parser looked further.
    pub(super) fn inside(mut self, text: &str) -> Self {
        let lines = text.lines().count().max(1);
        if self.line > lines {
            self.line = lines;
            self.column = text
                .lines()
                .last()
                .map_or(1, |last| last.chars().count() + 1);
        }
        self
    }
}

/// Events of one text.
pub(super) struct Events<'t> {
    parser: Parser<'t, StrInput<'t>>,
}

impl<'t> Events<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            parser: Parser::new_from_str(text),
        }
    }

    /// The next event that matters; `StreamEnd` at the end and ever after.
    pub(super) fn next(&mut self) -> Result<(Event<'t>, Span), Problem> {
        loop {
            match self.parser.next_event() {
                None => return Ok((Event::StreamEnd, Span::default())),
                Some(Ok((Event::Nothing | Event::StreamStart, _))) => {}
                Some(Ok(event)) => return Ok(event),
                Some(Err(error)) => {
                    return Err(Problem {
                        line: error.marker().line(),
                        column: error.marker().col() + 1,
                        message: hint::with_hint(error.info()),
                    });
                }
            }
        }
    }
}
