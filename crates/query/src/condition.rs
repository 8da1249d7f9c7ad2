//! The conditions of a table question.

use crate::binding::Bindings;
use crate::question::TableQuestion;

/// The conditions that decide which rows match, in the order of the original: filters, `_where`,
/// `_through`, search, plugins.
pub(crate) fn matching(question: &TableQuestion, bindings: &mut Bindings) -> Vec<String> {
    let mut conditions: Vec<String> = question
        .filters
        .iter()
        .filter_map(|filter| filter.write(&question.table, bindings))
        .collect();
    conditions.extend(question.wheres.iter().cloned());
    for through in &question.through {
        conditions.push(through.write(bindings));
    }
    if let Some(search) = &question.search {
        search.write(bindings, &mut conditions);
    }
    for added in &question.contributions {
        conditions.extend(added.where_clauses.iter().cloned());
        for (name, value) in &added.params {
            bindings.named(name, value.clone());
        }
    }
    conditions
}

/// The conditions as a clause that ends in a space, or nothing (TABLE-11).
pub(crate) fn clause(conditions: &[String]) -> String {
    if conditions.is_empty() {
        String::new()
    } else {
        format!("where {} ", conditions.join(" and "))
    }
}
