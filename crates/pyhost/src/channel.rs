//! One connection to the process of the plugins: calls in both directions, many at once.
//!
//! A call may be answered by questions: whoever waits for an answer goes on answering.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

use crate::protocol::{Failure, Frame, MOST_BYTES};

/// Answers the questions of the other side.
pub(crate) trait Answerer: Send + Sync + 'static {
    /// The answer, as MessagePack.
    fn answer(
        self: Arc<Self>,
        method: String,
        params: Bytes,
    ) -> BoxFuture<'static, Result<Vec<u8>, Failure>>;
}

/// Why a call has no answer.
#[derive(Debug)]
pub(crate) enum CallError {
    /// The other side failed and says how.
    Failed(Failure),
    /// The connection ended before the answer came.
    Gone,
    /// What came is no answer to this call.
    Nonsense(String),
}

impl fmt::Display for CallError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failure) => formatter.write_str(&failure.message),
            Self::Gone => formatter.write_str("the process of the plugins ended"),
            Self::Nonsense(why) => write!(formatter, "its answer makes no sense: {why}"),
        }
    }
}

type Waiting = oneshot::Sender<Result<Bytes, CallError>>;

/// The connection. Ends when it is dropped.
pub(crate) struct Channel {
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
    calls: Mutex<Calls>,
    next: AtomicU64,
    tasks: Mutex<Vec<AbortHandle>>,
}

#[derive(Default)]
struct Calls {
    /// Our calls that wait for an answer.
    waiting: HashMap<u64, Waiting>,
    /// Their calls that are being answered.
    answering: HashMap<u64, AbortHandle>,
    ended: bool,
}

/// Takes the call back when nobody waits for it any more.
struct TakenBack<'a> {
    channel: &'a Channel,
    id: u64,
}

impl Drop for TakenBack<'_> {
    fn drop(&mut self) {
        if self.channel.calls.lock().waiting.remove(&self.id).is_some() {
            self.channel.send(&Frame::Cancel { id: self.id });
        }
    }
}

impl Channel {
    /// Speaks over these two halves of a connection; `gone` is told when it ends, with the reason.
    pub(crate) fn start(
        reading: impl AsyncRead + Unpin + Send + 'static,
        writing: impl AsyncWrite + Unpin + Send + 'static,
        answerer: Arc<dyn Answerer>,
        gone: impl FnOnce(String) + Send + 'static,
    ) -> Arc<Self> {
        let (outgoing, messages) = mpsc::unbounded_channel();
        let channel = Arc::new(Self {
            outgoing,
            calls: Mutex::default(),
            next: AtomicU64::new(1),
            tasks: Mutex::default(),
        });
        let writer = tokio::spawn(write_all(writing, messages));
        let weak = Arc::downgrade(&channel);
        let reader = tokio::spawn(async move {
            let why = read_all(reading, &weak, answerer).await;
            if let Some(channel) = weak.upgrade() {
                channel.end();
            }
            gone(why);
        });
        channel
            .tasks
            .lock()
            .extend([writer.abort_handle(), reader.abort_handle()]);
        channel
    }

    fn send(&self, frame: &Frame) {
        // Where the writer has ended, the reader says so to everybody who waits.
        let _ = self.outgoing.send(frame.encode());
    }

