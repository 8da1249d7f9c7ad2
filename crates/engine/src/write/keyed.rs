//! Calls under a key that their client chose are carried out once, however often they are sent
//! (WRITE-155 to WRITE-160): what was answered is kept in the server's own database.
//!
//! A call is noted there before it writes and its answer after the commit, so what is noted and has
//! no answer may have been written or not: it is never done again.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use datasette_core::{Actor, Fault, FaultKind, truth};
use datasette_internal::{CallName, KeptCall, KeptCalls};
use datasette_permissions::{Granted, Grants};
use parking_lot::Mutex;
use serde_json::{Value as Json, json};

use crate::Instance;

/// How long a call is remembered (WRITE-160).
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// How many calls of one actor are remembered at least.
const CALLS: u32 = 10_000;

/// How many bytes of answers to one actor are kept.
const BYTES: u64 = 64 * 1024 * 1024;

/// The longest answer that is kept, in bytes (WRITE-159).
pub const LONGEST_ANSWER: usize = 256 * 1024;

/// How often old calls are dropped.
const CLEANED: Duration = Duration::from_secs(60);

/// The calls of an instance.
#[derive(Debug, Default)]
pub struct KeyedCalls {
    running: Mutex<HashSet<CallName>>,
    /// When they were cleaned.
    cleaned: Mutex<Option<Duration>>,
}

/// What is known of a call.
#[derive(Debug)]
pub enum FoundCall {
    /// Nothing: it is to be carried out.
    New(Arc<KeyedCall>),
    /// It was carried out.
    Answered(AnsweredCall),
}

/// What a call asks for, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// A SHA-256 of all that counts.
    pub hash: [u8; 32],
    /// The length of its body in bytes; `None` where the body does not count.
    pub body_bytes: Option<u64>,
}

/// A call that is carried out.
pub struct KeyedCall {
    instance: Arc<Instance>,
    grants: Arc<Grants>,
    name: CallName,
    begun: AtomicBool,
    changed: AtomicBool,
}

/// What came of a call.
#[derive(Debug)]
pub enum Ending {
    /// It did what it should; the answer is missing where it is none to keep.
    Done(Option<Vec<u8>>),
    /// It changed nothing.
    Refused,
}

/// A call that was carried out before.
#[derive(Debug)]
pub struct AnsweredCall {
    call: KeptCall,
    granted: Granted,
}

impl FoundCall {
    /// Looks for the call that this actor gave this key.
    ///
    /// # Errors
    /// 409 while it runs, and where it broke off (WRITE-157).
    pub async fn find(
        instance: &Arc<Instance>,
        actor: Option<&Actor>,
        key: &str,
    ) -> Result<Self, Fault> {
        let name = CallName {
            actor: identity(actor),
            key: key.to_owned(),
        };
        let calls = &instance.keyed_calls;
        if !calls.running.lock().insert(name.clone()) {
            return Err(runs());
        }
        // From here on it is taken from the list when it is dropped.
        let call = KeyedCall {
            instance: Arc::clone(instance),
            grants: Arc::new(Grants::new(actor)),
            name,
            begun: AtomicBool::new(false),
            changed: AtomicBool::new(false),
        };
        let kept = instance.internal.keyed_call(&call.name).await?;
        let kept = kept.filter(|kept| kept.begun_at >= oldest(instance));
        match kept {
            None => Ok(Self::New(Arc::new(call))),
            Some(kept) if !kept.is_done => Err(Fault::new(
                FaultKind::Conflict,
                "The outcome of the call with this Idempotency-Key is not known: it was begun and \
                 broke off, or another server carries it out. Look whether its change is there; if \
                 it is not, send the call with a new key",
            )),
            Some(kept) => Ok(Self::Answered(AnsweredCall {
                granted: Granted::of_text(&kept.grants)?,
                call: kept,
            })),
        }
    }
}

impl AnsweredCall {
    /// Asks for all that the first call took (WRITE-158).
    ///
    /// # Errors
    /// 403 where something of it is not allowed any more.
    pub async fn require_grants(
        &self,
        instance: &Instance,
        actor: Option<&Actor>,
    ) -> Result<(), Fault> {
        let refused = || Fault::forbidden("Permission denied");
        let catalogue = instance.registry.catalogue();
        for grant in self.granted.allowed() {
            let (parent, child) = (grant.parent.as_deref(), grant.child.as_deref());
            let query = match (grant.query_then(), parent, child) {
                (Some(then), Some(database), Some(name)) => {
                    let now = instance.internal.query(database, name).await?;
                    Some(now.map_or(then, |now| now.as_ref().clone()))
                }
                _ => None,
            };
            let may = instance.gate.allows_named(
                actor,
                &grant.action,
                parent,
                child,
                &catalogue,
                query.as_ref(),
            );
            if !may.await? {
                return Err(refused());
            }
        }
        for hidden in self.granted.hidden() {
            let database = catalogue.database(&hidden.database).ok_or_else(refused)?;
            let now = instance.gate.hidden_tables(actor, &database).await?;
            let known = |name: &str| hidden.tables.iter().any(|table| table == name);
            if !now.iter().all(|table| known(table.name())) {
                return Err(refused());
            }
        }
        Ok(())
    }

    /// The length of the body of the first call; `None` where it did not count.
    pub fn body_bytes(&self) -> Option<u64> {
        self.call.body_bytes
    }

    /// The answer to the same call.
    ///
    /// # Errors
    /// 422 to another one (WRITE-156); 409 where the answer was not kept (WRITE-159).
    pub fn answer(self, request: &Request) -> Result<Vec<u8>, Fault> {
        if self.call.request != request.hash {
            return Err(Self::other_request());
        }
        self.call.answer.ok_or_else(|| {
            Fault::new(
                FaultKind::Conflict,
                "The call with this Idempotency-Key was carried out, but its answer was not kept",
            )
        })
    }

