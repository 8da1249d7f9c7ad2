//! The command line: which command is meant, its arguments, and words for what cannot be meant.

mod cloudrun;
mod command_line;
mod create_token;
mod fly;
mod heroku;
mod inspect;
mod install;
mod known_option;
mod overview;
mod package;
mod plugins;
mod python;
mod refusal;
mod serve;
mod shell;
mod site;
mod value;

pub(crate) use cloudrun::CloudrunArguments;
pub(crate) use command_line::{COMMANDS, Request, SubcommandRequest, read, read_subcommand};
pub(crate) use create_token::CreateTokenArguments;
pub(crate) use fly::FlyArguments;
pub(crate) use heroku::HerokuArguments;
pub(crate) use inspect::InspectArguments;
pub(crate) use install::{InstallArguments, UninstallArguments};
pub(crate) use known_option::unknown_serve_option;
pub(crate) use overview::of_publish as publish_help;
pub(crate) use package::PackageArguments;
pub(crate) use plugins::PluginsArguments;
pub(crate) use refusal::invalid_setting;
pub(crate) use serve::ServeArguments;
pub(crate) use site::{PluginSecret, SiteArguments};
pub(crate) use value::{extension, reason};
