//! The named pieces that a client can add to JSON with `_extra` (EXTRA-09 to EXTRA-11).

use std::collections::BTreeSet;

use datasette_core::{Fault, QueryString};

/// A kind of page that offers extras.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Tables and views.
    Table,
    /// One row.
    Row,
    /// Arbitrary and stored queries.
    Query,
}

/// One extra: its name, what it is, and where it is offered.
#[derive(Clone, Copy, Debug)]
pub struct Extra {
    /// The key that it adds.
    pub name: &'static str,
    /// One sentence for `_extra=extras`.
    pub description: &'static str,
    scopes: &'static [Scope],
}

use Scope::{Query, Row, Table};

const EVERYWHERE: &[Scope] = &[Table, Row, Query];
const TABLE: &[Scope] = &[Table];
const TABLE_AND_ROW: &[Scope] = &[Table, Row];

macro_rules! extras {
    ($($name:literal, $scopes:expr, $description:literal;)*) => {
        /// Every extra, in the order in which `_extra=extras` lists them.
        pub static EXTRAS: &[Extra] = &[
            $(Extra { name: $name, description: $description, scopes: $scopes },)*
        ];
    };
}

extras! {
    "count", TABLE, "How many rows match the filters, up to the count limit";
    "count_truncated", TABLE, "Whether the count stopped at its limit";
    "count_sql", TABLE, "The statement that counts all matching rows";
    "facet_results", TABLE, "Values and counts of the configured and requested facets";
    "facets_timed_out", TABLE, "Facets that ran into their time limit";
    "suggested_facets", TABLE, "Columns that would make useful facets";
    "human_description_en", TABLE, "The filters and the sort order in a sentence";
    "columns", EVERYWHERE, "Names of the columns of each row";
    "all_columns", TABLE, "Names of all columns of the table, selected or not";
    "primary_keys", TABLE_AND_ROW, "Names of the primary key columns";
    "column_details", TABLE_AND_ROW, "Declared type, affinity, default and key position of each column";
    "display_columns", TABLE, "The columns as the HTML page shows them";
    "render_cell", EVERYWHERE, "HTML of the cells that a column type or a plugin renders";
    "debug", EVERYWHERE, "Details for debugging; may change at any time";
    "request", EVERYWHERE, "The request as the server understood it";
    "query", EVERYWHERE, "The statement that was executed and its parameters";
    "column_types", TABLE_AND_ROW, "Column types assigned to columns";
    "set_column_type_ui", TABLE, "What a page needs to offer a change of column types";
    "metadata", EVERYWHERE, "Title, description, source and licence";
    "extras", EVERYWHERE, "The extras that this page offers";
    "database", EVERYWHERE, "Name of the database";
    "table", TABLE_AND_ROW, "Name of the table";
    "database_color", EVERYWHERE, "Colour of the database";
    "renderers", TABLE, "Other formats of this page and their URLs";
    "custom_table_templates", TABLE, "Templates that may render the rows";
    "sorted_facet_results", TABLE, "The facets in the order of the page";
    "table_definition", TABLE, "The statements that created the table and its indexes";
    "view_definition", TABLE, "The statement that created the view";
    "is_view", TABLE, "Whether this is a view";
    "private", EVERYWHERE, "Whether an anonymous visitor may not see this";
    "expandable_columns", TABLE, "Foreign keys that can be shown with labels";
    "form_hidden_args", TABLE, "Arguments that the filter form keeps";
    "foreign_key_tables", &[Row], "Other tables that refer to this row";
}

/// The extras one request asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted(BTreeSet<&'static str>);

impl Wanted {
    /// Reads `_extra=a,b&_extra=c` (EXTRA-01). Unknown names are the 400 of EXTRA-02.
    pub fn parse(scope: Scope, query: &QueryString) -> Result<Self, Fault> {
        let mut wanted = BTreeSet::new();
        let mut unknown = BTreeSet::new();
        for name in query.get_all("_extra").flat_map(|value| value.split(',')) {
            if name.is_empty() {
                continue;
            }
            match offered(scope).find(|extra| extra.name == name) {
                Some(extra) => {
                    wanted.insert(extra.name);
                }
                None => {
                    unknown.insert(name.to_owned());
                }
            }
        }
        if unknown.is_empty() {
            return Ok(Self(wanted));
        }
        let names: Vec<String> = unknown.into_iter().collect();
        Err(Fault::bad_request(format!(
            "Unknown _extra: {}",
            names.join(", ")
        )))
    }

    /// Whether this extra is asked for.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Asks for one more.
    pub fn add(&mut self, name: &'static str) {
        self.0.insert(name);
    }
}

/// The extras that pages of this scope offer, in their documented order.
pub fn offered(scope: Scope) -> impl Iterator<Item = &'static Extra> {
    EXTRAS
        .iter()
        .filter(move |extra| extra.scopes.contains(&scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: EXTRA-01, EXTRA-02, EXTRA-04, EXTRA-05
    #[test]
    fn names_are_checked() {
        let parse = |text| Wanted::parse(Scope::Table, &QueryString::parse(text));
        let wanted = parse("_extra=count,columns&_extra=&_extra=query").unwrap();
        assert!(wanted.has("count") && wanted.has("columns") && wanted.has("query"));
        assert_eq!(
            parse("_extra=zip,nope,count").unwrap_err().message(),
            "Unknown _extra: nope, zip"
        );
        assert!(parse("_extra=next_url").is_err());
        assert_eq!(parse("_extras=zip").unwrap(), Wanted::default());
    }

    // Proves: EXTRA-09, EXTRA-10, EXTRA-11
    #[test]
    fn each_scope_offers_its_own() {
        assert_eq!(offered(Scope::Table).count(), 32);
        assert_eq!(offered(Scope::Row).count(), 15);
        assert_eq!(offered(Scope::Query).count(), 10);
        assert!(offered(Scope::Row).any(|extra| extra.name == "foreign_key_tables"));
    }
}
