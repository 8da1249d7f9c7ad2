//! Facets that Python counts.

use std::sync::Arc;

use datasette_core::Value;
use datasette_hooks::{
    Answer, Context, Data, FacetKind, FacetOutcome, FacetResult, FacetScope, FacetSuggestion,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::called::{Circumstances, circumstances};
use super::declared::DeclaredFacet;
use crate::process::PythonHost;

pub(super) struct RemoteFacet {
    host: Arc<PythonHost>,
    declared: DeclaredFacet,
}

#[derive(Serialize)]
struct Question<'a> {
    id: u64,
    database: &'a str,
    table: Option<&'a str>,
    sql: &'a str,
    params: Vec<(&'a str, Data)>,
    row_count: Option<u64>,
    #[serde(flatten)]
    circumstances: Circumstances<'a>,
}

#[derive(Deserialize)]
struct Counted {
    results: Vec<FacetResult>,
    timed_out: Vec<String>,
}

impl RemoteFacet {
    pub(super) fn new(host: Arc<PythonHost>, declared: DeclaredFacet) -> Self {
        Self { host, declared }
    }

    fn question<'a>(&self, context: &Context<'a>, scope: &'a FacetScope) -> Question<'a> {
        let params = scope.params.iter();
        Question {
            id: self.declared.id,
            database: &scope.database,
            table: scope.table.as_deref(),
            sql: &scope.sql,
            params: params
                .map(|(name, value): &(String, Value)| (&**name, Data(value.clone())))
                .collect(),
            row_count: scope.row_count,
            circumstances: circumstances(context),
        }
    }
}

impl FacetKind for RemoteFacet {
    fn name(&self) -> &str {
        &self.declared.kind
    }

    fn works_alone(&self) -> bool {
        true
    }

    fn results<'a>(
        &'a self,
        context: &'a Context<'a>,
        scope: &'a FacetScope,
    ) -> BoxFuture<'a, Answer<FacetOutcome>> {
        async move {
            let question = self.question(context, scope);
            let Counted { results, timed_out } = self.host.ask("facet_results", &question).await?;
            Ok(FacetOutcome { results, timed_out })
        }
        .boxed()
    }

    fn suggest<'a>(
        &'a self,
        context: &'a Context<'a>,
        scope: &'a FacetScope,
    ) -> BoxFuture<'a, Answer<Vec<FacetSuggestion>>> {
        async move {
            let question = self.question(context, scope);
            self.host.ask("facet_suggest", &question).await
        }
        .boxed()
    }
}
