//! Keeps the process of the plugins running and reaches it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use datasette_core::{Fault, Value};
use datasette_hooks::{HookError, HostServices};
use parking_lot::Mutex;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{Notify, mpsc, oneshot, watch};

use super::at_work::AtWork;
use super::launch::{Interpreter, LaunchError, Running, launch};
use super::patience;
use crate::answering::Services;
use crate::borrowing::{Stage, Stages};
use crate::channel::{CallError, Channel};
use crate::lines::{Lines, Operation};
use crate::plugin::Place;
use crate::protocol::FailureKind;

/// How a running process is reached.
#[derive(Clone)]
pub(super) struct Reach {
    pub(super) channel: Arc<Channel>,
    pub(super) lines: Arc<Lines>,
    pub(super) at_work: AtWork,
    pub(super) stages: Arc<Stages>,
}

#[derive(Clone)]
pub(super) enum State {
    /// Being started, for the first time or again.
    Starting,
    Up(Reach),
    /// Ended for good; the text says why.
    Over(Arc<str>),
}

pub(super) enum Order {
    /// It hangs and is to be replaced; the text says how that was noticed.
    Replace(Arc<Channel>, String),
    /// The server ends.
    Stop(oneshot::Sender<()>),
}

/// The process that runs the Python plugins, whichever one it is at the moment.
pub struct PythonHost {
    pub(super) state: watch::Receiver<State>,
    pub(super) orders: mpsc::UnboundedSender<Order>,
    pub(super) services: Arc<Services>,
    /// What a process that replaces another has to repeat.
    pub(super) past: Arc<Past>,
    pub(super) patience: Duration,
}

/// What was done with a process, and has to be done again with one that replaces it.
#[derive(Default)]
pub(super) struct Past {
    /// Whether the hooks of the start ran.
    started: AtomicBool,
    /// Told when they do.
    pub(super) begun: Notify,
    /// Whether all plugins have started, and then whether requests come over a socket.
    launched: OnceLock<bool>,
    /// The preparations of connections that were asked for, in order: functions have their numbers
    /// by it.
    prepared: Mutex<Vec<PreparedBefore>>,
}

#[derive(Clone, Serialize)]
struct PreparedBefore {
    #[serde(flatten)]
    place: Place,
    database: String,
}

#[derive(Serialize)]
struct Resumed {
    started: bool,
    serving: Option<bool>,
    prepared: Vec<PreparedBefore>,
}

/// What every new process is told first.
pub(super) struct Beginnings {
    interpreter: Interpreter,
    start: Vec<u8>,
    services: Arc<Services>,
    pub(super) past: Arc<Past>,
}

pub(super) fn up(running: &Running) -> State {
    State::Up(Reach {
        channel: Arc::clone(&running.channel),
        lines: Arc::clone(&running.lines),
        at_work: running.at_work.clone(),
        stages: Arc::clone(&running.stages),
    })
}

fn encoded(params: &impl Serialize) -> Result<Vec<u8>, HookError> {
    rmp_serde::to_vec_named(params)
        .map_err(|error| HookError::failed(format!("the question cannot be written: {error}")))
}

pub(super) fn decoded<R: DeserializeOwned>(answer: &Bytes) -> Result<R, HookError> {
    rmp_serde::from_slice(answer)
        .map_err(|error| HookError::failed(format!("the answer makes no sense: {error}")))
}

fn hook_error(error: CallError) -> HookError {
    match error {
        CallError::Failed(failure) => failure.into(),
        other => HookError::failed(other.to_string()),
    }
}

impl PythonHost {
    /// Starts the process, tells it what it serves, and answers with what its plugins declare.
    ///
    /// # Errors
    /// Python cannot be started, or a plugin cannot be loaded (PLUG-05).
    pub async fn start<R: DeserializeOwned>(
        interpreter: Interpreter,
        start: &impl Serialize,
    ) -> Result<(Arc<Self>, R, Bytes), HookError> {
        let beginnings = Beginnings::new(interpreter, start)?;
        let (running, declared) = beginnings.bring_up().await?;
        let bytes = declared.clone();
        let declared = decoded(&bytes)?;
        let (states, state) = watch::channel(up(&running));
        let (orders, orders_in) = mpsc::unbounded_channel();
        let host = Arc::new(Self::new(state, orders, &beginnings));
        let supervisor = Supervisor {
            beginnings,
            declared: bytes.clone(),
            states,
            orders: orders_in,
        };
        tokio::spawn(supervisor.supervise(running));
        Ok((host, declared, bytes))
    }

