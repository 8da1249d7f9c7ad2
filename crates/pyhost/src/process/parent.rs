//! The process that started the server and runs the plugins itself: a test suite of a plugin makes
//! sites of its own (OOP-25). It is not supervised; when it ends, the server does.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UnixListener;
use tokio::sync::{mpsc, oneshot, watch};

use super::at_work::AtWork;
use super::launch::accept_all;
use super::supervisor::{Order, PythonHost, Reach, State};
use crate::answering::Services;
use crate::borrowing::Stages;
use crate::channel::Channel;
use crate::lines::Lines;
use crate::protocol;

/// Names the version of the protocol that the process speaks.
const SPOKEN: &str = "DATASETTE_PLUGIN_PROTOCOL";

/// How long hooks may take: whoever debugs a plugin stops in one for as long as it pleases.
const PATIENCE: Duration = Duration::from_secs(7 * 24 * 3600);

/// The sockets that such a process connects to.
pub struct ParentSockets {
    folder: PathBuf,
    listener: UnixListener,
    lines: Lines,
    stages: Stages,
}

/// The process, once it has connected.
pub struct Parent {
    /// What runs its plugins.
    pub host: Arc<PythonHost>,
    /// Says why the connection ended, once it did.
    pub gone: oneshot::Receiver<String>,
    // Kept: who asks would be told that the plugins have ended.
    _state: watch::Sender<State>,
}

impl ParentSockets {
    /// Listens in that folder.
    ///
    /// # Errors
    /// The sockets cannot be made there, or the process speaks another version of the protocol.
    pub fn bind(folder: &Path) -> std::io::Result<Self> {
        let spoken = std::env::var(SPOKEN).unwrap_or_default();
        if spoken != protocol::VERSION.to_string() {
            return Err(std::io::Error::other(format!(
                "its Python package speaks version {spoken} of the plugin protocol, the program \
                 version {}; `datasette install datasette` brings the package of the program",
                protocol::VERSION
            )));
        }
        Ok(Self {
            folder: folder.to_path_buf(),
            listener: UnixListener::bind(folder.join("socket"))?,
            lines: Lines::listen(folder)?,
            stages: Stages::listen(folder)?,
        })
    }

    /// Waits for its first connection, over which both sides call each other. Further ones are for
    /// its threads. `prepare` is called before anything can be asked.
    ///
    /// # Errors
    /// The socket fails.
    pub async fn accept(self, prepare: impl FnOnce(&Arc<PythonHost>)) -> std::io::Result<Parent> {
        let Self {
            folder,
            listener,
            lines,
            stages,
        } = self;
        let (stream, _) = listener.accept().await?;
        let services = Arc::new(Services::default());
        let (state_in, state) = watch::channel(State::Starting);
        let (orders, orders_out) = mpsc::unbounded_channel();
        tokio::spawn(obey(orders_out));
        let host = Arc::new(PythonHost {
            state,
            orders,
            services: Arc::clone(&services),
            past: Arc::default(),
            patience: PATIENCE,
        });
        services.asked_by(Arc::downgrade(&host));
        prepare(&host);
        let (telling, gone) = oneshot::channel();
        let (reading, writing) = stream.into_split();
        let answerer = Arc::clone(&services);
        let channel = Channel::start(reading, writing, answerer, |why| {
            let _ = telling.send(why);
        });
        tokio::spawn(accept_all(listener, services));
        state_in.send_replace(State::Up(Reach {
            channel,
            lines: Arc::new(lines),
            stages: Arc::new(stages),
            at_work: AtWork::noted_in(&folder),
        }));
        Ok(Parent {
            host,
            gone,
            _state: state_in,
        })
    }
}

/// There is nothing to replace and nothing to stop.
async fn obey(mut orders: mpsc::UnboundedReceiver<Order>) {
    while let Some(order) = orders.recv().await {
        if let Order::Stop(done) = order {
            let _ = done.send(());
        }
    }
}
