//! Counts, facets and suggestions of a page, kept as long as the database does not change.
//!
//! What is found here costs a page most of its time and is the same for every page of the same
//! matching rows. A finding is used only in a snapshot that is known to hold what it was found in:
//! the change stamp is compared after the snapshot has begun.

use std::collections::HashMap;

use datasette_core::TableKind;
use datasette_query::facet::FacetKind;
use datasette_query::{TablePlan, TableQuestion};
use datasette_sqlite::{ChangeStamp, Database};
use parking_lot::Mutex;

use crate::page::{Count, Expandable, FacetResults, SuggestedFacet};

/// Findings per database; when more are made, the database's earlier ones are dropped.
const KEPT: usize = 128;

/// What was found out about the matching rows of a question.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Finding {
    pub(crate) count: Option<Count>,
    pub(crate) facets: Option<FacetResults>,
    pub(crate) suggested: Vec<SuggestedFacet>,
    /// Whether there was too little time for a suggestion or a label.
    pub(crate) cut_short: bool,
}

impl Finding {
    /// Whether nothing ran out of time, so that it need not be looked for again.
    pub(crate) fn is_complete(&self, wants_count: bool) -> bool {
        let timed_out = self
            .facets
            .as_ref()
            .is_some_and(|facets| !facets.timed_out.is_empty());
        !timed_out && !self.cut_short && (self.count.is_some() || !wants_count)
    }
}

/// Findings of all databases.
#[derive(Debug, Default)]
pub struct Findings {
    databases: Mutex<HashMap<String, Known>>,
}

#[derive(Debug)]
struct Known {
    stamp: ChangeStamp,
    findings: HashMap<String, Finding>,
}

/// Where the finding of one page is looked up and kept.
pub(crate) struct Place {
    database: String,
    key: String,
    handle: Database,
    before: Option<ChangeStamp>,
    wants_count: bool,
}

impl Place {
    /// The place of a question's finding. `None` for questions whose answer may change although
    /// the database does not: raw conditions, views, virtual tables and plugins.
    pub(crate) fn of(
        handle: &Database,
        question: &TableQuestion,
        plan: &TablePlan,
        expandable: &[Expandable],
        wants: (bool, bool, bool),
    ) -> Option<Self> {
        let table = &question.table;
        let foreign = |kind: &FacetKind| matches!(kind, FacetKind::Other(_));
        let steady = question.wheres.is_empty()
            && question.contributions.is_empty()
            && matches!(table.kind, TableKind::Rowid | TableKind::WithoutRowid)
            && !question.facets.iter().any(|facet| foreign(&facet.kind));
        if !steady {
            return None;
        }
        let facets: Vec<_> = question
            .facets
            .iter()
            .map(|facet| {
                (
                    &facet.kind,
                    &facet.column,
                    facet.configured,
                    &facet.argument,
                )
            })
            .collect();
        // Labels of facet values depend on what the actor may see.
        let labels: Vec<_> = expandable
            .iter()
            .map(|key| {
                (
                    key.column.name(),
                    key.label.as_ref().map(|label| label.name()),
                    key.visible,
                )
            })
            .collect();
        let key = format!(
            "{wants:?} {} {} {:?} {facets:?} {labels:?}",
            plan.count_sql, question.facet_size, plan.count_params
        );
        Some(Self {
            database: table.database().name().to_owned(),
            key,
            handle: handle.clone(),
            before: handle.change_stamp(),
            wants_count: wants.0,
        })
    }
}

impl Findings {
    /// The finding, for a snapshot that has begun.
    pub(crate) fn recall(&self, place: &Place) -> Option<Finding> {
        let now = place.handle.change_stamp()?;
        let databases = self.databases.lock();
        let known = databases.get(&place.database)?;
        (known.stamp == now).then(|| known.findings.get(&place.key).cloned())?
    }

    /// Keeps a finding that was made in a snapshot after [`Place::of`] looked at the stamp.
    pub(crate) fn keep(&self, place: &Place, finding: &Finding) {
        let now = place.handle.change_stamp();
        let (Some(now), true) = (&now, now == place.before) else {
            return;
        };
        if !finding.is_complete(place.wants_count) {
            return;
        }
        let mut databases = self.databases.lock();
        let known = databases
            .entry(place.database.clone())
            .or_insert_with(|| Known {
                stamp: *now,
                findings: HashMap::new(),
            });
        if known.stamp != *now || known.findings.len() >= KEPT {
            known.stamp = *now;
            known.findings.clear();
        }
        known.findings.insert(place.key.clone(), finding.clone());
    }
}
