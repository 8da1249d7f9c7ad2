//! `datasette serve`: the site, until a signal ends it.

use std::io;
use std::sync::Arc;

use datasette_web::App;
use datasette_web::listener::{BindError, Listener};
use datasette_web::serve::serve as serve_site;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::{Ending, get, help_settings};
use crate::access_log::StandardOutput;
use crate::address::Address;
use crate::args::{ServeArguments, reason};
use crate::assemble::{Site, assemble};
use crate::browser;
use crate::failure::Failure;
use crate::output;
use crate::signals::{Signals, Stop};

/// Serves, answers one request, or shows the settings.
pub(crate) fn serve(arguments: &ServeArguments) -> Result<Ending, Failure> {
    if arguments.help_settings {
        output::say(&help_settings::text());
        return Ok(Ending::Code(0));
    }
    let runtime = runtime()?;
    if let Some(path) = arguments.get() {
        return runtime.block_on(async {
            let Site { app, signer, .. } = assemble(arguments).await?;
            get::get(app, &signer, path, arguments).await
        });
    }
    for (is_given, option) in [
        (arguments.headers, "--headers"),
        (arguments.token().is_some(), "--token"),
    ] {
        if is_given {
            return Err(Failure::error(format!(
                "{option} can only be used with --get"
            )));
        }
    }
    let (stop, app) = runtime.block_on(serve_until_told(arguments))?;
    // Requests that a second signal left unfinished end here. The databases must outlive them:
    // closing one waits for its lanes, and a lane may wait for a body to be read or dropped.
    drop(runtime);
    drop(app);
    match stop {
        Stop::Interrupted => {
            output::tell("\nAborted!");
            Ok(Ending::Code(1))
        }
        Stop::Terminated => Ok(Ending::Terminated),
    }
}

fn runtime() -> Result<Runtime, Failure> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::error(format!("The server cannot start: {error}")))
}

/// Serves until a signal; answers it, and the site with its databases still open.
async fn serve_until_told(arguments: &ServeArguments) -> Result<(Stop, Option<Arc<App>>), Failure> {
    let cannot = |error: io::Error| Failure::error(format!("The server cannot start: {error}"));
    let mut signals = Signals::listen().map_err(cannot)?;
    let site = tokio::select! {
        site = assemble(arguments) => site?,
        stop = signals.next() => return Ok((stop, None)),
    };
    let app = site.app;
    let listener = bind(arguments).await?;
    let (log, log_end) = StandardOutput::open().map_err(cannot)?;
    announce(arguments, &app, &listener, &site.root_token);

    let (finish, finishing) = oneshot::channel::<()>();
    let serving = serve_site(Arc::clone(&app), listener, Arc::new(log), async {
        let _ = finishing.await;
    });
    let mut serving = Box::pin(serving);
    let stop = tokio::select! {
        ended = &mut serving => {
            let ended = ended.err().map(|error| error.to_string()).unwrap_or_default();
            return Err(Failure::error(format!("The socket failed: {ended}")));
        }
        stop = signals.next() => stop,
    };
    output::inform("Shutting down");
    let _ = finish.send(());
    // A second signal does not wait for requests that are still running.
    let stop = tokio::select! {
        _ = &mut serving => stop,
        again = signals.next() => again,
    };
    drop(serving);
    app.stop().await;
    log_end.reached().await;
    Ok((stop, Some(app)))
}

/// Binds what the arguments ask for.
async fn bind(arguments: &ServeArguments) -> Result<Listener, Failure> {
    #[cfg(unix)]
    if let Some(path) = &arguments.uds {
        return Listener::unix(path).map_err(|error| {
            let shown = path.display();
            Failure::error(format!(
                "The socket {shown} cannot be made: {}",
                reason(&error)
            ))
        });
    }
    let bound = Listener::tcp(&arguments.host, arguments.port).await;
    bound.map_err(|error| Failure::bind(refusal(&arguments.host, &error)))
}

/// Why a TCP socket could not be bound, in words that scripts know (CLI-128).
fn refusal(host: &str, failed: &BindError) -> String {
    let why = reason(&failed.error).to_lowercase();
    let Some(address) = failed.address else {
        return format!("error while looking for the address of '{host}': {why}");
    };
    let hint = match failed.error.kind() {
        io::ErrorKind::AddrInUse => "; choose another with --port, or a free one with --port 0",
        io::ErrorKind::PermissionDenied => "; ports below 1024 may be reserved for root",
        _ => "",
    };
    format!(
        "error while attempting to bind on address ('{}', {}): {why}{hint}",
        address.ip(),
        address.port()
    )
}

/// Says where the site is, how to sign in as root, and shows it, where that was asked for
/// (CLI-123, CLI-131, SEC-06).
fn announce(arguments: &ServeArguments, app: &App, listener: &Listener, root_token: &str) {
    let port = listener.port();
    let address = Address {
        host: &arguments.host,
        port: port.unwrap_or(arguments.port),
    };
    let sign_in = arguments.root().then(|| {
        let path = app.urls.path("/-/auth-token");
        format!("{path}?token={root_token}")
    });
    if let Some(path) = &sign_in {
        output::say(&format!("{}{path}", address.origin()));
    }
    if port.is_none() {
        #[cfg(unix)]
        if let Some(path) = &arguments.uds {
            let shown = path.display();
            output::inform(&format!(
                "Datasette running on unix socket {shown} (Press CTRL+C to quit)"
            ));
        }
        return;
    }
    let origin = address.origin();
    output::inform(&format!(
        "Datasette running on {origin} (Press CTRL+C to quit)"
    ));
    if arguments.open {
        let path = sign_in.unwrap_or_else(|| browser::first_path(app));
        browser::open(&format!("{}{path}", address.reachable().origin()));
    }
}
