//! The built binary as its users meet it.
#![allow(clippy::unwrap_used)]

mod asked;
mod bad_input;
mod changing;
mod collecting;
mod configured;
mod databases;
mod durability;
mod early_answers;
#[cfg(unix)]
mod early_plugins;
mod exports;
mod extensions;
mod folder;
mod forgiven;
mod guide;
mod header_names;
mod immutable;
mod in_memory;
mod inspecting;
#[cfg(unix)]
mod installing;
mod internal;
#[cfg(unix)]
mod jinja;
mod lifetime;
mod limits;
mod listings;
#[cfg(unix)]
mod live_connections;
mod logs;
mod opening;
mod options;
mod plugin_commands;
mod plugin_failures;
mod proxied;
#[cfg(unix)]
mod publishing;
#[cfg(unix)]
mod python;
#[cfg(unix)]
mod python_plugins;
mod refusals;
#[cfg(unix)]
mod reloading;
mod repeating;
#[cfg(unix)]
mod rude_plugins;
mod searching;
mod server;
mod settings;
mod signing_in;
#[cfg(unix)]
mod sql_functions;
mod tls;
mod tokens;
mod wrapping;
mod writing_guide;
