//! A server that answers before its plugins have started, because it knows what they declare.

use std::sync::Arc;

use bytes::Bytes;
use datasette_hooks::HookError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, oneshot, watch};

use super::launch::{Interpreter, Running};
use super::supervisor::{Beginnings, Order, PythonHost, State, Supervisor, decoded, up};

/// What became of plugins that were taken for known.
#[derive(Debug)]
pub enum Verdict {
    /// They declare what they declared before.
    AsKnown,
    /// They declare other things: the server has to start again with these.
    Changed,
    /// They do not start; the text says why.
    Failed(String),
}

impl PythonHost {
    /// Starts the process in the background. `known` is what its plugins declared when they started
    /// last. What needs them waits until they run.
    ///
    /// # Errors
    /// What is known makes no sense.
    pub(crate) fn start_early<R: DeserializeOwned>(
        interpreter: Interpreter,
        start: &impl Serialize,
        known: Bytes,
        tell: impl FnOnce(&Bytes) + Send + 'static,
    ) -> Result<(Arc<Self>, R, oneshot::Receiver<Verdict>), HookError> {
        let declared = decoded(&known)?;
        let beginnings = Beginnings::new(interpreter, start)?;
        let (states, state) = watch::channel(State::Starting);
        let (orders, orders_in) = mpsc::unbounded_channel();
        let host = Arc::new(Self::new(state, orders, &beginnings));
        let supervisor = Supervisor {
            beginnings,
            declared: known,
            states,
            orders: orders_in,
        };
        let (judging, verdict) = oneshot::channel();
        tokio::spawn(supervisor.catch_up(judging, tell));
        Ok((host, declared, verdict))
    }
}

impl Supervisor {
    async fn catch_up(
        mut self,
        judging: oneshot::Sender<Verdict>,
        tell: impl FnOnce(&Bytes) + Send,
    ) {
        let started = tokio::select! {
            started = self.beginnings.bring_up() => started,
            () = stopped(&mut self.orders) => return self.over("the server stops"),
        };
        let (verdict, running) = match started {
            Ok((running, declared)) if declared == self.declared => {
                (Verdict::AsKnown, Some(running))
            }
            Ok((_, declared)) => {
                tell(&declared);
                (Verdict::Changed, None)
            }
            Err(error) => (Verdict::Failed(error.to_string()), None),
        };
        let Some(running) = running else {
            self.over("the server starts again with what the plugins declare now");
            let _ = judging.send(verdict);
            return;
        };
        if let Err(error) = self.join(&running).await {
            let _ = judging.send(Verdict::Failed(error.to_string()));
            return self.over("the plugins did not start");
        }
        self.states.send_replace(up(&running));
        let _ = judging.send(verdict);
        self.supervise(running).await;
    }

    /// Tells the process what happened before it was there.
    async fn join(&mut self, running: &Running) -> Result<(), HookError> {
        self.beginnings.past.begun.notified().await;
        self.resume(running).await
    }
}

/// Waits for the order to stop.
async fn stopped(orders: &mut mpsc::UnboundedReceiver<Order>) {
    loop {
        match orders.recv().await {
            Some(Order::Stop(done)) => {
                let _ = done.send(());
                return;
            }
            Some(Order::Replace(..)) => {}
            None => return,
        }
    }
}
