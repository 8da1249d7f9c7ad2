//! `_sort` and `_sort_desc`.

use datasette_core::{Fault, QueryString, TableRef};
use indexmap::IndexSet;

use crate::column_name::ColumnName;
use crate::defaults::TableDefaults;

/// The order that was asked for or configured.
#[derive(Clone, Debug)]
pub struct Sort {
    /// The column.
    pub column: ColumnName,
    /// Last first.
    pub descending: bool,
}

impl Sort {
    /// # Errors
    /// 400 when configuration declares a name sortable that the table does not have.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        self.column.check()
    }

    /// The argument that asks for this order (PAGE-11).
    pub fn argument(&self) -> &'static str {
        if self.descending {
            "_sort_desc"
        } else {
            "_sort"
        }
    }

    /// Reads the arguments, else the configuration (SORT-05).
    ///
    /// # Errors
    /// 400 for both directions at once (SORT-02) and for columns outside the sortable set
    /// (SORT-03, SORT-06).
    pub(crate) fn parse(
        table: &TableRef,
        arguments: &QueryString,
        defaults: &TableDefaults,
        sortable: &Sortable,
    ) -> Result<Option<Self>, Fault> {
        let present =
            |name: Option<&'_ str>| name.filter(|name| !name.is_empty()).map(str::to_owned);
        let mut ascending = present(arguments.get("_sort"));
        let mut descending = present(arguments.get("_sort_desc"));
        if ascending.is_none() && descending.is_none() {
            ascending = present(defaults.sort.as_deref());
            descending = present(defaults.sort_desc.as_deref());
        }
        let (name, descending) = match (ascending, descending) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                return Err(Fault::bad_request(
                    "Cannot use _sort and _sort_desc at the same time",
                ));
            }
            (Some(name), None) => (name, false),
            (None, Some(name)) => (name, true),
        };
        if !sortable.contains(&name) {
            return Err(Fault::bad_request(format!("Cannot sort table by {name}")));
        }
        let column = ColumnName::resolve(table, &name);
        Ok(Some(Self { column, descending }))
    }
}

/// The columns that may be sorted by (SORT-04).
#[derive(Clone, Debug, Default)]
pub struct Sortable(IndexSet<String>);

impl Sortable {
    pub(crate) fn of(table: &TableRef, defaults: &TableDefaults) -> Self {
        let mut names: IndexSet<String> = match &defaults.sortable_columns {
            Some(configured) => configured.iter().cloned().collect(),
            None => table
                .columns
                .iter()
                .map(|column| column.name.clone())
                .collect(),
        };
        if table.uses_rowid() {
            names.insert("rowid".to_owned());
        }
        Self(names)
    }

    /// Whether the table may be sorted by the column of exactly that name.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// The names: configured or schema order, `rowid` last.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}
