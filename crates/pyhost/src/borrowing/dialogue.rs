//! The dialogue on a stage: the lane's thread says what is to be done, and does what Python wants done
//! with the connection until that is over.

use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use datasette_core::live::{
    BlobPlace, Definition, Judge, LiveConnection, LiveError, LiveStatement, Stopper,
};
use datasette_hooks::HookError;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::answer::{self, Part};
use super::question::{GivenParameters, Rest, Said, understood};
use super::stage::{Stage, broken, receive, send};
use crate::plugin::callbacks;
use crate::process::PythonHost;
use crate::protocol::Failure;

/// The questions by number, as Python knows them.
mod number {
    pub(super) const RUN: u64 = 1;
    pub(super) const RUN_ON: u64 = 2;
    pub(super) const FORGET: u64 = 3;
    pub(super) const REPEAT: u64 = 4;
    pub(super) const SCRIPT: u64 = 5;
    pub(super) const END: u64 = 6;
    pub(super) const FUNCTION: u64 = 7;
    pub(super) const AGGREGATE: u64 = 8;
    pub(super) const COLLATION: u64 = 9;
    pub(super) const JUDGE: u64 = 10;
    pub(super) const STOPPER: u64 = 11;
    pub(super) const LIMIT_TIME: u64 = 12;
    pub(super) const LIMIT: u64 = 13;
    pub(super) const ALLOW_EXTENSIONS: u64 = 14;
    pub(super) const LOAD_EXTENSION: u64 = 15;
    pub(super) const COPY: u64 = 16;
    pub(super) const BLOB_SIZE: u64 = 17;
    pub(super) const READ_BLOB: u64 = 18;
    pub(super) const WRITE_BLOB: u64 = 19;
}

/// Says `opening` and serves Python until it is done; answers what it says in the end. A dialogue
/// that breaks off is over for good: the thread of Python finds its stage closed.
pub(super) fn hold<T: DeserializeOwned>(
    stage: &Stage,
    host: &Arc<PythonHost>,
    connection: Option<&mut dyn LiveConnection>,
    opening: &[u8],
) -> Result<T, HookError> {
    let mut stream = stage.stream.lock();
    let end = converse(stage, &mut stream, host, connection, opening);
    if let Err(error) = &end {
        tracing::error!("A plugin loses a connection: {error}");
        let _ = stream.shutdown(std::net::Shutdown::Both);
        host.forget_stage();
    }
    match end? {
        Ended::Well(value) => Ok(value),
        Ended::Badly(failure) => Err(failure.into()),
    }
}

enum Ended<T> {
    Well(T),
    Badly(Failure),
}

fn converse<T: DeserializeOwned>(
    stage: &Stage,
    stream: &mut UnixStream,
    host: &Arc<PythonHost>,
    mut connection: Option<&mut dyn LiveConnection>,
    opening: &[u8],
) -> Result<Ended<T>, HookError> {
    let lost = |error| broken(&error, stage.silence);
    let nonsense = |why: String| HookError::failed(format!("what it says makes no sense: {why}"));
    stream.set_read_timeout(Some(stage.silence)).map_err(lost)?;
    send(stream, opening).map_err(lost)?;
    loop {
        let message = receive(stream).map_err(lost)?;
        match understood(&message).map_err(nonsense)? {
            Said::Done(mut rest) => {
                return if rest.next::<bool>().map_err(nonsense)? {
                    rest.next().map(Ended::Well).map_err(nonsense)
                } else {
                    rest.next().map(Ended::Badly).map_err(nonsense)
                };
            }
            Said::Question(number, mut rest) => {
                let Some(connection) = &mut connection else {
                    return Err(nonsense("it has no connection".to_owned()));
                };
                let answer = answer(&mut **connection, host, number, &mut rest);
                send(stream, &answer).map_err(lost)?;
            }
        }
    }
}

/// Why nothing was done.
enum Undone {
    Refused(LiveError),
    /// The question cannot be understood.
    Unclear(String),
}

impl From<LiveError> for Undone {
    fn from(error: LiveError) -> Self {
        Self::Refused(error)
    }
}

impl From<String> for Undone {
    fn from(why: String) -> Self {
        Self::Unclear(why)
    }
}

fn answer(
    connection: &mut dyn LiveConnection,
    host: &Arc<PythonHost>,
    number: u64,
    rest: &mut Rest<'_>,
) -> Vec<u8> {
    let result = match number {
        number::RUN => run(connection, rest),
        number::RUN_ON => run_on(connection, rest),
        number::REPEAT => repeat(connection, rest),
        number::FUNCTION | number::AGGREGATE | number::COLLATION => {
            define(connection, host, number, rest)
        }
        number::JUDGE | number::STOPPER => supervise(connection, host, number, rest),
        number::COPY | number::BLOB_SIZE | number::READ_BLOB | number::WRITE_BLOB => {
            bytes(connection, number, rest)
        }
        _ => other(connection, number, rest),
    };
    result.unwrap_or_else(|undone| {
        let error = match undone {
            Undone::Refused(error) => error,
            // A number that SQLite does not have.
            Undone::Unclear(message) => LiveError { code: -1, message },
        };
        answer::failed(connection.standing(), &error)
    })
}

