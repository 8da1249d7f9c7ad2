//! Which column names a row to people (LABEL-08).

use datasette_core::Column;
use datasette_core::schema::{Affinity, Index};

/// The place of the label column, if the rules find one. Generated and hidden columns do not
/// count. A column without a type counts as text.
pub(super) fn column(columns: &[Column], indexes: &[Index]) -> Option<usize> {
    let visible: Vec<(usize, &Column)> = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.hidden == 0)
        .collect();
    let is_unique_text = |column: &Column| {
        let declared = column.declared_type.trim();
        (declared.is_empty() || Affinity::of(declared) == Affinity::Text)
            && indexes.iter().any(|index| {
                index.unique
                    && matches!(index.columns.as_slice(), [Some(name)] if *name == column.name)
            })
    };
    let mut unique_texts = visible.iter().filter(|(_, column)| is_unique_text(column));
    if let (Some((place, _)), None) = (unique_texts.next(), unique_texts.next()) {
        return Some(*place);
    }
    let named = visible.iter().find(|(_, column)| {
        ["name", "title"]
            .iter()
            .any(|name| column.name.to_lowercase() == *name)
    });
    if let Some((place, _)) = named {
        return Some(*place);
    }
    let is_id = |column: &Column| column.name == "id" || column.name == "pk";
    match visible.as_slice() {
        [(_, first), (place, second)] if is_id(first) && !is_id(second) => Some(*place),
        [(place, first), (_, second)] if !is_id(first) && is_id(second) => Some(*place),
        _ => None,
    }
}
