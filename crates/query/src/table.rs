//! The statements of a table page.

use datasette_core::{Row, TableRef, ValueRef, identifier};

use crate::binding::{Bindings, Params};
use crate::columns;
use crate::condition;
use crate::page;
use crate::question::TableQuestion;
use crate::token::{self, NextToken};

/// Rows are counted up to one more than this (COUNT-01).
pub const COUNT_LIMIT: u32 = 10_000;

/// Every statement that a page of a table or view may need. Named parameters throughout.
#[derive(Clone, Debug, PartialEq)]
pub struct TablePlan {
    /// The statement as it is shown (TABLE-11): one row more than the page has.
    pub sql: String,
    /// The statement to run: [`Self::sql`] with ties in the order of the first page broken by the
    /// key, which the next page relies on (PAGE-24) and the shown text lacks (SORT-09).
    pub page_sql: String,
    /// Values for `sql`, `page_sql` and `unlimited_sql`.
    pub params: Params,
    /// Counts all matching rows (COUNT-05).
    pub count_sql: String,
    /// Counts matching rows up to 10,001 (COUNT-01).
    pub capped_count_sql: String,
    /// Whether nothing is asked of the rows, so that all of them match.
    pub matches_all: bool,
    /// Values for the count statements and `filtered_sql`.
    pub count_params: Params,
    /// All columns of all matching rows, wherever the page starts: what facets wrap (FACET-08,
    /// FACET-45).
    pub filtered_sql: String,
    /// The page's rows and all after them, in order.
    pub unlimited_sql: String,
    /// Places of the row key's values among the selected columns; empty for a view.
    pub row_key: Vec<usize>,
    /// Place of the sort column among the selected columns. `None` when unsorted, and when the
    /// sort column is not selected: then [`Self::sort_lookup`] finds the value (PAGE-10).
    pub sort_position: Option<usize>,
}

/// Writes the statements.
pub fn plan_table(question: &TableQuestion) -> TablePlan {
    let table = &question.table;
    let name = identifier::quote_if_needed(table.name());
    let mut bindings = Bindings::default();
    let mut conditions = condition::matching(question, &mut bindings);
    let matching = condition::clause(&conditions);
    let count_params = bindings.params().clone();

    let mut offset = None;
    match &question.next {
        None => {}
        Some(NextToken::Offset(rows)) => offset = Some(*rows),
        Some(NextToken::After { position, skip }) => {
            if let Some(position) = position {
                let sort = question.sort.as_ref();
                conditions.push(page::after(table, sort, position, &mut bindings));
            }
            offset = i64::try_from(*skip).ok().filter(|skip| *skip > 0);
        }
    }
    let from_here = condition::clause(&conditions);
    let selected = columns::list(&question.selected);
    let all = columns::list(&columns::all(table));
    let shown = order(question, question.next.is_some());
    let exact = order(question, true);
    let limit = u64::from(question.page_size) + 1;
    let offset = offset.map_or_else(String::new, |rows| format!(" offset {rows}"));
    let start = format!("select {selected} from {name} {from_here}");
    let endless = if offset.is_empty() {
        String::new()
    } else {
        format!(" limit -1{offset}")
    };
    TablePlan {
        sql: format!("{start}{shown} limit {limit}{offset}"),
        page_sql: format!("{start}{exact} limit {limit}{offset}"),
        params: bindings.params().clone(),
        count_sql: format!("select count(*) from {name} {matching}"),
        matches_all: matching.is_empty(),
        capped_count_sql: format!(
            "select count(*) from (select * from {name} {matching} limit {})",
            COUNT_LIMIT + 1
        ),
        count_params,
        filtered_sql: format!("select {all} from {name} {matching}"),
        unlimited_sql: format!("{start}{exact}{endless}"),
        row_key: row_key(question),
        sort_position: sort_position(question),
    }
}

/// The `order by` clause (TABLE-12, SORT-09).
fn order(question: &TableQuestion, ties_by_key: bool) -> String {
    let mut terms = Vec::new();
    if let Some(sort) = &question.sort {
        let direction = if sort.descending { " desc" } else { "" };
        terms.push(format!("{}{direction}", sort.column.sql()));
    }
    if terms.is_empty() || ties_by_key {
        terms.extend(page::key_columns(&question.table));
    }
    if terms.is_empty() {
        String::new()
    } else {
        format!("order by {}", terms.join(", "))
    }
}