fn run(connection: &mut dyn LiveConnection, rest: &mut Rest<'_>) -> Result<Vec<u8>, Undone> {
    let sql: &str = rest.next()?;
    let GivenParameters(parameters) = rest.next()?;
    let begin: Option<&str> = rest.next()?;
    let most: u32 = rest.next()?;
    let expand: bool = rest.next()?;
    let forgotten: Vec<u64> = rest.next()?;
    for open in forgotten {
        connection.forget(open);
    }
    let statement = LiveStatement {
        sql,
        parameters: &parameters,
        begin,
        expand,
    };
    let mut part = Part::new(most);
    let ran = connection.run(statement, &mut part)?;
    Ok(answer::ran(connection.standing(), &ran, &part))
}

fn run_on(connection: &mut dyn LiveConnection, rest: &mut Rest<'_>) -> Result<Vec<u8>, Undone> {
    let open = rest.next()?;
    let mut part = Part::new(rest.next()?);
    let ran = connection.run_on(open, &mut part)?;
    Ok(answer::ran(connection.standing(), &ran, &part))
}

fn repeat(connection: &mut dyn LiveConnection, rest: &mut Rest<'_>) -> Result<Vec<u8>, Undone> {
    let sql: &str = rest.next()?;
    let begin: Option<&str> = rest.next()?;
    let sets: Vec<GivenParameters> = rest.next()?;
    let sets: Vec<_> = sets.into_iter().map(|GivenParameters(set)| set).collect();
    let changed = connection.repeat(sql, begin, &sets)?;
    Ok(answer::done(connection.standing(), &changed))
}

fn define(
    connection: &mut dyn LiveConnection,
    host: &Arc<PythonHost>,
    number: u64,
    rest: &mut Rest<'_>,
) -> Result<Vec<u8>, Undone> {
    let name: String = rest.next()?;
    let definition = if number == number::COLLATION {
        let id: Option<u64> = rest.next()?;
        Definition::Collation {
            name,
            order: id.map(|id| callbacks::order(host, id)),
        }
    } else {
        let arity: i32 = rest.next()?;
        let flag: bool = rest.next()?;
        let id: Option<u64> = rest.next()?;
        match number {
            number::FUNCTION => Definition::Function {
                name,
                arity,
                deterministic: flag,
                function: id.map(|id| callbacks::function(host, id)),
            },
            _ => Definition::Aggregate {
                name,
                arity,
                window: flag,
                start: id.map(|id| callbacks::aggregator(host, id)),
            },
        }
    };
    connection.define(definition)?;
    Ok(answer::done(connection.standing(), &()))
}

fn supervise(
    connection: &mut dyn LiveConnection,
    host: &Arc<PythonHost>,
    number: u64,
    rest: &mut Rest<'_>,
) -> Result<Vec<u8>, Undone> {
    let id: Option<u64> = rest.next()?;
    if number == number::JUDGE {
        let judge: Option<Judge> = id.map(|id| callbacks::judge(host, id));
        connection.judge(judge);
    } else {
        let steps: u32 = rest.next()?;
        let stopper: Option<Stopper> = id.map(|id| callbacks::stopper(host, id));
        connection.stop_when(steps, stopper);
    }
    Ok(answer::done(connection.standing(), &()))
}

#[derive(Deserialize)]
struct Place<'a> {
    schema: &'a str,
    table: &'a str,
    column: &'a str,
    rowid: i64,
}

fn bytes(
    connection: &mut dyn LiveConnection,
    number: u64,
    rest: &mut Rest<'_>,
) -> Result<Vec<u8>, Undone> {
    if number == number::COPY {
        let schema: &str = rest.next()?;
        let file: &str = rest.next()?;
        connection.copy_to(schema, Path::new(file))?;
        return Ok(answer::done(connection.standing(), &()));
    }
    let Place {
        schema,
        table,
        column,
        rowid,
    } = rest.next()?;
    let place = BlobPlace {
        schema,
        table,
        column,
        rowid,
    };
    Ok(match number {
        number::BLOB_SIZE => {
            let size = connection.blob_size(place, rest.next()?)?;
            answer::done(connection.standing(), &size)
        }
        number::READ_BLOB => {
            let (start, length) = (rest.next()?, rest.next()?);
            let bytes = connection.read_blob(place, start, length)?;
            answer::done(connection.standing(), &crate::answering::Blob(&bytes))
        }
        _ => {
            let start = rest.next()?;
            let bytes: datasette_hooks::Data = rest.next()?;
            let datasette_core::Value::Blob(bytes) = bytes.0 else {
                return Err(LiveError::misuse("a bytes-like object is required").into());
            };
            connection.write_blob(place, start, &bytes)?;
            answer::done(connection.standing(), &())
        }
    })
}

fn other(
    connection: &mut dyn LiveConnection,
    number: u64,
    rest: &mut Rest<'_>,
) -> Result<Vec<u8>, Undone> {
    match number {
        number::FORGET => connection.forget(rest.next()?),
        number::SCRIPT => connection.script(rest.next()?)?,
        number::END => connection.end(rest.next()?)?,
        number::LIMIT_TIME => {
            let milliseconds: Option<f64> = rest.next()?;
            let limit = milliseconds
                .and_then(|limit| Duration::try_from_secs_f64(limit.max(0.0) / 1000.0).ok());
            connection.limit_time(limit);
        }
        number::LIMIT => {
            let former = connection.limit(rest.next()?, rest.next()?)?;
            return Ok(answer::done(connection.standing(), &former));
        }
        number::ALLOW_EXTENSIONS => connection.allow_extensions(rest.next()?)?,
        number::LOAD_EXTENSION => {
            let path: &str = rest.next()?;
            connection.load_extension(path, rest.next()?)?;
        }
        _ => return Err(Undone::Unclear(format!("there is no question {number}"))),
    }
    Ok(answer::done(connection.standing(), &()))
}