    /// Calls the other side.
    pub(crate) async fn call(&self, method: &str, params: Vec<u8>) -> Result<Bytes, CallError> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let answer = self.begin(id, method, params)?;
        let _taken_back = TakenBack { channel: self, id };
        answer.await.unwrap_or(Err(CallError::Gone))
    }

    /// Calls the other side from a thread that may wait, not from one that runs tasks.
    pub(crate) fn call_blocking(&self, method: &str, params: Vec<u8>) -> Result<Bytes, CallError> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let answer = self.begin(id, method, params)?;
        answer.blocking_recv().unwrap_or(Err(CallError::Gone))
    }

    fn begin(
        &self,
        id: u64,
        method: &str,
        params: Vec<u8>,
    ) -> Result<oneshot::Receiver<Result<Bytes, CallError>>, CallError> {
        let (waiting, answer) = oneshot::channel();
        {
            let mut calls = self.calls.lock();
            if calls.ended {
                return Err(CallError::Gone);
            }
            calls.waiting.insert(id, waiting);
        }
        self.send(&Frame::Call {
            id,
            method: method.to_owned(),
            params: params.into(),
        });
        Ok(answer)
    }

    fn end(&self) {
        let mut calls = self.calls.lock();
        calls.ended = true;
        for (_, waiting) in calls.waiting.drain() {
            let _ = waiting.send(Err(CallError::Gone));
        }
        for (_, task) in calls.answering.drain() {
            task.abort();
        }
    }

    fn settle(&self, id: u64, result: Result<Bytes, CallError>) {
        // A call that was taken back is answered all the same, sometimes.
        if let Some(waiting) = self.calls.lock().waiting.remove(&id) {
            let _ = waiting.send(result);
        }
    }

    fn answer(self: &Arc<Self>, id: u64, work: impl Future<Output = Frame> + Send + 'static) {
        let channel = Arc::downgrade(self);
        // Locked first, so that the task finds itself when it is done at once.
        let mut calls = self.calls.lock();
        let task = Handle::current().spawn(async move {
            let frame = work.await;
            if let Some(channel) = channel.upgrade() {
                channel.calls.lock().answering.remove(&id);
                channel.send(&frame);
            }
        });
        calls.answering.insert(id, task.abort_handle());
    }

    fn cancel(&self, id: u64) {
        if let Some(task) = self.calls.lock().answering.remove(&id) {
            task.abort();
        }
    }

    fn take(self: &Arc<Self>, frame: Frame, answerer: &Arc<dyn Answerer>) -> Result<(), String> {
        match frame {
            Frame::Call { id, method, params } => {
                let work = Arc::clone(answerer).answer(method, params);
                self.answer(id, async move {
                    match work.await {
                        Ok(result) => Frame::Answer {
                            id,
                            result: result.into(),
                        },
                        Err(failure) => failed(id, &failure),
                    }
                });
            }
            Frame::Answer { id, result } => self.settle(id, Ok(result)),
            Frame::Failed { id, failure } => {
                let error = match rmp_serde::from_slice(&failure) {
                    Ok(failure) => CallError::Failed(failure),
                    Err(error) => CallError::Nonsense(error.to_string()),
                };
                self.settle(id, Err(error));
            }
            Frame::Cancel { id } => self.cancel(id),
        }
        Ok(())
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.end();
        for task in self.tasks.lock().drain(..) {
            task.abort();
        }
    }
}

fn failed(id: u64, failure: &Failure) -> Frame {
    Frame::Failed {
        id,
        failure: rmp_serde::to_vec_named(failure).unwrap_or_default().into(),
    }
}

async fn write_all(
    mut writing: impl AsyncWrite + Unpin,
    mut messages: mpsc::UnboundedReceiver<Vec<u8>>,
) {
    while let Some(message) = messages.recv().await {
        if writing.write_all(&message).await.is_err() {
            return;
        }
    }
}

/// Reads until the connection ends or makes no sense; answers why.
async fn read_all(
    mut reading: impl AsyncRead + Unpin,
    channel: &Weak<Channel>,
    answerer: Arc<dyn Answerer>,
) -> String {
    let mut buffer = BytesMut::with_capacity(64 * 1024);
    loop {
        while let Some(length) = length(&buffer) {
            if length > MOST_BYTES {
                return format!("a message of {length} bytes is too long");
            }
            if buffer.len() < length + 4 {
                buffer.reserve(length + 4 - buffer.len());
                break;
            }
            let message = buffer.split_to(length + 4).freeze().slice(4..);
            let Some(channel) = channel.upgrade() else {
                return "nobody listens".to_owned();
            };
            let taken = Frame::decode(&message)
                .map_err(|error| error.0.to_owned())
                .and_then(|frame| channel.take(frame, &answerer));
            if let Err(why) = taken {
                return format!("a message makes no sense: {why}");
            }
        }
        match reading.read_buf(&mut buffer).await {
            Ok(0) => return "the connection was closed".to_owned(),
            Ok(_) => {}
            Err(error) => return error.to_string(),
        }
    }
}

fn length(buffer: &[u8]) -> Option<usize> {
    let bytes = buffer.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}
