//! Query strings of table pages.

use datasette_core::QueryString;
use datasette_query::statement::named_parameters;
use datasette_query::{Limits, Params, TableDefaults, TableQuestion, plan_table};

use super::tables;

/// A query string is refused with 400, or becomes statements that bind every value they name. The
/// first byte picks the table.
pub(crate) fn plan(data: &[u8]) {
    let [table, text @ ..] = data else {
        return;
    };
    let table = tables::pick(*table);
    let text = String::from_utf8_lossy(text);
    let arguments = QueryString::parse(&text);
    let asked = TableQuestion::parse(
        &table,
        &arguments,
        &TableDefaults::default(),
        &Limits::default(),
    );
    let question = match asked {
        Ok(question) => question,
        Err(fault) => {
            assert_eq!(fault.status(), 400, "{text}: {}", fault.message());
            assert!(!fault.message().is_empty(), "{text}");
            return;
        }
    };
    // Raw conditions may name what they like; SQLite tells (FILTER-48).
    if question.wheres.is_empty() {
        let plan = plan_table(&question);
        all_bound(&plan.page_sql, &plan.params);
        all_bound(&plan.count_sql, &plan.count_params);
    }
    // Reading is the same a second time, of what links say.
    let again = QueryString::parse(&arguments.encode());
    assert_eq!(again.pairs(), arguments.pairs(), "{text}");
    let _ = question.describe();
}

/// Every name in the statement has a value.
pub(super) fn all_bound(sql: &str, params: &Params) {
    for name in named_parameters(sql) {
        assert!(
            params.iter().any(|(bound, _)| *bound == name),
            "{name} is not bound in {sql}"
        );
    }
}
