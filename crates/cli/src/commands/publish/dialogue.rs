//! Questions to the user, and news in colour.

use std::io::{self, BufRead, IsTerminal};

use crate::failure::Failure;
use crate::output;

/// Asks until something is answered.
///
/// # Errors
/// Nobody answers any more.
pub(super) fn ask(question: &str) -> Result<String, Failure> {
    loop {
        let answer = answer(&format!("{question}: "))?;
        if !answer.is_empty() {
            return Ok(answer);
        }
    }
}

/// Asks for consent; no answer means no.
///
/// # Errors
/// It is not given.
pub(super) fn confirm(question: &str) -> Result<(), Failure> {
    loop {
        match answer(&format!("{question} [y/N]: "))?
            .to_lowercase()
            .as_str()
        {
            "y" | "yes" => return Ok(()),
            "" | "n" | "no" => return Err(Failure::aborted()),
            _ => output::say("Error: invalid input"),
        }
    }
}

fn answer(question: &str) -> Result<String, Failure> {
    output::write_out(question.as_bytes()).map_err(|_| Failure::aborted())?;
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(0) | Err(_) => Err(Failure::aborted()),
        Ok(_) => Ok(line.trim().to_owned()),
    }
}

/// White on red where the standard error stream is a terminal.
pub(super) fn alarming(text: &str) -> String {
    if io::stderr().is_terminal() {
        format!("\x1b[37m\x1b[41m\x1b[1m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}