    pub(super) fn new(
        state: watch::Receiver<State>,
        orders: mpsc::UnboundedSender<Order>,
        beginnings: &Beginnings,
    ) -> Self {
        Self {
            state,
            orders,
            services: Arc::clone(&beginnings.services),
            past: Arc::clone(&beginnings.past),
            patience: patience::of_hooks(),
        }
    }

    /// Whether no process was there yet, which will be told what happened before.
    pub(crate) fn is_starting(&self) -> bool {
        matches!(&*self.state.borrow(), State::Starting)
    }

    /// Lets plugins reach the server.
    pub(crate) fn attach(&self, services: Arc<dyn HostServices>) {
        self.services.attach(services);
    }

    /// What Python asks of the server, and the bodies on their way.
    pub(crate) fn services(&self) -> &Services {
        &self.services
    }

    /// Notes that the hooks of the start ran.
    pub(crate) fn note_started(&self) {
        self.past.started.store(true, Ordering::Relaxed);
        self.past.begun.notify_one();
    }

    /// Notes that all plugins have started, and whether requests come over a socket.
    pub(crate) fn note_launched(&self, serving: bool) {
        let _ = self.past.launched.set(serving);
    }

    /// Notes that the connections of a database were prepared by the plugins at that place.
    pub(crate) fn note_prepared(&self, place: Place, database: &str) {
        let database = database.to_owned();
        let mut prepared = self.past.prepared.lock();
        prepared.push(PreparedBefore { place, database });
    }

    /// Ends the process: it is asked to, waited for, and ended.
    pub(crate) async fn stop(&self) {
        let (done, ended) = oneshot::channel();
        if self.orders.send(Order::Stop(done)).is_ok() {
            let _ = ended.await;
        }
    }

    async fn channel(&self) -> Result<Arc<Channel>, HookError> {
        let mut state = self.state.clone();
        let wait = state.wait_for(|state| !matches!(state, State::Starting));
        match tokio::time::timeout(patience::OF_STARTS, wait).await {
            Ok(Ok(state)) => match &*state {
                State::Up(reach) => Ok(Arc::clone(&reach.channel)),
                State::Over(why) => Err(HookError::failed(why.as_ref())),
                State::Starting => Err(HookError::failed("the plugins are starting")),
            },
            Ok(Err(_)) => Err(HookError::failed("the plugins have ended")),
            Err(_) => Err(HookError::failed("the plugins take too long to start")),
        }
    }

    /// Asks, and gives up after the time that hooks may take.
    pub(crate) async fn ask<R: DeserializeOwned>(
        &self,
        method: &str,
        params: &impl Serialize,
    ) -> Result<R, HookError> {
        let params = encoded(params)?;
        let channel = self.channel().await?;
        let patience = self.patience + patience::OF_LATE_ANSWERS;
        match tokio::time::timeout(patience, channel.call(method, params)).await {
            Ok(answer) => decoded(&answer.map_err(hook_error)?),
            Err(_) => {
                self.suspect(channel);
                let who = match self.at_work() {
                    Some(plugin) => format!(": {plugin} is at work"),
                    None => String::new(),
                };
                let seconds = self.patience.as_secs_f64();
                Err(HookError::failed(format!(
                    "no answer within {seconds} seconds{who}"
                )))
            }
        }
    }

    /// Asks, and waits for as long as the process says that it lives.
    pub(crate) async fn ask_patiently<R: DeserializeOwned>(
        &self,
        method: &str,
        params: &impl Serialize,
    ) -> Result<R, HookError> {
        let params = encoded(params)?;
        let channel = self.channel().await?;
        let answer = self.patiently(&channel, method, params).await;
        decoded(&answer.map_err(hook_error)?)
    }

    async fn patiently(
        &self,
        channel: &Arc<Channel>,
        method: &str,
        params: Vec<u8>,
    ) -> Result<Bytes, CallError> {
        let mut call = std::pin::pin!(channel.call(method, params));
        loop {
            match tokio::time::timeout(self.patience, &mut call).await {
                Ok(answer) => return answer,
                Err(_) => self.suspect(Arc::clone(channel)),
            }
        }
    }

