//! Rules that plugins write as SQL over the internal database (HOOK-146 to HOOK-150).

use std::sync::Arc;
use std::time::Duration;

use datasette_core::{Actor, Fault, FaultKind, RowBatch, Value, ValueRef};
use datasette_hooks::{PermissionAnswer, PermissionRule, PermissionSql, Restriction};
use datasette_internal::{Internal, Registry};
use datasette_permissions::RuleResolver;
use datasette_sqlite::{Limits, Reader};
use futures_util::future::BoxFuture;
use serde_json::Value as Json;

/// Runs the statements.
pub(crate) struct RuleSql {
    internal: Arc<Internal>,
    registry: Arc<Registry>,
    limit: Duration,
}

impl RuleSql {
    /// Each statement may take `limit_ms` milliseconds.
    pub(crate) fn new(internal: &Arc<Internal>, registry: &Arc<Registry>, limit_ms: u32) -> Self {
        Self {
            internal: Arc::clone(internal),
            registry: Arc::clone(registry),
            limit: Duration::from_millis(u64::from(limit_ms)),
        }
    }
}

impl RuleResolver for RuleSql {
    fn resolve<'a>(
        &'a self,
        actor: Option<&'a Actor>,
        action: &'a str,
        statements: &'a [PermissionSql],
    ) -> BoxFuture<'a, Result<PermissionAnswer, Fault>> {
        Box::pin(async move {
            // The statements read the catalogue tables, which follow what is attached.
            self.registry.settled().await;
            let params = shared_params(actor, action, statements);
            let statements = statements.to_vec();
            let limit = self.limit;
            self.internal
                .database()
                .read(move |reader| {
                    let mut answer = PermissionAnswer::default();
                    for statement in &statements {
                        find(reader, statement, &params, limit, &mut answer)?;
                    }
                    Ok(answer)
                })
                .await
        })
    }
}

/// Parameters of all statements share one name space; of one name the later value counts, and the
/// server's own count most (HOOK-147, HOOK-148).
fn shared_params(
    actor: Option<&Actor>,
    action: &str,
    statements: &[PermissionSql],
) -> Vec<(String, Value)> {
    let mut params: Vec<(String, Value)> = Vec::new();
    let mut set = |name: &str, value: Value| {
        match params.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = value,
            None => params.push((name.to_owned(), value)),
        };
    };
    for (name, value) in statements.iter().flat_map(|statement| &statement.params) {
        set(name, value.0.clone());
    }
    let json = actor.map(|actor| Json::from(actor.properties().clone()).to_string());
    set("actor", json.map_or(Value::Null, Value::Text));
    set("actor_id", actor.map_or(Value::Null, id));
    set("action", Value::from(action));
    // Statements always see all resources, of which the engine takes those that it needs.
    set("filter_parent", Value::Null);
    params
}

/// The actor's id as the type that it has; lists and objects have none.
fn id(actor: &Actor) -> Value {
    match actor.properties().get("id") {
        Some(Json::String(text)) => Value::from(text.as_str()),
        Some(Json::Bool(truth)) => Value::Integer(i64::from(*truth)),
        Some(Json::Number(number)) => number
            .as_i64()
            .map(Value::Integer)
            .or_else(|| number.as_f64().map(Value::Real))
            .unwrap_or(Value::Null),
        _ => Value::Null,
    }
}

fn find(
    reader: &mut Reader<'_>,
    statement: &PermissionSql,
    params: &[(String, Value)],
    limit: Duration,
    answer: &mut PermissionAnswer,
) -> Result<(), Fault> {
    let source = &statement.source;
    let mut run = |sql: &str, wanted: &[&str]| {
        let (rows, _) = reader
            .batch(sql, params, &Limits::time(limit))
            .map_err(|error| failed(source, &Fault::from(error).message()))?;
        let places = wanted
            .iter()
            .map(|name| {
                let mut known = rows.column_names().iter();
                known.position(|known| known.eq_ignore_ascii_case(name))
            })
            .collect::<Option<Vec<usize>>>()
            .ok_or_else(|| failed(source, &format!("it must yield {}", wanted.join(", "))))?;
        Ok::<(RowBatch, Vec<usize>), Fault>((rows, places))
    };
    if let Some(sql) = &statement.sql {
        let (rows, at) = run(sql, &["parent", "child", "allow", "reason"])?;
        answer.rules.extend(rows.rows().filter_map(|row| {
            Some(PermissionRule {
                parent: name(row.get(at[0]))?,
                child: name(row.get(at[1]))?,
                allow: allows(row.get(at[2])),
                reason: text(row.get(at[3])).unwrap_or_default(),
                source: source.clone(),
            })
        }));
    }
    if let Some(sql) = &statement.restriction_sql {
        let (rows, at) = run(sql, &["parent", "child"])?;
        answer.restrictions.push(Restriction {
            source: source.clone(),
            covers: rows
                .rows()
                .filter_map(|row| Some((name(row.get(at[0]))?, name(row.get(at[1]))?)))
                .collect(),
        });
    }
    Ok(())
}

/// A rule that cannot be known fails the check; nobody is let in by a mistake.
fn failed(source: &str, message: &str) -> Fault {
    Fault::new(FaultKind::Internal, "Internal server error")
        .caused_by(format!("permission SQL of {source}: {message}"))
}

/// The name in a row, or that it is about every one; `None` when it is about nothing: bytes are no
/// name of anything, and must not read like NULL, which is wider.
#[allow(
    clippy::option_option,
    reason = "a row without a name is not a row that is dropped"
)]
fn name(value: ValueRef<'_>) -> Option<Option<String>> {
    match value {
        ValueRef::Blob(_) => None,
        other => Some(text(other)),
    }
}

/// A number that is not zero allows; whatever is no number denies.
fn allows(value: ValueRef<'_>) -> bool {
    match value {
        ValueRef::Integer(number) => number != 0,
        ValueRef::Real(number) => number != 0.0,
        _ => false,
    }
}

fn text(value: ValueRef<'_>) -> Option<String> {
    value.as_text().map(std::borrow::Cow::into_owned)
}
