//! Everything the program says, on the stream where it belongs.

use std::io::{self, IsTerminal, Write};

use crate::logging::{Form, own_line};

/// Writes a line to the standard output; a reader that went away is no failure.
pub(crate) fn say(text: &str) {
    let _ = write_out(text.as_bytes()).and_then(|()| write_out(b"\n"));
}

/// Writes bytes to the standard output.
///
/// # Errors
/// Nobody reads any more, or the disk is full.
pub(crate) fn write_out(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Writes a line to the standard error stream, where news of the server's life go (CLI-123).
pub(crate) fn tell(text: &str) {
    news("INFO", text, text);
}

/// Why the program ends without success.
pub(crate) fn fail(text: &str) {
    news("ERROR", text, text);
}

/// Writes a line to the standard error stream, in red where that is a terminal.
pub(crate) fn tell_in_red(text: &str) {
    if io::stderr().is_terminal() {
        tell(&format!("\x1b[31m{text}\x1b[0m"));
    } else {
        tell(text);
    }
}

/// News of the server's life in the form that scripts know (CLI-123).
pub(crate) fn inform(text: &str) {
    news("INFO", &format!("INFO:     {text}"), text);
}

/// A warning.
pub(crate) fn warn(text: &str) {
    news("WARN", &format!("Warning: {text}"), text);
}

/// Writes the line for people, or the words in a line for collectors of logs.
fn news(level: &str, line: &str, words: &str) {
    let mut err = io::stderr().lock();
    let _ = match Form::chosen() {
        Form::Text => writeln!(err, "{line}"),
        Form::Json => writeln!(err, "{}", own_line(level, words)),
    };
}