    /// Like [`Self::ask_patiently`], where nothing may go on without an answer: while no process is
    /// there it is waited for, and then the caller is refused. A process that ends is followed by
    /// the next one as long as the first has done nothing, which `is_untouched` tells.
    ///
    /// # Errors
    /// 503 where no process answers, else what the answer is.
    pub(crate) async fn ask_gate<R: DeserializeOwned>(
        &self,
        method: &str,
        params: &impl Serialize,
        is_untouched: impl Fn() -> bool,
    ) -> Result<R, HookError> {
        let closed = || {
            let words = "The plugins of this site are not running. Try again in a moment.";
            HookError::Refused(Fault::unavailable(words))
        };
        let params = encoded(params)?;
        let channel = self.channel_after(None).await.ok_or_else(closed)?;
        let answer = match self.patiently(&channel, method, params.clone()).await {
            Err(CallError::Gone) if is_untouched() => {
                let next = self.channel_after(Some(&channel)).await;
                let next = next.ok_or_else(closed)?;
                self.patiently(&next, method, params).await
            }
            answer => answer,
        };
        match answer {
            Err(CallError::Gone) => Err(closed()),
            answer => decoded(&answer.map_err(hook_error)?),
        }
    }

    /// The connection to a process that runs, another than that of an ended one; `None` where none
    /// comes in time.
    async fn channel_after(&self, ended: Option<&Arc<Channel>>) -> Option<Arc<Channel>> {
        let mut state = self.state.clone();
        let wait = state.wait_for(|state| match state {
            State::Starting => false,
            State::Up(reach) => ended.is_none_or(|ended| !Arc::ptr_eq(ended, &reach.channel)),
            State::Over(_) => true,
        });
        let state = tokio::time::timeout(patience::OF_STARTS, wait)
            .await
            .ok()?
            .ok()?;
        match &*state {
            State::Up(reach) => Some(Arc::clone(&reach.channel)),
            State::Starting | State::Over(_) => None,
        }
    }

    /// Calls a function of SQL, from the thread that evaluates it.
    pub(crate) fn call_function(
        &self,
        operation: Operation,
        id: u64,
        arguments: &[Value],
    ) -> Result<Value, String> {
        let State::Up(Reach { channel, lines, .. }) = self.state.borrow().clone() else {
            return Err("the plugins are not running".to_owned());
        };
        let open = |number: u64| {
            let params = rmp_serde::to_vec(&number).map_err(|error| error.to_string())?;
            let opened = channel.call_blocking("open_line", params);
            opened.map(drop).map_err(|error| error.to_string())
        };
        lines.call(open, operation, id, arguments)
    }

    fn at_work(&self) -> Option<String> {
        self.reach().ok().and_then(|reach| reach.at_work.plugin())
    }

    /// Where this thread, which is that of a lane, can give its connection to Python.
    pub(crate) fn stage(&self) -> Result<Stage, String> {
        let Reach {
            channel, stages, ..
        } = self.reach()?;
        let open = || {
            let opened = channel.call_blocking("open_stage", Vec::from([0xc0]));
            opened.map(drop).map_err(|error| error.to_string())
        };
        let silence = patience::of_borrowers(self.patience);
        Ok(Stage::new(stages.of_this_thread(open)?, silence))
    }

    /// The stage of this thread is broken: the next time there is another one.
    pub(crate) fn forget_stage(&self) {
        if let Ok(Reach { stages, .. }) = self.reach() {
            stages.forget();
        }
    }

    fn reach(&self) -> Result<Reach, String> {
        match &*self.state.borrow() {
            State::Up(reach) => Ok(reach.clone()),
            _ => Err("the plugins are not running".to_owned()),
        }
    }

    /// Finds out whether the process still lives, and has it replaced if not.
    fn suspect(&self, channel: Arc<Channel>) {
        let orders = self.orders.clone();
        tokio::spawn(async move {
            let ping = channel.call("ping", Vec::from([0xc0]));
            if tokio::time::timeout(patience::OF_PINGS, ping)
                .await
                .is_err()
            {
                let why = "it does not answer: a plugin holds it up".to_owned();
                let _ = orders.send(Order::Replace(channel, why));
            }
        });
    }
}

impl Beginnings {
    pub(super) fn new(interpreter: Interpreter, start: &impl Serialize) -> Result<Self, HookError> {
        Ok(Self {
            interpreter,
            start: encoded(start)?,
            services: Arc::new(Services::default()),
            past: Arc::default(),
        })
    }

    /// A new process that has loaded its plugins, and what they declare.
    pub(super) async fn bring_up(&self) -> Result<(Running, Bytes), HookError> {
        let services = Arc::clone(&self.services);
        let running = launch(&self.interpreter, services)
            .await
            .map_err(|LaunchError(why)| HookError::Startup(why))?;
        let declared = running.channel.call("start", self.start.clone()).await;
        match declared {
            Ok(declared) => Ok((running, declared)),
            Err(CallError::Failed(failure)) => Err(match failure.kind {
                FailureKind::Startup => HookError::Startup(failure.message),
                _ => HookError::Startup(failure.traceback.unwrap_or(failure.message)),
            }),
            Err(other) => Err(HookError::Startup(format!("Python plugins: {other}"))),
        }
    }
}