    /// The refusal of a call that is not the first one again.
    pub fn other_request() -> Fault {
        let words = "This Idempotency-Key was used for another request: each call needs its own";
        Fault::new(FaultKind::OtherRequest, words)
    }
}

impl KeyedCall {
    /// The instance for the time of this call: what its actor is allowed is noted.
    pub fn instance(&self) -> Arc<Instance> {
        Arc::new(Instance {
            gate: self.instance.gate.noting(Arc::clone(&self.grants)),
            ..Instance::clone(&self.instance)
        })
    }

    /// Notes on the disk that the call begins. To be asked for once all of the request was
    /// received and before anything is changed.
    ///
    /// # Errors
    /// 409 where another server has begun it; 503 where that cannot be noted.
    pub async fn begin(&self, request: Request) -> Result<(), Fault> {
        let instance = &self.instance;
        let kept = KeptCall {
            request: request.hash.to_vec(),
            body_bytes: request.body_bytes,
            begun_at: seconds(instance.clock.now()),
            is_done: false,
            grants: String::new(),
            answer: None,
        };
        let internal = &instance.internal;
        let since = oldest(instance);
        match internal.begin_call(&self.name, kept, since).await? {
            true => {
                self.begun.store(true, Ordering::Release);
                Ok(())
            }
            false => Err(runs()),
        }
    }

    /// Refuses to write for a call that was not noted.
    ///
    /// # Errors
    /// 500: whoever answers the call forgot to.
    pub(super) fn require_begun(&self) -> Result<(), Fault> {
        let begun = self.begun.load(Ordering::Acquire);
        let forgotten = || Fault::internal("a call with a key writes before it was noted");
        begun.then_some(()).ok_or_else(forgotten)
    }

    /// Something was committed.
    pub(super) fn note_change(&self) {
        self.changed.store(true, Ordering::Release);
    }

    /// Whether something was committed for this call.
    pub fn has_changed(&self) -> bool {
        self.changed.load(Ordering::Acquire)
    }

    /// Keeps what came of it. What cannot be kept is told in the log: the call counts as broken off
    /// then.
    pub async fn end(&self, ending: Ending) {
        if !self.begun.load(Ordering::Acquire) {
            return;
        }
        let internal = &self.instance.internal;
        let kept = match ending {
            Ending::Done(answer) => match self.grants.text() {
                Ok(grants) => internal.end_call(&self.name, grants, answer).await,
                Err(fault) => Err(fault),
            },
            Ending::Refused => internal.forget_call(&self.name).await,
        };
        if let Err(fault) = kept {
            tracing::error!("the answer to a call with a key was not kept: {fault}");
        }
        clean_if_due(&self.instance);
    }
}

impl Drop for KeyedCall {
    fn drop(&mut self) {
        self.instance.keyed_calls.running.lock().remove(&self.name);
    }
}

impl std::fmt::Debug for KeyedCall {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("KeyedCall")
            .field(&self.name)
            .finish()
    }
}

fn runs() -> Fault {
    let words = "A call with this Idempotency-Key is being carried out. Ask again in a moment";
    Fault::new(FaultKind::Conflict, words)
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

/// When the oldest call was begun that is still remembered.
fn oldest(instance: &Instance) -> i64 {
    seconds(instance.clock.now().saturating_sub(KEPT))
}

/// Who a key belongs to: the id, however the actor was recognised and whatever a token may not do;
/// all that is known of an actor without one. Those who are not signed in share their keys.
fn identity(actor: Option<&Actor>) -> String {
    let Some(actor) = actor else {
        return "null".to_owned();
    };
    let properties = actor.properties();
    match properties.get("id").filter(|id| truth::is_truthy(id)) {
        // Numbers and texts that read alike own the same stored queries, too.
        Some(Json::String(id)) => json!([id]).to_string(),
        Some(id) => json!([id.to_string()]).to_string(),
        None => {
            let mut sorted = properties.clone();
            sorted.sort_keys();
            Json::Object(sorted).to_string()
        }
    }
}

/// Drops old calls, beside the requests and now and then only.
fn clean_if_due(instance: &Arc<Instance>) {
    let now = instance.clock.now();
    {
        let mut cleaned = instance.keyed_calls.cleaned.lock();
        if cleaned.is_some_and(|at| now.saturating_sub(at) < CLEANED) {
            return;
        }
        *cleaned = Some(now);
    }
    let instance = Arc::clone(instance);
    tokio::spawn(async move {
        let kept = KeptCalls {
            since: oldest(&instance),
            calls: CALLS,
            bytes: BYTES,
        };
        loop {
            match instance.internal.clean_calls(kept).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(fault) => {
                    tracing::warn!("dropping old calls: {fault}");
                    return;
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(properties: Json) -> String {
        let Json::Object(properties) = properties else {
            return String::new();
        };
        identity(Some(&Actor::new(properties)))
    }

    // Proves: WRITE-158
    #[test]
    fn keys_belong_to_ids() {
        let ann = of(json!({"id": "ann"}));
        assert_eq!(
            ann,
            of(json!({"id": "ann", "token": "dstok", "_r": {"a": ["ir"]}}))
        );
        assert_eq!(of(json!({"id": "1"})), of(json!({"id": 1})));
        let others = [
            ann,
            of(json!({"id": "bob"})),
            of(json!({"id": "null"})),
            of(json!({"id": ""})),
            of(json!({"name": "ann"})),
            identity(None),
        ];
        for (place, one) in others.iter().enumerate() {
            assert!(!others[..place].contains(one), "{one}");
        }
        assert_eq!(of(json!({"a": 1, "b": 2})), of(json!({"b": 2, "a": 1})));
    }
}
