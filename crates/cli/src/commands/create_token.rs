//! `datasette create-token`: a signed token without a server (TOK-38 to TOK-41).

use std::sync::Arc;

use datasette_config::Config;
use datasette_core::clock::{Clock, SystemClock};
use datasette_engine::Plugins;
use datasette_hooks::{Bus, TokenRequest};
use datasette_permissions::{
    ActionTable, Authority, Flags, Signer, TokenLimits, abbreviate, create_token_value,
};
use datasette_pyhost::{SiteFacts, Start};
use datasette_render::html::about::indented;
use serde_json::Value;
use tokio::runtime::Builder;

use super::Ending;
use crate::args::CreateTokenArguments;
use crate::failure::Failure;
use crate::output;
use crate::python_plugins::PythonPlugins;

/// Prints a token. It is the signed one, whatever plugins could make (CLI-198); nothing is told of
/// it, for there is no server.
pub(crate) fn create_token(arguments: &CreateTokenArguments) -> Result<Ending, Failure> {
    let (id, secret) = arguments.required()?;
    let signer = Signer::new(secret);
    let options = &arguments.plugins;
    let folder = options.plugins_dir.as_deref();
    let python = PythonPlugins::find("create-token", options.environment.python(), folder)?;
    let actions = known_actions(&signer, python)?;
    for action in arguments.actions() {
        if actions.get(action).is_none() {
            output::tell_in_red(&format!("  Unknown permission: {action} "));
        }
    }
    let request = TokenRequest {
        actor_id: Value::from(id),
        expires_after: arguments.expires_after,
        restrictions: Some(abbreviate(&arguments.restrictions(), &actions)),
    };
    let limits = TokenLimits {
        enabled: true,
        longest: 0,
    };
    let token = create_token_value(&signer, limits, SystemClock.now(), &request)
        .map_err(|error| Failure::error(error.to_string()))?;
    output::say(&token);
    if arguments.debug {
        let signed = token.strip_prefix("dstok_").unwrap_or(&token);
        let payload = signer.unsign(signed, "token").unwrap_or_default();
        output::say(&format!("\nDecoded:\n\n{}", indented(&payload)));
    }
    Ok(Ending::Code(0))
}

/// The actions of the server and of plugins (CLI-197). Those in Python are loaded and asked, and not
/// started: there is no site that they could work for.
fn known_actions(signer: &Signer, python: PythonPlugins) -> Result<ActionTable, Failure> {
    let authority = Authority {
        config: Arc::new(Config::default()),
        flags: Flags::default(),
        signer: signer.clone(),
        clock: Arc::new(SystemClock),
    };
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::error(error.to_string()))?;
    let start = Start {
        site: SiteFacts {
            config: "{}".to_owned(),
            settings: "{}".to_owned(),
            secret: signer.secret().to_owned(),
            ..SiteFacts::default()
        },
        ..Start::default()
    };
    let running = runtime.block_on(python.run(start))?;
    let plugins = Plugins {
        installed: running.installed,
        files: running.files,
        ..Plugins::default()
    };
    let bus = Bus::new(plugins.all(&authority));
    let declared = bus.register_actions(&bus.context(None, None))?;
    Ok(ActionTable::new(declared.into_values())?)
}
