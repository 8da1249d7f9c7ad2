//! Which foreign keys a request wants to see with labels.

use datasette_core::QueryString;
use datasette_engine::page::Expandable;

/// Places of the foreign keys to expand: those of `_label`, else all when `_labels` is on or, by
/// `default`, not given (LABEL-01, LABEL-02, LABEL-12).
pub fn chosen(query: &QueryString, expandable: &[Expandable], default: bool) -> Vec<usize> {
    let named: Vec<&str> = query.get_all("_label").collect();
    if !named.is_empty() {
        return (0..expandable.len())
            .filter(|place| named.contains(&expandable[*place].column.name()))
            .collect();
    }
    let on = match query.get("_labels").map(str::to_ascii_lowercase).as_deref() {
        Some("on" | "true" | "1") => true,
        Some("off" | "false" | "0") => false,
        _ => default,
    };
    if on {
        (0..expandable.len()).collect()
    } else {
        Vec::new()
    }
}

/// Whether any expansion is asked for, so that foreign keys need to be looked up at all.
pub fn are_asked(query: &QueryString) -> bool {
    query.contains("_label") || query.contains("_labels")
}
