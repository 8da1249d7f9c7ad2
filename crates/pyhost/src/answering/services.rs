//! From the name of a question to what answers it.

use std::future::ready;
use std::sync::{Arc, OnceLock, Weak};

use bytes::Bytes;
use datasette_core::Fault;
use datasette_hooks::HostServices;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::tasks::Tasks;
use super::{data, databases, loans, pages, rights, site, templates};
use crate::borrowing::Used;
use crate::channel::Answerer;
use crate::exchange::Exchanges;
use crate::process::PythonHost;
use crate::protocol::{Failure, FailureKind};

/// The server, once it is there, as the process of the plugins reaches it.
#[derive(Default)]
pub(crate) struct Services {
    host: Mutex<Option<Arc<dyn HostServices>>>,
    /// What obeys a process that started the server.
    commands: OnceLock<Arc<dyn Answerer>>,
    /// The process that asks.
    python: OnceLock<Weak<PythonHost>>,
    tasks: Tasks,
    /// The connections that it has.
    pub(crate) used: Used,
    /// Requests and responses whose bodies are on their way.
    pub(crate) exchanges: Exchanges,
}

/// What a question comes to.
pub(crate) type Answered = Result<Vec<u8>, Failure>;

impl Services {
    /// Lets plugins reach the server.
    pub(crate) fn attach(&self, host: Arc<dyn HostServices>) {
        *self.host.lock() = Some(host);
    }

    /// Names the process that asks. Only the first call counts.
    pub(crate) fn asked_by(&self, python: Weak<PythonHost>) {
        let _ = self.python.set(python);
    }

    /// Lets the process command the server. Only the first call counts.
    pub(super) fn obey(&self, commands: Arc<dyn Answerer>) {
        let _ = self.commands.set(commands);
    }

    pub(super) fn process(&self) -> Result<Arc<PythonHost>, Failure> {
        let process = self.python.get().and_then(Weak::upgrade);
        process.ok_or_else(|| {
            Failure::new(FailureKind::Unavailable, "The plugins have not started yet")
        })
    }

    pub(super) fn host(&self) -> Result<Arc<dyn HostServices>, Failure> {
        self.host.lock().clone().ok_or_else(|| {
            Failure::new(
                FailureKind::Unavailable,
                "The server has not started yet: hooks that run before `startup` cannot ask it",
            )
        })
    }

    async fn dispatch(&self, method: &str, params: Bytes) -> Answered {
        let bodies = &self.exchanges;
        match method {
            "request_body" => return bodies.next_of_request(parsed(&params)?).await,
            "response_start" => return bodies.start_response(parsed(&params)?),
            "response_body" => return bodies.continue_response(parsed(&params)?).await,
            "inside" => return bodies.ask_inside(parsed(&params)?).await,
            "inside_body" => return bodies.next_of_inside(parsed(&params)?).await,
            _ => {}
        }
        if let Some(commands) = self.commands.get()
            && method.starts_with("site.")
        {
            return Arc::clone(commands).answer(method.to_owned(), params).await;
        }
        let host = self.host()?;
        let host = &*host;
        match method {
            "execute" => data::execute(host, parsed(&params)?).await,
            "databases" => data::databases(host),
            "bring_database" => databases::bring(host, parsed(&params)?),
            "attach_database" => databases::attach(host, parsed(&params)?),
            "detach_database" => databases::detach(host, parsed(&params)?),
            "set_route" => databases::set_route(host, parsed(&params)?),
            "settle_databases" => databases::settle(host).await,
            "interrupt" => loans::interrupt(&self.used, parsed(&params)?),
            "metadata" => data::metadata(host, parsed(&params)?).await,
            "set_metadata" => data::set_metadata(host, parsed(&params)?).await,
            "allowed" => rights::allowed(host, parsed(&params)?).await,
            "allowed_resources" => rights::allowed_resources(host, parsed(&params)?).await,
            "actors_from_ids" => rights::actors_from_ids(host, parsed(&params)?).await,
            "create_token" => rights::create_token(host, parsed(&params)?).await,
            "verify_token" => rights::verify_token(host, parsed(&params)?).await,
            "render_template" => pages::render_template(host, parsed(&params)?).await,
            "templates" => templates::files(host),
            "numbered_template" => templates::numbered(host, &parsed(&params)?),
            "page_frame" => templates::frame(host, parsed(&params)?).await,
            "crumb_items" => templates::crumb_items(host, parsed(&params)?).await,
            "messages_shown" => templates::messages_shown(host, &parsed(&params)?),
            "add_message" => pages::add_message(host, parsed(&params)?),
            "client" => pages::client(host, parsed(&params)?).await,
            "track_event" => site::track_event(host, parsed(&params)?).await,
            "static" => site::static_url(host, parsed(&params)?),
            "refresh_schemas" => site::refresh_schemas(host).await,
            "allowed_many" => rights::allowed_many(host, parsed(&params)?).await,
            "allowed_reasons" => rights::allowed_reasons(host, parsed(&params)?).await,
            "judge_write" => rights::judge_write(host, parsed(&params)?).await,
            "store_query" => data::store_query(host, parsed(&params)?).await,
            "remove_query" => data::remove_query(host, parsed(&params)?).await,
            "add_background_task" => {
                let python = self.python.get().cloned().unwrap_or_default();
                self.tasks.add(host, python, parsed(&params)?)
            }
            "cancel_background_task" => self.tasks.cancel(&parsed(&params)?),
            _ => Err(Failure::failed(format!("there is no question {method}"))),
        }
    }
}

impl Answerer for Services {
    fn answer(self: Arc<Self>, method: String, params: Bytes) -> BoxFuture<'static, Answered> {
        if method == "lend" {
            // Queued here and now: writes happen in the order of their questions (API-141).
            return match parsed(&params) {
                Ok(wanted) => loans::lend(&self, wanted),
                Err(failure) => Box::pin(ready(Err(failure))),
            };
        }
        Box::pin(async move { self.dispatch(&method, params).await })
    }
}

pub(super) fn parsed<T: DeserializeOwned>(params: &Bytes) -> Result<T, Failure> {
    rmp_serde::from_slice(params)
        .map_err(|error| Failure::failed(format!("the question makes no sense: {error}")))
}

/// An answer on its way.
pub(crate) fn answered(result: &impl Serialize) -> Answered {
    rmp_serde::to_vec_named(result)
        .map_err(|error| Failure::failed(format!("the answer cannot be written: {error}")))
}

/// Like [`answered`], where the service may have failed.
pub(super) fn served<T: Serialize>(result: Result<T, Fault>) -> Answered {
    answered(&result.map_err(Failure::from)?)
}
