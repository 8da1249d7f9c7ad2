//! A request for a page of a table or view, read and checked.

use datasette_core::{Fault, QueryString, TableRef};

use crate::bounds;
use crate::columns::{self, SelectedColumn};
use crate::contribution::Contribution;
use crate::defaults::{PageSize, TableDefaults};
use crate::describe;
use crate::facet::{self, FacetKind, FacetRequest};
use crate::filter::{self, Filter};
use crate::limits::Limits;
use crate::obligation::Obligation;
use crate::search::{self, Search};
use crate::sort::{Sort, Sortable};
use crate::through::Through;
use crate::token::NextToken;

/// What a visitor asks of a table or view.
#[derive(Clone, Debug)]
pub struct TableQuestion {
    /// The table or view.
    pub table: TableRef,
    /// Rows on the page (TABLE-15 to TABLE-19).
    pub page_size: u32,
    /// The columns of the result, the rowid first where it identifies rows.
    pub selected: Vec<SelectedColumn>,
    /// Column filters in the order of their conditions (FILTER-26).
    pub filters: Vec<Filter>,
    /// Raw conditions of `_where` (FILTER-46).
    pub wheres: Vec<String>,
    /// `_through` conditions (FILTER-49).
    pub through: Vec<Through>,
    /// The search, where there is one and the table can be searched.
    pub search: Option<Search>,
    /// The name of the full-text table: whether a search box is shown (SEARCH-18).
    pub fts_table: Option<String>,
    /// What plugins add; empty until the caller fills it.
    pub contributions: Vec<Contribution>,
    /// The order.
    pub sort: Option<Sort>,
    /// The columns that the table may be sorted by.
    pub sortable: Sortable,
    /// Where the page starts; `None` for the first page.
    pub next: Option<NextToken>,
    /// Requested and configured facets in the order of FACET-07. The same facet may stand here
    /// twice (FACET-16).
    pub facets: Vec<FacetRequest>,
    /// Values in a facet (FACET-33).
    pub facet_size: u32,
    /// A time limit in milliseconds below `sql_time_limit_ms` (TABLE-28).
    pub time_limit_ms: Option<u32>,
    /// The cache lifetime in seconds that `_ttl` asks for (TABLE-30).
    pub ttl: Option<u32>,
    obligations: Vec<Obligation>,
}

impl TableQuestion {
    /// Whether the rows that match stay the same for as long as the database does: no condition is
    /// raw SQL or a plugin's, and no text `now` is taken for a date.
    pub fn is_steady(&self) -> bool {
        let is_date = |filter: &Filter| filter.lookup_key == "date";
        let is_known =
            |facet: &FacetRequest| matches!(facet.kind, FacetKind::Column | FacetKind::Array);
        self.table.kind.is_steady()
            && self.wheres.is_empty()
            && self.contributions.is_empty()
            && !self.filters.iter().any(is_date)
            && self.facets.iter().all(is_known)
    }

    /// Reads a query string.
    ///
    /// # Errors
    /// 400 in the words of the TABLE, SORT, PAGE, FILTER, SEARCH and FACET rows. Check
    /// [`Obligation::demanded`] before showing them: some tell what other tables look like.
    pub fn parse(
        table: &TableRef,
        arguments: &QueryString,
        defaults: &TableDefaults,
        limits: &Limits,
    ) -> Result<Self, Fault> {
        let selected = columns::selected(table, arguments)?;
        let filters = filter::parse(table, arguments)?;
        let through = arguments
            .get_all("_through")
            .map(|argument| Through::parse(table, argument))
            .collect::<Result<_, _>>()?;
        let search = Search::parse(table, arguments, defaults)?;
        let sortable = Sortable::of(table, defaults);
        let sort = Sort::parse(table, arguments, defaults, &sortable)?;
        let next = match arguments.get("_next").filter(|token| !token.is_empty()) {
            Some(token) => NextToken::parse(table, sort.as_ref(), token)?,
            None => None,
        };
        let page_size = page_size(arguments, defaults, limits)?;
        let time_limit_ms = bounds::time_limit(arguments, limits.sql_time_limit_ms)?;
        let question = Self {
            page_size,
            selected,
            filters,
            wheres: arguments.get_all("_where").map(str::to_owned).collect(),
            through,
            search,
            fts_table: search::full_text_table(table, defaults).map(str::to_owned),
            contributions: Vec::new(),
            sort,
            sortable,
            next,
            facets: facet::requested(arguments, defaults),
            facet_size: facet::size(arguments, defaults, limits),
            time_limit_ms,
            ttl: digits(arguments.get("_ttl")),
            obligations: Obligation::demanded(table, arguments, defaults),
            table: table.clone(),
        };
        question.check()?;
        facet::check_allowed(arguments, limits)?;
        Ok(question)
    }

    /// What the original leaves to SQLite to refuse, after everything else.
    fn check(&self) -> Result<(), Fault> {
        columns::check(&self.selected)?;
        for filter in &self.filters {
            filter.check(&self.table)?;
        }
        self.through.iter().try_for_each(Through::check)?;
        self.search.iter().try_for_each(Search::check)?;
        self.sort.iter().try_for_each(Sort::check)
    }

    /// What the actor must be allowed besides viewing the table; the same as
    /// [`Obligation::demanded`].
    pub fn obligations(&self) -> Vec<Obligation> {
        self.obligations.clone()
    }

    /// The question in words (FILTER-37, FILTER-38); empty when there is nothing to say.
    pub fn describe(&self) -> String {
        describe::question(self)
    }

    /// Whether no condition is set, so that the answer's count is the table's (COUNT-03).
    pub fn is_unfiltered(&self) -> bool {
        self.filters.iter().all(|filter| filter.lookup.is_none())
            && self.wheres.is_empty()
            && self.through.is_empty()
            && self.search.is_none()
            && self
                .contributions
                .iter()
                .all(|added| added.where_clauses.is_empty())
    }

    /// The arguments of the link to the next page (PAGE-11), to be encoded without blanks.
    pub fn next_arguments(&self, arguments: &QueryString, token: &str) -> QueryString {
        match self.sort.as_ref().filter(|_| !self.table.is_view()) {
            None => arguments.replacing(&[("_next", Some(token))]),
            Some(sort) => arguments.replacing(&[
                ("_next", Some(token)),
                (sort.argument(), Some(sort.column.spelled())),
            ]),
        }
    }
}

fn page_size(
    arguments: &QueryString,
    defaults: &TableDefaults,
    limits: &Limits,
) -> Result<u32, Fault> {
    let maximum = limits.max_returned_rows;
    if let Some(size) = bounds::page_size(arguments, maximum)? {
        return Ok(size);
    }
    match defaults.size {
        None | Some(PageSize::Rows(0)) => {
            Ok(limits.default_page_size.min(limits.max_returned_rows))
        }
        Some(PageSize::Rows(size)) => bounds::at_most(i64::from(size), maximum),
        Some(PageSize::Max) => Ok(maximum),
        Some(PageSize::Invalid) => Err(bounds::malformed_size()),
    }
}

/// A number written in digits only; more than fit count as the most that do.
pub(crate) fn digits(text: Option<&str>) -> Option<u32> {
    let text = text?;
    let all_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| text.parse().unwrap_or(u32::MAX))
}
