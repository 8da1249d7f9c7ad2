//! Kinds of facets that do their own counting, asked after the page was read.

use datasette_core::{Fault, QueryString};
use datasette_hooks::{Context, settle};
use datasette_query::facet::FacetScope;

use crate::Instance;
use crate::page::TablePage;

/// The rows of a page as kinds of facets see them (HOOK-91).
pub(crate) fn scope(
    scope: &FacetScope,
    arguments: &QueryString,
    row_count: Option<u64>,
) -> datasette_hooks::FacetScope {
    let table = &scope.table;
    datasette_hooks::FacetScope {
        database: table.database().name().to_owned(),
        table: Some(table.name().to_owned()),
        sql: scope.filtered_sql.clone(),
        params: scope.params.clone(),
        columns: table
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect(),
        row_count,
        facet_size: scope.facet_size as usize,
        arguments: arguments.clone(),
    }
}

impl TablePage {
    /// Lets kinds that work alone count, where facets were wanted, and propose (HOOK-92, HOOK-93).
    /// They follow one another (HOOK-94); one that fails adds nothing.
    ///
    /// # Errors
    /// A kind refuses on purpose.
    pub async fn ask_facet_kinds(
        &mut self,
        instance: &Instance,
        context: &Context<'_>,
        arguments: &QueryString,
        suggestions: bool,
    ) -> Result<(), Fault> {
        let mut alone = instance.declared.facet_kinds.iter();
        if !alone.any(|kind| kind.works_alone()) {
            return Ok(());
        }
        let rows = self.count.map(|count| count.rows);
        let scope = scope(
            &FacetScope::new(&self.question, &self.plan),
            arguments,
            rows,
        );
        for kind in instance
            .declared
            .facet_kinds
            .iter()
            .filter(|kind| kind.works_alone())
        {
            if let Some(facets) = &mut self.facets {
                match settle(async { kind.results(context, &scope).await }).await {
                    Ok(found) => {
                        facets.added.extend(found.results);
                        facets.timed_out.extend(found.timed_out);
                    }
                    Err(error) if error.is_deliberate() => {
                        return Err(error.into_fault(kind.name(), "facet_results"));
                    }
                    Err(error) => {
                        tracing::error!(kind = kind.name(), "facet kind failed: {error}");
                    }
                }
            }
            if suggestions {
                match settle(async { kind.suggest(context, &scope).await }).await {
                    Ok(found) => self.added_suggestions.extend(found),
                    Err(error) if error.is_deliberate() => {
                        return Err(error.into_fault(kind.name(), "suggest"));
                    }
                    Err(error) => {
                        tracing::error!(kind = kind.name(), "facet kind failed: {error}");
                    }
                }
            }
        }
        Ok(())
    }
}
