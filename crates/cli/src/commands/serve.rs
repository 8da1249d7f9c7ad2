//! `datasette serve`: the site, until a signal ends it.

use std::io;
use std::sync::Arc;

use datasette_hooks::Plugin;
use datasette_pyhost::Verdict;
use datasette_web::App;
use datasette_web::caller::Proxies;
use datasette_web::listener::{BindError, Listener};
use datasette_web::serve::{Manner, serve as serve_site};
use datasette_web::tls::Tls;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot::{self, Receiver};

use super::{Ending, get, help_settings, reload};
use crate::access_log::StandardOutput;
use crate::address::Address;
use crate::args::{ServeArguments, reason};
use crate::assemble::{PythonPlace, Site, assemble};
use crate::browser;
use crate::closing;
use crate::exporting::send_rest;
use crate::failure::Failure;
use crate::logging;
use crate::output;
use crate::patience::Patience;
use crate::service_manager::ServiceManager;
use crate::signals::{self, Signals, Stop};
use crate::supervisor::Supervisor;

/// Serves, answers one request, or shows the settings. `plugins` come beside those that are found.
pub(crate) fn serve(
    arguments: &ServeArguments,
    plugins: Vec<Arc<dyn Plugin>>,
) -> Result<Ending, Failure> {
    if arguments.help_settings {
        output::say(&help_settings::text());
        return Ok(Ending::Code(0));
    }
    let supervisor = Supervisor::of_this_process();
    if arguments.get().is_none() {
        refuse_what_needs_get(arguments)?;
        if arguments.reload && supervisor.is_none() {
            return reload::supervise(arguments);
        }
    }
    if arguments.pdb {
        logging::tell_backtraces();
    }
    if let Some(path) = arguments.get() {
        return runtime()?.block_on(answer_one(arguments, path, plugins));
    }
    let mut arguments = arguments.clone();
    loop {
        let runtime = runtime()?;
        let served = serve_until_told(&arguments, supervisor, plugins.clone());
        let (end, app) = runtime.block_on(served)?;
        // Requests that a second signal left unfinished end here. The databases must outlive them:
        // closing one waits for its lanes, and a lane may wait for a body to be read or dropped.
        drop(runtime);
        if let End::Told(_) = end {
            signals::die_at_the_next();
        }
        close(app);
        match end {
            End::Told(Stop::Interrupted) => {
                output::tell("\nAborted!");
                return Ok(Ending::Code(1));
            }
            End::Told(Stop::Terminated) => return Ok(Ending::Terminated),
            End::Again { port } => arguments.port = port,
        }
    }
}

/// How serving ended.
enum End {
    /// By a signal.
    Told(Stop),
    /// Plugins are others than those that were known from the last start: it is to begin again, at
    /// the same place.
    Again {
        /// Where it listened.
        port: u16,
    },
}

/// The verdict about plugins that were not waited for, where it changes anything.
async fn changed(verdict: Option<Receiver<Verdict>>) -> Verdict {
    if let Some(verdict) = verdict {
        match verdict.await {
            Ok(Verdict::AsKnown) | Err(_) => {}
            Ok(verdict) => return verdict,
        }
    }
    std::future::pending().await
}

/// Closes the databases: writes that were queued are done, and the server's own temporary database
/// goes (BG-10).
pub(super) fn close(app: Option<Arc<App>>) {
    let databases = app.as_ref().map_or(0, |app| app.instance.databases().len());
    // The server's own is one more.
    let databases = u32::try_from(databases)
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    let patience = closing::PER_DATABASE.saturating_mul(databases);
    if !closing::put_away(app, patience) {
        tracing::error!(
            "databases could not be closed within {} s",
            patience.as_secs()
        );
    }
}

/// Answers one request. Tasks of plugins are not launched for it (CLI-110).
async fn answer_one(
    arguments: &ServeArguments,
    path: &str,
    plugins: Vec<Arc<dyn Plugin>>,
) -> Result<Ending, Failure> {
    let Site {
        app,
        signer,
        telemetry,
        fresh_internal,
        ..
    } = assemble(arguments, false, PythonPlace::Beside(plugins)).await?;
    fresh_internal.keep();
    let ending = get::get(app, &signer, path, arguments).await;
    send_rest(telemetry).await;
    ending
}

/// CLI-52.
fn refuse_what_needs_get(arguments: &ServeArguments) -> Result<(), Failure> {
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
    Ok(())
}

fn runtime() -> Result<Runtime, Failure> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::error(format!("The server cannot start: {error}")))
}

