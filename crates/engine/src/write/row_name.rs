//! What people call a row that was changed.

use datasette_core::action::ViewTable;
use datasette_core::{Fault, Row, RowBatch, ValueRef};

use super::{Author, FoundRow};
use crate::read::expand::label_column;

/// The longest label, in characters (WRITE-61).
const LONGEST: usize = 80;

/// The key of a row, with its label where the table has one and the actor may view it: `1 (Oak)`.
/// `now` is the row as it is after the change.
pub async fn row_name(
    author: &Author,
    found: &FoundRow,
    now: Option<&RowBatch>,
) -> Result<String, Fault> {
    let key = found.identifier.join(", ");
    let (instance, actor) = (&author.instance, author.actor.as_ref());
    let permit = instance
        .gate
        .allows::<ViewTable>(actor, &found.table)
        .await?;
    let label = permit.and_then(|permit| {
        let column = label_column(instance, permit.resource())?;
        let row = now.filter(|now| !now.is_empty()).unwrap_or(&found.before);
        let place = row
            .column_names()
            .iter()
            .position(|name| name == column.name())?;
        label(row.rows().next()?.value(place))
    });
    Ok(match label.filter(|label| *label != key) {
        Some(label) => format!("{key} ({label})"),
        None => key,
    })
}

fn label(value: ValueRef<'_>) -> Option<String> {
    if value.is_null() {
        return None;
    }
    let text = value.printed();
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    if text.is_empty() {
        return None;
    }
    if text.chars().count() <= LONGEST {
        return Some(text);
    }
    let kept: String = text.chars().take(LONGEST - 1).collect();
    Some(format!("{kept}\u{2026}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: WRITE-61
    #[test]
    fn labels_are_one_short_line() {
        let of = |text: &str| label(ValueRef::Text(text.as_bytes()));
        assert_eq!(of(" a \n b\t"), Some("a b".to_owned()));
        assert_eq!(of("  "), None);
        assert_eq!(label(ValueRef::Null), None);
        assert_eq!(label(ValueRef::Integer(5)), Some("5".to_owned()));
        assert_eq!(of(&"é".repeat(80)), Some("é".repeat(80)));
        let cut = of(&"é".repeat(81)).unwrap();
        assert_eq!(cut, format!("{}…", "é".repeat(79)));
    }
}
