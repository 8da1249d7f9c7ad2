//! Requests per second under load, and the latency of one client.

use std::error::Error;
use std::time::{Duration, Instant};

use super::setting::{Setting, paths};
use super::work::Work;
use crate::agreement::Agreement;
use crate::client::{self, Load, LoadResult};
use crate::contestants::Contestant;
use crate::report::{LineKey, Sample};

/// Load before the measured load, so that caches and statements are ready.
const WARM_UP: Duration = Duration::from_millis(500);
/// A server that needs longer than this for one answer is warm after it, and would only cost
/// minutes.
const SLOW: Duration = Duration::from_millis(200);

/// Starts the contestant, compares its first answer with the others', then loads it.
///
/// # Errors
/// A server that fails, or answers differently than the others.
pub(super) fn measure(
    work: Work,
    contestant: Contestant,
    setting: &Setting,
    agreement: &mut Agreement,
) -> Result<Vec<Sample>, Box<dyn Error>> {
    let server = setting.start(work, contestant)?;
    for path in paths(work).iter().take(3) {
        agreement.check(work, path, &client::fetch(server.address(), path)?)?;
    }
    let load = setting.load(work, &server);
    warm_up(&load)?;
    let result = load.run()?;
    let sample = |key, value, result: &LoadResult| Sample {
        p50: result.latency(50.0),
        p99: result.latency(99.0),
        ..Sample::new(key, value)
    };
    let key = match work {
        Work::Row => LineKey::RowJson,
        Work::Html => LineKey::TableHtml,
        Work::Database => LineKey::DatabaseRate,
        _ => LineKey::TableJson,
    };
    let mut samples = vec![sample(key, result.rate(), &result)];
    if work == Work::Database {
        let alone = Load {
            connections: 1,
            ..load
        }
        .run()?;
        let latency = alone.latency(50.0).ok_or("no answer at all")?;
        samples.push(sample(LineKey::DatabaseLatency, latency, &alone));
    }
    Ok(samples)
}

/// Loads the server for a moment, unless one answer already takes longer.
fn warm_up(load: &Load) -> Result<(), Box<dyn Error>> {
    let begin = Instant::now();
    for path in load.paths.iter().take(1) {
        client::fetch(load.address, path)?;
    }
    if begin.elapsed() < SLOW {
        Load {
            duration: WARM_UP.min(load.duration),
            ..load.clone()
        }
        .run()?;
    }
    Ok(())
}
