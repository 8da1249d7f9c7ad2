//! Listing stored queries: those of the instance or of one database that the actor may view.

use datasette_core::action::QueryRef;
use datasette_core::{Actor, Catalogue, DatabaseRef, Fault, QueryString, StoredQuery, tilde};
use datasette_internal::mentions;
use datasette_query::bounds;

use crate::Instance;
use crate::page::{Split, StoredListPage, StoredSummary};

/// The most queries of a page, whatever is asked for (DEBUG-64).
const MOST: usize = 1000;

/// The queries that a database page shows (DB-09).
const SHOWN: usize = 5;

/// What a list is narrowed to (DEBUG-63).
#[derive(Clone, Debug, Default)]
pub struct StoredListRequest {
    /// Text in name, title, description or SQL.
    pub search: Option<String>,
    /// Only those that write, or only those that do not.
    pub is_write: Option<bool>,
    /// Only the private ones, or only the others.
    pub is_private: Option<bool>,
    /// Only those of this source.
    pub source: Option<String>,
    /// Only those of this owner.
    pub owner_id: Option<String>,
    limit: usize,
    after: Option<String>,
}

impl StoredListRequest {
    /// Reads the arguments of a list; pages have `default_size` queries unless told otherwise.
    ///
    /// # Errors
    /// 400 for a flag that is neither yes nor no and for a size as TABLE-17 and TABLE-18.
    pub fn parse(
        instance: &Instance,
        arguments: &QueryString,
        default_size: u32,
    ) -> Result<Self, Fault> {
        let maximum = instance.config.settings.max_returned_rows;
        let size = bounds::page_size(arguments, maximum)?.unwrap_or(default_size);
        let text = |name| {
            let value = arguments.get(name).filter(|value| !value.is_empty());
            value.map(str::to_owned)
        };
        Ok(Self {
            is_write: flag(arguments, "is_write")?,
            is_private: flag(arguments, "is_private")?,
            search: text("q"),
            source: text("source"),
            owner_id: text("owner_id"),
            limit: (size as usize).clamp(1, MOST),
            after: text("_next"),
        })
    }

    /// Whether the query is one of those, both flags left out of account.
    fn covers(&self, query: &StoredQuery) -> bool {
        let is = |wanted: &Option<String>, own: Option<&str>| {
            wanted.is_none() || wanted.as_deref() == own
        };
        is(&self.source, Some(&query.source))
            && is(&self.owner_id, query.owner_id.as_deref())
            && self
                .search
                .as_ref()
                .is_none_or(|part| mentions(query, part))
    }
}

/// Yes or no, or nothing.
fn flag(arguments: &QueryString, name: &str) -> Result<Option<bool>, Fault> {
    let text = arguments.get(name).unwrap_or_default().to_lowercase();
    match text.as_str() {
        "" => Ok(None),
        "1" | "true" | "t" | "yes" | "on" => Ok(Some(true)),
        "0" | "false" | "f" | "no" | "off" => Ok(Some(false)),
        _ => Err(Fault::bad_request(format!("{name} must be 0 or 1"))),
    }
}

/// Reads one page of the list.
pub async fn list_stored(
    instance: &Instance,
    actor: Option<&Actor>,
    catalogue: &Catalogue,
    database: Option<DatabaseRef>,
    request: &StoredListRequest,
) -> Result<StoredListPage, Fault> {
    let stored = instance.internal.stored_queries().await?;
    let candidates: Vec<QueryRef> = match &database {
        Some(database) => stored
            .of(database.name())
            .filter(|query| request.covers(query))
            .map(|query| QueryRef::new(database.clone(), query.clone()))
            .collect(),
        None => stored
            .all()
            .filter(|query| request.covers(query))
            .filter_map(|query| {
                let database = catalogue.database(&query.database)?;
                Some(QueryRef::new(database, query.clone()))
            })
            .collect(),
    };
    let mut visible = visible(instance, actor, candidates).await?;
    let mut modes = Split {
        chosen: request.is_write,
        ..Split::default()
    };
    let mut visibilities = Split {
        chosen: request.is_private,
        ..Split::default()
    };
    let fits = |wanted: Option<bool>, own: bool| wanted.is_none_or(|wanted| wanted == own);
    visible.retain(|entry| {
        let query = entry.query.stored();
        let of_mode = fits(request.is_write, query.is_write);
        let of_visibility = fits(request.is_private, query.is_private);
        if of_visibility {
            count(&mut modes, query.is_write);
        }
        if of_mode {
            count(&mut visibilities, query.is_private);
        }
        of_mode && of_visibility
    });
    if let Some(token) = &request.after {
        visible.retain(follows(token, database.is_none()));
    }
    let more = visible.len() > request.limit;
    visible.truncate(request.limit);
    let last = visible.last().filter(|_| more);
    let next = last.map(|entry| token(entry.query.stored(), database.is_none()));
    Ok(StoredListPage {
        database,
        queries: visible,
        next,
        limit: request.limit,
        modes,
        visibilities,
    })
}

fn count(split: &mut Split, flagged: bool) {
    match flagged {
        true => split.with += 1,
        false => split.without += 1,
    }
}

/// The place of a query in its list (DEBUG-65).
fn token(query: &StoredQuery, names_database: bool) -> String {
    let (key, name) = (query.sort_key(), &query.name);
    let place = format!("{},{}", tilde::encode(&key), tilde::encode(name));
    match names_database {
        true => format!("{},{place}", tilde::encode(&query.database)),
        false => place,
    }
}

/// Whether a query comes after the place that a token tells; a token of another form tells none.
fn follows(token: &str, names_database: bool) -> impl Fn(&StoredSummary) -> bool + use<> {
    let parts: Vec<String> = token
        .split(',')
        .map(|part| tilde::decode(part).into_owned())
        .collect();
    move |entry| {
        let query = entry.query.stored();
        match (names_database, parts.as_slice()) {
            (true, [database, key, name]) => {
                let place = (&query.database, query.sort_key(), &query.name);
                place > (database, key.clone(), name)
            }
            (false, [key, name]) => (query.sort_key(), &query.name) > (key.clone(), name),
            _ => true,
        }
    }
}

/// The first queries of a database that the actor may view, and how many there are (DB-09).
pub async fn first_stored(
    instance: &Instance,
    actor: Option<&Actor>,
    database: &DatabaseRef,
) -> Result<(Vec<StoredSummary>, usize), Fault> {
    let stored = instance.internal.stored_queries().await?;
    let all = stored
        .of(database.name())
        .map(|query| QueryRef::new(database.clone(), query.clone()));
    let mut visible = visible(instance, actor, all).await?;
    let count = visible.len();
    visible.truncate(SHOWN);
    Ok((visible, count))
}

async fn visible(
    instance: &Instance,
    actor: Option<&Actor>,
    queries: impl IntoIterator<Item = QueryRef>,
) -> Result<Vec<StoredSummary>, Fault> {
    let visible = instance.gate.visible_queries(actor, queries).await?;
    let summaries = visible.into_iter().map(|entry| StoredSummary {
        query: entry.item,
        private: entry.private,
    });
    Ok(summaries.collect())
}
