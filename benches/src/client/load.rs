//! A closed loop: each connection sends its next request when the last answer is complete.

use std::error::Error;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime;
use tokio::task::LocalSet;

use super::framing::Framing;
use super::request;
use crate::statistics::percentile;

/// After the time is up, answers under way may take this much longer.
const PATIENCE: Duration = Duration::from_secs(180);

/// What to send, how often at once, and for how long.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    /// The server.
    pub(crate) address: SocketAddr,
    /// Paths to ask for, over and over; each connection starts at another one. Not empty.
    pub(crate) paths: Vec<String>,
    /// Further header lines, each with its line end.
    pub(crate) headers: &'static str,
    /// What is posted to every path; a GET without.
    pub(crate) body: Option<&'static [u8]>,
    /// The status that every answer must have.
    pub(crate) status: u16,
    /// Connections, each with one request under way.
    pub(crate) connections: u16,
    /// No request is sent after this long.
    pub(crate) duration: Duration,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct LoadResult {
    /// Seconds from the first request to the last answer.
    pub(crate) elapsed: f64,
    /// Microseconds per answer, ascending.
    latencies: Vec<u32>,
}

impl LoadResult {
    /// Answers received, all with the expected status and a body.
    pub(crate) fn answers(&self) -> usize {
        self.latencies.len()
    }

    /// Answers per second.
    pub(crate) fn rate(&self) -> f64 {
        self.answers() as f64 / self.elapsed
    }

    /// Milliseconds within which `percent` of the answers came.
    pub(crate) fn latency(&self, percent: f64) -> Option<f64> {
        percentile(&self.latencies, percent).map(|microseconds| f64::from(microseconds) / 1000.0)
    }
}

impl Load {
    /// Sends the load from one thread and waits for the end.
    ///
    /// # Errors
    /// The first answer of another status or without a body, a broken connection, or a server that
    /// does not finish.
    pub(crate) fn run(&self) -> Result<LoadResult, Box<dyn Error>> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        LocalSet::new().block_on(&runtime, self.send())
    }

    async fn send(&self) -> Result<LoadResult, Box<dyn Error>> {
        let requests: Rc<[Vec<u8>]> = self
            .paths
            .iter()
            .map(|path| request(self.address, path, self.headers, self.body))
            .collect();
        let begin = Instant::now();
        let stop = begin + self.duration;
        let connections: Vec<_> = (0..self.connections)
            .map(|number| {
                let offset = usize::from(number) * requests.len() / usize::from(self.connections);
                let requests = Rc::clone(&requests);
                tokio::task::spawn_local(converse(
                    self.address,
                    self.status,
                    requests,
                    offset,
                    stop,
                ))
            })
            .collect();
        let mut latencies = Vec::new();
        for connection in connections {
            let outcome = tokio::time::timeout_at((stop + PATIENCE).into(), connection)
                .await
                .map_err(|_| "the server did not finish its last answers")?;
            latencies.extend(outcome??);
        }
        let elapsed = begin.elapsed().as_secs_f64();
        latencies.sort_unstable();
        Ok(LoadResult { elapsed, latencies })
    }
}

/// Sends requests one after the other until `stop`; returns the microseconds each answer took.
async fn converse(
    address: SocketAddr,
    status: u16,
    requests: Rc<[Vec<u8>]>,
    offset: usize,
    stop: Instant,
) -> Result<Vec<u32>, String> {
    let mut latencies = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    let mut framing = Framing::new();
    let mut stream = connect(address).await?;
    for request in requests.iter().cycle().skip(offset) {
        let begin = Instant::now();
        if begin >= stop {
            break;
        }
        stream
            .write_all(request)
            .await
            .map_err(|error| error.to_string())?;
        framing.reset();
        loop {
            let length = stream
                .read(&mut buffer)
                .await
                .map_err(|error| error.to_string())?;
            if length == 0 {
                framing.end().map_err(|error| error.to_string())?;
                break;
            }
            if framing
                .feed(&buffer[..length], |_| ())
                .map_err(|error| error.to_string())?
            {
                break;
            }
        }
        if framing.status() != status || framing.body_length() == 0 {
            return Err(format!(
                "answer with status {} and {} bytes",
                framing.status(),
                framing.body_length()
            ));
        }
        latencies.push(u32::try_from(begin.elapsed().as_micros()).unwrap_or(u32::MAX));
        if !framing.keeps_open() {
            stream = connect(address).await?;
        }
    }
    Ok(latencies)
}

async fn connect(address: SocketAddr) -> Result<TcpStream, String> {
    let stream = TcpStream::connect(address)
        .await
        .map_err(|error| error.to_string())?;
    stream
        .set_nodelay(true)
        .map_err(|error| error.to_string())?;
    Ok(stream)
}
