//! Questions for a connection.

use std::future::ready;
use std::sync::Arc;

use datasette_hooks::{HostServices, Loan, LoanKind, RequestInfo};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::services::{Answered, Services, answered, served};
use crate::borrowing::{RemoteBorrower, Used};
use crate::protocol::Failure;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Read,
    Write,
    WriteWithoutTransaction,
    Alone,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    database: String,
    kind: Kind,
    callback: u64,
    #[serde(default)]
    request: Option<RequestInfo>,
}

/// Begins at once, and goes on although nobody waits for it.
pub(super) fn lend(services: &Arc<Services>, wanted: Wanted) -> BoxFuture<'static, Answered> {
    match begun(services, wanted) {
        Ok(answer) => answer,
        Err(failure) => Box::pin(ready(Err(failure))),
    }
}

fn begun(
    services: &Arc<Services>,
    wanted: Wanted,
) -> Result<BoxFuture<'static, Answered>, Failure> {
    let host = services.host()?;
    let borrower = Box::new(RemoteBorrower {
        host: services.process()?,
        number: wanted.callback,
    });
    let loan = Loan {
        database: wanted.database,
        kind: match wanted.kind {
            Kind::Read => LoanKind::Read,
            Kind::Write => LoanKind::Write { transaction: true },
            Kind::WriteWithoutTransaction => LoanKind::Write { transaction: false },
            Kind::Alone => LoanKind::Alone,
        },
        request: wanted.request,
    };
    let mut work = lending(host, loan, borrower).boxed();
    if let Some(answer) = (&mut work).now_or_never() {
        return Ok(Box::pin(ready(answer)));
    }
    let going_on = tokio::spawn(work);
    Ok(Box::pin(async move {
        going_on
            .await
            .unwrap_or_else(|error| Err(Failure::failed(error.to_string())))
    }))
}

async fn lending(
    host: Arc<dyn HostServices>,
    loan: Loan,
    borrower: Box<RemoteBorrower>,
) -> Answered {
    served(host.lend(loan, borrower).await)
}

/// Ends what runs on a connection that a callback has.
pub(super) fn interrupt(used: &Used, callback: u64) -> Answered {
    let interrupter = used.lock().get(&callback).cloned();
    if let Some(interrupter) = interrupter {
        interrupter();
    }
    answered(&())
}
