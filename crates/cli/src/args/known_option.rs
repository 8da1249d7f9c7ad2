//! Which options `serve` has.

use clap::{Arg, Command, CommandFactory};

use super::serve::ServeArguments;

/// The first word that `serve` would refuse as an option it does not have. The first word may be
/// `serve` itself.
pub(crate) fn unknown_serve_option(words: &[String]) -> Option<String> {
    let command = ServeArguments::command();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            return None;
        }
        let Some((option, values)) = option(&command, word) else {
            continue;
        };
        let Some(option) = option else {
            let name = word.split('=').next().unwrap_or(word);
            return Some(name.to_owned());
        };
        let wanted = wanted(option).saturating_sub(values);
        words.by_ref().take(wanted).for_each(drop);
    }
    None
}

/// The option that a word begins with, and the number of values in the word; `None` for a word
/// that is no option, and no option for one that is not known.
fn option<'a>(command: &'a Command, word: &str) -> Option<(Option<&'a Arg>, usize)> {
    if let Some(long) = word.strip_prefix("--") {
        let (name, values) = match long.split_once('=') {
            Some((name, _)) => (name, 1),
            None => (long, 0),
        };
        let known = command
            .get_arguments()
            .find(|option| option.get_long() == Some(name));
        return Some((known, values));
    }
    let mut letters = word.strip_prefix('-')?.chars();
    let letter = letters.next()?;
    let known = command
        .get_arguments()
        .find(|option| option.get_short() == Some(letter));
    Some((known, usize::from(letters.next().is_some())))
}

fn wanted(option: &Arg) -> usize {
    if !option.get_action().takes_values() {
        return 0;
    }
    option.get_num_args().map_or(1, |range| range.min_values())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(line: &str) -> Option<String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        unknown_serve_option(&words)
    }

    #[test]
    fn values_are_not_taken_for_options() {
        for good in [
            "serve --host 0.0.0.0 -i --odd.db --cors --port $PORT",
            "-p8001 --port=8002 one.db -",
            "--setting --a --b --cors",
            "--secret=x --help -- --nosuch",
        ] {
            assert_eq!(unknown(good), None, "{good}");
        }
        for (bad, option) in [
            ("serve --nosuch", "--nosuch"),
            ("--cors --cor", "--cor"),
            ("--nosuch=1", "--nosuch"),
            ("--setting a b -z", "-z"),
        ] {
            assert_eq!(unknown(bad).as_deref(), Some(option), "{bad}");
        }
    }
}
