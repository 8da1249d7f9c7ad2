//! The command line: which command is meant, its arguments, and words for what cannot be meant.

mod command_line;
mod create_token;
mod inspect;
mod overview;
mod plugins;
mod refusal;
mod serve;
mod shell;
mod value;

pub(crate) use command_line::{Request, read};
pub(crate) use create_token::CreateTokenArguments;
pub(crate) use inspect::InspectArguments;
pub(crate) use plugins::PluginsArguments;
pub(crate) use refusal::invalid_setting;
pub(crate) use serve::ServeArguments;
pub(crate) use value::{extension, reason};