pub(super) struct Supervisor {
    pub(super) beginnings: Beginnings,
    /// What the plugins declared at first.
    pub(super) declared: Bytes,
    pub(super) states: watch::Sender<State>,
    pub(super) orders: mpsc::UnboundedReceiver<Order>,
}

impl Supervisor {
    pub(super) async fn supervise(mut self, mut running: Running) {
        let mut failures = 0;
        loop {
            let since = Instant::now();
            let Some(why) = self.until_it_ends(&mut running).await else {
                return;
            };
            let at_work = match running.at_work.plugin() {
                Some(plugin) => format!(" while {plugin} was at work"),
                None => String::new(),
            };
            drop(running);
            self.states.send_replace(State::Starting);
            if since.elapsed() > patience::OF_GOOD_STARTS {
                failures = 0;
            }
            tracing::error!(
                "The process of the Python plugins ended ({why}){at_work}; it is started again."
            );
            running = match self.again(&mut failures).await {
                Some(running) => running,
                None => return,
            };
        }
    }

    /// Waits for the end of the process, and answers why it ended; `None` where the server wants it.
    async fn until_it_ends(&mut self, running: &mut Running) -> Option<String> {
        loop {
            tokio::select! {
                status = running.child.wait() => {
                    return Some(match status {
                        Ok(status) => status.to_string(),
                        Err(error) => error.to_string(),
                    });
                }
                Ok(why) = &mut running.gone => {
                    let _ = running.child.kill().await;
                    return Some(why);
                }
                order = self.orders.recv() => match order {
                    Some(Order::Replace(channel, why)) => {
                        if Arc::ptr_eq(&channel, &running.channel) {
                            running.ask_where_it_is().await;
                            let _ = running.child.kill().await;
                            return Some(why);
                        }
                    }
                    Some(Order::Stop(done)) => {
                        let stop = running.channel.call("stop", Vec::from([0xc0]));
                        let _ = tokio::time::timeout(patience::OF_ENDINGS, stop).await;
                        let _ = tokio::time::timeout(patience::OF_ENDINGS, running.child.wait()).await;
                        let _ = running.child.kill().await;
                        self.over("the server stops");
                        let _ = done.send(());
                        return None;
                    }
                    // Nobody can ask any more.
                    None => return None,
                }
            }
        }
    }

    pub(super) fn over(&self, why: &str) {
        self.states.send_replace(State::Over(why.into()));
    }

    /// Starts the process again until it runs; `None` where that is given up or no longer wanted.
    async fn again(&mut self, failures: &mut u32) -> Option<Running> {
        loop {
            *failures += 1;
            if *failures > patience::MOST_FAILURES {
                let why = "the process of the Python plugins ended again and again";
                tracing::error!(
                    "Python plugins are given up: {why}. Restart the server to try again."
                );
                self.over(why);
                return None;
            }
            let pause = tokio::time::sleep(patience::before_start(*failures));
            tokio::select! {
                () = pause => {}
                order = self.orders.recv() => match order {
                    Some(Order::Stop(done)) => {
                        self.over("the server stops");
                        let _ = done.send(());
                        return None;
                    }
                    Some(Order::Replace(..)) => {}
                    None => return None,
                }
            }
            match self.bring_back().await {
                Ok(running) => {
                    self.states.send_replace(up(&running));
                    tracing::warn!("The Python plugins run again.");
                    return Some(running);
                }
                Err(error) => {
                    tracing::error!("The Python plugins do not start: {error}");
                }
            }
        }
    }

    async fn bring_back(&mut self) -> Result<Running, HookError> {
        let (running, declared) = self.beginnings.bring_up().await?;
        if declared != self.declared {
            tracing::warn!(
                "The Python plugins declare other things than when the server started. \
                 Restart the server to have them."
            );
        }
        self.resume(&running).await?;
        Ok(running)
    }

    /// Has a process do what was done before it was there.
    pub(super) async fn resume(&self, running: &Running) -> Result<(), HookError> {
        let past = &self.beginnings.past;
        let resumed = encoded(&Resumed {
            started: past.started.load(Ordering::Relaxed),
            serving: past.launched.get().copied(),
            prepared: past.prepared.lock().clone(),
        })?;
        let resumed = running.channel.call("resume", resumed).await;
        resumed.map(drop).map_err(hook_error)
    }
}