fn row_key(question: &TableQuestion) -> Vec<usize> {
    let table = &question.table;
    if table.uses_rowid() {
        return vec![0];
    }
    let place = |key: &usize| {
        question.selected.iter().position(|selected| {
            selected
                .column()
                .is_some_and(|column| column.index() == *key)
        })
    };
    table.primary_key.iter().filter_map(place).collect()
}

fn sort_position(question: &TableQuestion) -> Option<usize> {
    let sort = question.sort.as_ref()?;
    question
        .selected
        .iter()
        .position(|selected| match (selected.column(), sort.column.column()) {
            (Some(selected), Some(sorted)) => selected.index() == sorted.index(),
            (None, None) => true,
            _ => false,
        })
}

impl TablePlan {
    /// The statement that finds the sort value of `last_row` when its column is not selected
    /// (PAGE-10). `None` when [`Self::next_token`] can do without.
    pub fn sort_lookup(
        &self,
        question: &TableQuestion,
        last_row: &dyn Row,
    ) -> Option<(String, Params)> {
        let table = &question.table;
        let sort = question.sort.as_ref()?;
        if table.is_view() || self.sort_position.is_some() {
            return None;
        }
        // A row without a usable key is left behind by counting, which needs no value.
        self.encoded_key(table, last_row)?;
        let columns = page::key_columns(table);
        let conditions: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(index, column)| format!("{column} = :pk{index}"))
            .collect();
        let sql = format!(
            "select {} from {} where {}",
            sort.column.sql(),
            identifier::quote_if_needed(table.name()),
            conditions.join(" and ")
        );
        let params = self
            .row_key
            .iter()
            .enumerate()
            .map(|(index, place)| (format!("pk{index}"), last_row.value(*place).to_value()))
            .collect();
        Some((sql, params))
    }

    /// The token of the page after the one whose last row this is (PAGE-03 to PAGE-08). To be
    /// asked only when a further row came back and the page size is not 0 (PAGE-01).
    ///
    /// `sort_value` is what [`Self::sort_lookup`] found. `None` when it was needed and is missing.
    pub fn next_token(
        &self,
        question: &TableQuestion,
        last_row: &dyn Row,
        sort_value: Option<ValueRef<'_>>,
    ) -> Option<String> {
        if question.table.is_view() {
            let start = match question.next {
                Some(NextToken::Offset(rows)) => rows,
                _ => 0,
            };
            return Some(
                start
                    .saturating_add(i64::from(question.page_size))
                    .to_string(),
            );
        }
        let Some(key) = self.encoded_key(&question.table, last_row) else {
            return Some(skipping(question));
        };
        let Some(sort) = &question.sort else {
            return Some(token::never_empty(key.join(",")));
        };
        let value = match self.sort_position {
            Some(place) => last_row.value(place),
            None => sort_value?,
        };
        let column = sort.column.column();
        match token::encode(column.map(|column| &**column), value) {
            Some(value) => Some(format!("{value},{}", key.join(","))),
            None => Some(skipping(question)),
        }
    }

    /// `None` for a key that has a NULL or cannot be spelled.
    fn encoded_key(&self, table: &TableRef, row: &dyn Row) -> Option<Vec<String>> {
        self.row_key
            .iter()
            .enumerate()
            .map(|(index, place)| {
                let column = table.primary_key.get(index).map(|key| &table.columns[*key]);
                let value = row.value(*place);
                if value.is_null() {
                    None
                } else {
                    token::encode(column, value)
                }
            })
            .collect()
    }
}

/// The position this page started from, and one more page to leave out after it.
fn skipping(question: &TableQuestion) -> String {
    let (start, skipped) = match &question.next {
        Some(NextToken::After { position, skip }) => {
            (position.as_ref().map(|position| position.text()), *skip)
        }
        _ => (None, 0),
    };
    let skip = skipped.saturating_add(u64::from(question.page_size));
    match start {
        Some(start) => format!("{start},$skip.{skip}"),
        None => format!("$skip.{skip}"),
    }
}