/// Serves until a signal; answers it, and the site with its databases still open.
async fn serve_until_told(
    arguments: &ServeArguments,
    supervisor: Option<Supervisor>,
    plugins: Vec<Arc<dyn Plugin>>,
) -> Result<(End, Option<Arc<App>>), Failure> {
    let cannot = |error: io::Error| Failure::error(format!("The server cannot start: {error}"));
    let mut signals = Signals::listen(supervisor).map_err(cannot)?;
    let tls = tls(arguments)?;
    let site = tokio::select! {
        site = assemble(arguments, tls.is_some(), PythonPlace::Beside(plugins)) => site?,
        stop = signals.next() => return Ok((End::Told(stop), None)),
    };
    let app = site.app;
    let listener = bind(arguments).await?;
    let port = listener.port().unwrap_or(arguments.port);
    site.fresh_internal.keep();
    let (log, log_end) = StandardOutput::open().map_err(cannot)?;
    let patience = Patience::of_environment();
    let manager = ServiceManager::of_environment();
    announce(arguments, &app, &listener, &site.root_token);
    // A browser that shows the site shows it after a restart, too.
    let is_restarted = supervisor.is_some_and(|supervisor| supervisor.started > 0);
    if arguments.open && !is_restarted {
        show(arguments, &app, &listener, &site.root_token);
    }

    let manner = Manner {
        log: Arc::new(log),
        tls,
        proxies: Arc::new(proxies()),
    };
    app.launch_background_tasks();
    manager.tell("READY=1");
    let (finish, finishing) = oneshot::channel::<()>();
    let serving = serve_site(Arc::clone(&app), listener, manner, async {
        let _ = finishing.await;
    });
    let mut serving = Box::pin(serving);
    let stop = tokio::select! {
        ended = &mut serving => {
            let ended = ended.err().map(|error| error.to_string()).unwrap_or_default();
            return Err(Failure::error(format!("The socket failed: {ended}")));
        }
        stop = signals.next() => End::Told(stop),
        verdict = changed(site.verdict) => match verdict {
            Verdict::Failed(why) => return Err(Failure::error(why)),
            _ => End::Again { port },
        },
    };
    output::inform(match stop {
        End::Told(_) => "Shutting down",
        End::Again { .. } => "Plugins have changed: starting again",
    });
    manager.tell("STOPPING=1");
    let _ = finish.send(());
    // Neither a second signal nor a container's end waits for those who read slowly.
    let stop = tokio::select! {
        _ = &mut serving => stop,
        () = patience.ends() => stop,
        again = signals.next() => End::Told(again),
    };
    drop(serving);
    // What plugins put in order is waited for, but not against a second signal.
    let stop = tokio::select! {
        () = app.stop() => stop,
        again = signals.next() => End::Told(again),
    };
    send_rest(site.telemetry).await;
    log_end.reached().await;
    Ok((stop, Some(app)))
}

/// The certificate that the arguments name, and its key (CLI-130).
fn tls(arguments: &ServeArguments) -> Result<Option<Tls>, Failure> {
    let key = arguments.ssl_keyfile();
    let Some(certificate) = arguments.ssl_certfile() else {
        return match key {
            None => Ok(None),
            Some(_) => Err(Failure::error(
                "--ssl-keyfile needs --ssl-certfile: HTTPS takes a certificate, too",
            )),
        };
    };
    let tls = Tls::read(&certificate, key.as_deref());
    tls.map(Some)
        .map_err(|reason| Failure::error(format!("HTTPS cannot be served: {reason}")))
}

/// The proxies that the environment names (CLI-210).
fn proxies() -> Proxies {
    match std::env::var("FORWARDED_ALLOW_IPS") {
        Ok(text) => Proxies::read(&text),
        Err(_) => Proxies::default(),
    }
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

/// Says where the site is and how to sign in as root, where that was asked for (CLI-123, SEC-06).
fn announce(arguments: &ServeArguments, app: &App, listener: &Listener, root_token: &str) {
    let address = address(arguments, app, listener);
    if let Some(path) = sign_in(arguments, app, root_token) {
        output::say(&format!("{}{path}", address.origin()));
    }
    let place = match listener {
        Listener::Tcp(_) => address.origin(),
        #[cfg(unix)]
        Listener::Unix(_, path) => format!("unix socket {}", path.display()),
    };
    output::inform(&format!(
        "Datasette running on {place} (Press CTRL+C to quit)"
    ));
}

/// Shows the site in a browser (CLI-131). None can show a Unix domain socket.
fn show(arguments: &ServeArguments, app: &App, listener: &Listener, root_token: &str) {
    if listener.port().is_none() {
        return;
    }
    let sign_in = sign_in(arguments, app, root_token);
    let path = sign_in.unwrap_or_else(|| browser::first_path(app));
    let origin = address(arguments, app, listener).reachable().origin();
    browser::open(&format!("{origin}{path}"));
}

/// Where the site really is (CLI-132).
fn address<'a>(arguments: &'a ServeArguments, app: &App, listener: &Listener) -> Address<'a> {
    Address {
        tls: app.tls,
        host: &arguments.host,
        port: listener.port().unwrap_or(arguments.port),
    }
}

/// The path that signs its first visitor in as root, where that was asked for.
fn sign_in(arguments: &ServeArguments, app: &App, root_token: &str) -> Option<String> {
    arguments.root().then(|| {
        let path = app.urls.path("/-/auth-token");
        format!("{path}?token={root_token}")
    })
}

#[cfg(test)]
mod tests;
