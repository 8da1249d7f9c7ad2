//! Column types that Python knows.

use std::sync::Arc;

use datasette_core::schema::Affinity;
use datasette_core::{Actor, Given, Value};
use datasette_hooks::{Answer, CellContent, ColumnPlace, ColumnType, Context, Data, Plain};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::Value as Json;

use super::called::{Circumstances, circumstances};
use super::declared::DeclaredColumnType;
use crate::process::PythonHost;

pub(super) struct RemoteColumnType {
    host: Arc<PythonHost>,
    declared: DeclaredColumnType,
    affinities: Vec<Affinity>,
}

#[derive(Serialize)]
struct Rendering<'a> {
    id: u64,
    database: &'a str,
    table: &'a str,
    column: &'a str,
    config: Plain<'a>,
    values: Vec<Data>,
    #[serde(flatten)]
    circumstances: Circumstances<'a>,
}

#[derive(Serialize)]
struct Validating<'a> {
    id: u64,
    config: Plain<'a>,
    value: GivenValue<'a>,
}

#[derive(Serialize)]
struct Transforming<'a> {
    id: u64,
    config: Plain<'a>,
    values: Vec<Data>,
}

/// A value as a call gave it.
struct GivenValue<'a>(&'a Given);

impl Serialize for GivenValue<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Given::Blob(bytes) => serializer.serialize_bytes(bytes),
            Given::Json(json) => Plain(json).serialize(serializer),
        }
    }
}

fn affinity(name: &str) -> Option<Affinity> {
    Some(match name {
        "TEXT" => Affinity::Text,
        "INTEGER" => Affinity::Integer,
        "REAL" => Affinity::Real,
        "BLOB" => Affinity::Blob,
        "NUMERIC" => Affinity::Numeric,
        _ => return None,
    })
}

fn data(values: &[Value]) -> Vec<Data> {
    values.iter().cloned().map(Data).collect()
}

impl RemoteColumnType {
    pub(super) fn new(host: Arc<PythonHost>, declared: DeclaredColumnType) -> Self {
        let names = declared.sqlite_types.iter();
        let affinities = names.filter_map(|name| affinity(name)).collect();
        Self {
            host,
            declared,
            affinities,
        }
    }
}

impl ColumnType for RemoteColumnType {
    fn name(&self) -> &str {
        &self.declared.name
    }

    fn description(&self) -> &str {
        &self.declared.description
    }

    fn affinities(&self) -> &[Affinity] {
        &self.affinities
    }

    fn render_cells<'a>(
        &'a self,
        context: &'a Context<'a>,
        place: ColumnPlace<'a>,
        config: &'a Json,
        values: &'a [Value],
    ) -> BoxFuture<'a, Answer<Vec<Option<CellContent>>>> {
        async move {
            let question = Rendering {
                id: self.declared.id,
                database: place.database,
                table: place.table,
                column: place.column,
                config: Plain(config),
                values: data(values),
                circumstances: circumstances(context),
            };
            self.host.ask("column_render", &question).await
        }
        .boxed()
    }

    fn validate<'a>(
        &'a self,
        _actor: Option<&'a Actor>,
        config: &'a Json,
        value: &'a Given,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        async move {
            let question = Validating {
                id: self.declared.id,
                config: Plain(config),
                value: GivenValue(value),
            };
            self.host.ask("column_validate", &question).await
        }
        .boxed()
    }

    fn transforms(&self) -> bool {
        self.declared.transforms
    }

    fn transform_values<'a>(
        &'a self,
        _context: &'a Context<'a>,
        config: &'a Json,
        values: &'a [Value],
    ) -> BoxFuture<'a, Answer<Vec<Json>>> {
        async move {
            let question = Transforming {
                id: self.declared.id,
                config: Plain(config),
                values: data(values),
            };
            self.host.ask("column_transform", &question).await
        }
        .boxed()
    }
}
