//! `_next` tokens.

use datasette_core::QueryString;
use datasette_query::{Limits, NextToken, TableDefaults, TableQuestion, plan_table};

use super::tables;

/// A token is understood, ignored or refused with 400; one that is understood leads to a statement
/// whose values are all bound. The first byte picks the table, the second the order.
pub(crate) fn token(data: &[u8]) {
    let [table, order, text @ ..] = data else {
        return;
    };
    let table = tables::pick(*table);
    let text = String::from_utf8_lossy(text).into_owned();
    let mut pairs = vec![("_next".to_owned(), text.clone())];
    match order % 3 {
        1 => pairs.push(("_sort".to_owned(), "b".to_owned())),
        2 => pairs.push(("_sort_desc".to_owned(), "b".to_owned())),
        _ => {}
    }
    let arguments = QueryString::from_pairs(pairs);
    let asked = TableQuestion::parse(
        &table,
        &arguments,
        &TableDefaults::default(),
        &Limits::default(),
    );
    match asked {
        Ok(question) => {
            let plan = plan_table(&question);
            super::plan::all_bound(&plan.page_sql, &plan.params);
            let alone = NextToken::parse(&table, question.sort.as_ref(), &text);
            assert!(text.is_empty() || alone.as_ref().is_ok_and(|token| *token == question.next));
        }
        Err(fault) => assert_eq!(fault.status(), 400, "{text}"),
    }
}
