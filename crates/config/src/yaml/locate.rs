//! On which line of a text a key stands, for error messages.

use saphyr_parser::Event;

use super::events::Events;

/// How many steps of `path` were found, and the line, from 1, of the last of them; items of lists
/// are counted from 0. `None` when not even the first was found.
pub(crate) fn line_of(text: &str, path: &[String]) -> Option<(usize, usize)> {
    let mut events = Events::new(text);
    let mut found = None;
    let _ = follow(&mut events, path, &mut found);
    found
}

/// Goes as far as the path and the text lead.
fn follow(
    events: &mut Events<'_>,
    path: &[String],
    found: &mut Option<(usize, usize)>,
) -> Option<()> {
    let Event::DocumentStart(_) = events.next().ok()?.0 else {
        return None;
    };
    let mut node = events.next().ok()?.0;
    for (steps, step) in path.iter().enumerate() {
        let line = match node {
            Event::MappingStart(..) => Some(find_key(events, step)?),
            Event::SequenceStart(..) => {
                for _ in 0..step.parse::<usize>().ok()? {
                    let item = events.next().ok()?.0;
                    if item == Event::SequenceEnd {
                        return None;
                    }
                    skip(events, &item)?;
                }
                None
            }
            _ => return None,
        };
        let (event, span) = events.next().ok()?;
        if event == Event::SequenceEnd {
            return None;
        }
        *found = Some((steps + 1, line.unwrap_or(span.start.line())));
        node = event;
    }
    Some(())
}

/// The line of a key of a mapping that was just entered.
fn find_key(events: &mut Events<'_>, step: &str) -> Option<usize> {
    loop {
        let (key, span) = events.next().ok()?;
        match key {
            Event::MappingEnd => return None,
            Event::Scalar(text, ..) if text == step => return Some(span.start.line()),
            key => {
                skip(events, &key)?;
                let value = events.next().ok()?.0;
                skip(events, &value)?;
            }
        }
    }
}

/// Skips what belongs to an event that was just read.
fn skip(events: &mut Events<'_>, event: &Event<'_>) -> Option<()> {
    let mut depth = match event {
        Event::SequenceStart(..) | Event::MappingStart(..) => 1,
        Event::Scalar(..) | Event::Alias(_) => 0,
        _ => return None,
    };
    while depth > 0 {
        match events.next().ok()?.0 {
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => depth -= 1,
            Event::StreamEnd => return None,
            _ => {}
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::line_of;

    fn line(text: &str, path: &str) -> Option<(usize, usize)> {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        line_of(text, &path)
    }

    #[test]
    fn keys_are_found_in_yaml_and_json() {
        let yaml = "a:\n- {x: 1}\n- b: 2\n  c: 3\nsettings:\n  one: 1\n  two: 2\n";
        assert_eq!(line(yaml, "settings.two"), Some((2, 7)));
        assert_eq!(line(yaml, "a.1.c"), Some((3, 4)));
        assert_eq!(line(yaml, "a.0"), Some((2, 2)));
        assert_eq!(line(yaml, "a.2"), Some((1, 1)));
        assert_eq!(line(yaml, "settings.three"), Some((1, 5)));
        assert_eq!(line(yaml, "b"), None);
        let json = "{\n\t\"a\": {\"b\": [1]},\n\t\"settings\": {\n\t\t\"one\": 1\n\t}\n}";
        assert_eq!(line(json, "settings.one"), Some((2, 4)));
        assert_eq!(line("", "a"), None);
    }

    #[test]
    fn what_is_repeated_stands_where_it_is_repeated() {
        let yaml = "x: &x\n  size: 5\na: *x\nb:\n  <<: *x\n";
        assert_eq!(line(yaml, "a.size"), Some((1, 3)));
        assert_eq!(line(yaml, "b.size"), Some((1, 4)));
    }
}
