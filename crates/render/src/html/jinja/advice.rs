//! What to write instead of what templates cannot say here.

use minijinja::{Error, ErrorKind};

/// A sentence for the author of a template about an error that has a way around.
pub(crate) fn advice(error: &Error) -> Option<&'static str> {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::TooManyArguments => Some(
            "a macro takes the arguments that it names and no others, there is no varargs and no \
             kwargs: give it a list or a dictionary",
        ),
        ErrorKind::UnknownMethod if detail.contains("no method named super") => {
            Some("super() reaches the template that this one extends and no further")
        }
        ErrorKind::SyntaxError if detail.contains("unexpected `,`") => {
            Some("several values in one place need parentheses: (a, b)")
        }
        ErrorKind::InvalidOperation if detail.starts_with("tried to use % operator") => {
            Some("write text|format(value)")
        }
        _ => None,
    }
}
