//! A table question in words.

use crate::question::TableQuestion;

/// `human_description_en` (FILTER-37, FILTER-38).
pub(crate) fn question(question: &TableQuestion) -> String {
    let mut clauses: Vec<String> = question
        .through
        .iter()
        .map(|through| through.describe())
        .collect();
    if let Some(search) = &question.search {
        search.describe(&mut clauses);
    }
    for added in &question.contributions {
        clauses.extend(added.human_descriptions.iter().cloned());
    }
    clauses.extend(
        question
            .filters
            .iter()
            .filter_map(|filter| filter.describe()),
    );
    let mut parts = Vec::new();
    if let Some((last, before)) = clauses.split_last() {
        parts.push(if before.is_empty() {
            format!("where {last}")
        } else {
            format!("where {} and {last}", before.join(", "))
        });
    }
    if let Some(sort) = &question.sort {
        let direction = if sort.descending { " descending" } else { "" };
        parts.push(format!("sorted by {}{direction}", sort.column.spelled()));
    }
    parts.join(" ")
}
