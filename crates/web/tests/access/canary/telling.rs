//! What an answer tells: the words in it that should not be there, and the answer itself without
//! what is different in every answer.

use datasette_core::QueryString;
use datasette_testkit::{Answer, TestSite};

use crate::same::without_chance;

use super::world::{CANARY, DEFINITIONS, VEILED};

/// A statement as text, as JSON and as HTML; quotes of HTML are plain by then.
fn spellings(statement: &str) -> [String; 3] {
    let json = serde_json::to_string(statement).unwrap();
    let html = statement
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    [
        statement.to_owned(),
        json.trim_matches('"').to_owned(),
        html,
    ]
}

/// Everything in the answer, without the definitions of visible things and without what the visitor
/// asked for.
pub(crate) fn told(path: &str, answer: &Answer) -> String {
    let mut told = String::new();
    for (name, value) in &answer.headers {
        told.push_str(&format!("{name}: {value}\n"));
    }
    told.push_str(&String::from_utf8_lossy(&answer.body).replace("&#34;", "\""));
    for statement in DEFINITIONS {
        for spelled in spellings(statement) {
            told = told.replace(&spelled, "");
        }
    }
    // Foreign keys name the other table, as the definition does (EXTRA-47).
    for target in ["veiledpeople", "veiledbosses", "veiledpart"] {
        told = told.replace(&format!("\"other_table\": \"{target}\""), "");
    }
    without_question(path, told)
}

/// Takes out the words of the question, in the spellings in which pages repeat it. What is hidden is
/// not found out by being asked for.
fn without_question(path: &str, mut told: String) -> String {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let asked = QueryString::parse(query);
    let values = asked.pairs().iter().map(|(_, value)| value.as_str());
    let asked: Vec<&str> = std::iter::once(path).chain(values).collect();
    let mut words: Vec<&str> = asked
        .iter()
        .flat_map(|text| {
            text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        })
        .filter(|word| word.to_ascii_lowercase().contains(CANARY) || word.contains(VEILED))
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words {
        told = told.replace(word, "");
    }
    told
}

/// The word that an answer should not have, with what is around it.
pub(crate) fn leak(path: &str, answer: &Answer) -> Option<String> {
    let told = told(path, answer);
    let lower = told.to_ascii_lowercase();
    let at = [CANARY, VEILED].iter().find_map(|word| lower.find(word))?;
    let start = (0..=at.saturating_sub(120))
        .rev()
        .find(|place| told.is_char_boundary(*place))?;
    let rest: String = told[start..].chars().take(300).collect();
    Some(rest)
}

/// The answer without clocks, keys of one run and folders.
pub(crate) fn comparable(site: &TestSite, answer: &Answer) -> String {
    let answer = without_chance(answer);
    let mut all = format!("{}\n", answer.status);
    for (name, value) in &answer.headers {
        let changes = matches!(name.as_str(), "etag" | "content-length");
        let value = if changes { "..." } else { value };
        all.push_str(&format!("{name}: {value}\n"));
    }
    let body = String::from_utf8_lossy(&answer.body);
    let folder = site.path("x");
    let folder = folder.parent().unwrap().display().to_string();
    let body = body.replace(&folder, "").replace("&#34;", "\"");
    let body = without_numbers_after(
        &body,
        &[
            "\"size\": ",
            "duration_ms\": ",
            "\"start\": ",
            "\"end\": ",
            "\"sum_trace_duration_ms\": ",
            "\"request_duration_ms\": ",
            "Queries took ",
            "query_ms\": ",
            "download-sqlite\">",
        ],
    );
    all.push_str(&body);
    all
}

/// Blanks the number that follows each of these.
fn without_numbers_after(text: &str, starts: &[&str]) -> String {
    let mut text = text.to_owned();
    for start in starts {
        let parts: Vec<&str> = text.split(start).collect();
        let blanked = parts.iter().enumerate().map(|(place, part)| match place {
            0 => (*part).to_owned(),
            _ => part
                .trim_start_matches(|letter: char| {
                    letter.is_ascii_digit() || ".e-".contains(letter)
                })
                .to_owned(),
        });
        text = blanked.collect::<Vec<_>>().join(start);
    }
    text
}
