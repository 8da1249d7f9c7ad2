//! On which line of a text a key stands, for error messages.

use saphyr_parser::Event;

use super::events::Events;

/// The line, from 1, of the key that `path` ends in; items of lists are counted from 0. `None`
/// when the text has no such key, or is JSON that YAML cannot read.
pub(crate) fn line_of(text: &str, path: &[String]) -> Option<usize> {
    let mut events = Events::new(text);
    let Event::DocumentStart(_) = events.next().ok()?.0 else {
        return None;
    };
    let mut line = None;
    let mut event = events.next().ok()?;
    for step in path {
        match event.0 {
            Event::MappingStart(..) => loop {
                let (key, span) = events.next().ok()?;
                match key {
                    Event::MappingEnd => return None,
                    Event::Scalar(text, ..) if text == step.as_str() => {
                        line = Some(span.start.line());
                        break;
                    }
                    key => {
                        skip(&mut events, &key)?;
                        let value = events.next().ok()?.0;
                        skip(&mut events, &value)?;
                    }
                }
            },
            Event::SequenceStart(..) => {
                for _ in 0..step.parse::<usize>().ok()? {
                    let item = events.next().ok()?.0;
                    if item == Event::SequenceEnd {
                        return None;
                    }
                    skip(&mut events, &item)?;
                }
            }
            _ => return line,
        }
        event = events.next().ok()?;
    }
    line
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

    fn line(text: &str, path: &str) -> Option<usize> {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        line_of(text, &path)
    }

    #[test]
    fn keys_are_found_in_yaml_and_json() {
        let yaml = "a:\n- {x: 1}\n- b: 2\n  c: 3\nsettings:\n  one: 1\n  two: 2\n";
        assert_eq!(line(yaml, "settings.two"), Some(7));
        assert_eq!(line(yaml, "a.1.c"), Some(4));
        assert_eq!(line(yaml, "settings.three"), None);
        let json = "{\n  \"a\": {\"b\": [1]},\n  \"settings\": {\n    \"one\": 1\n  }\n}";
        assert_eq!(line(json, "settings.one"), Some(4));
        assert_eq!(line("", "a"), None);
    }
}
