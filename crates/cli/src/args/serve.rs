//! The arguments of `serve`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, Parser};
use datasette_sqlite::Extension;

use super::python::PluginArguments;
use super::value;

/// Serve SQLite database files as a website and a JSON API
#[derive(Clone, Debug, Parser)]
#[command(
    name = "serve",
    override_usage = "datasette serve [OPTIONS] [FILES]...",
    help_template = "{usage-heading} {usage}\n\n  {about}\n\nOptions:\n{options}",
    disable_help_flag = true,
    args_override_self = true
)]
pub(crate) struct ServeArguments {
    /// Database files, and at most one directory
    #[arg(value_name = "FILES", value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub(crate) files: Vec<PathBuf>,
    /// Database file that nobody writes to: opened without locks. Repeatable
    #[arg(short = 'i', long, value_name = "PATH", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::existing))]
    pub(crate) immutable: Vec<PathBuf>,
    /// Address to listen on; 0.0.0.0 lets other machines connect
    #[arg(
        short = 'h',
        long,
        value_name = "TEXT",
        default_value = "127.0.0.1",
        allow_hyphen_values = true
    )]
    pub(crate) host: String,
    /// Port to listen on, 0 to 65535; 0 takes a free one, '$NAME' that of a variable
    #[arg(short = 'p', long, value_name = "INTEGER", default_value = "8001",
          allow_hyphen_values = true, value_parser = value::port)]
    pub(crate) port: u16,
    /// Listen on a Unix domain socket at this path instead
    #[cfg(unix)]
    #[arg(long, value_name = "PATH", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub(crate) uds: Option<PathBuf>,
    /// Start anew when the configuration, the metadata, an immutable file or the program changes
    #[arg(long)]
    pub(crate) reload: bool,
    /// Let scripts of other sites read the answers (CORS headers)
    #[arg(long)]
    pub(crate) cors: bool,
    /// Extension of SQLite to load into every connection, with an entry point if need be; the
    /// word spatialite finds that library. Repeatable; separated by spaces in the environment
    /// variable DATASETTE_LOAD_EXTENSION
    #[arg(long, value_name = "PATH[:ENTRYPOINT]", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::extension))]
    pub(crate) load_extension: Vec<Extension>,
    /// JSON file with what `datasette inspect` found out about immutable files
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub(crate) inspect_file: Option<PathBuf>,
    /// JSON or YAML file with titles, descriptions, sources and licences; - for standard input
    #[arg(short = 'm', long, value_name = "FILENAME", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::readable))]
    pub(crate) metadata: Option<PathBuf>,
    /// Directory with templates that replace built-in ones
    #[arg(long, value_name = "DIRECTORY", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::directory))]
    pub(crate) template_dir: Option<PathBuf>,
    /// Plugins written in Python.
    #[command(flatten)]
    pub(crate) plugins: PluginArguments,
    /// Serve the files of a directory below /MOUNT/. Repeatable
    #[arg(long = "static", value_name = "MOUNT:DIRECTORY", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::mount))]
    pub(crate) mounts: Vec<(String, PathBuf)>,
    /// Offer the empty database /_memory beside the files
    #[arg(long)]
    pub(crate) memory: bool,
    /// JSON or YAML configuration file; - for standard input
    #[arg(short = 'c', long, value_name = "FILENAME", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::readable))]
    pub(crate) config: Option<PathBuf>,
    /// A setting, or nested.key and value of the configuration. Repeatable
    #[arg(
        short = 's',
        long = "setting",
        value_names = ["NAME", "VALUE"],
        num_args = 2,
        action = ArgAction::Append,
        allow_hyphen_values = true
    )]
    setting: Vec<String>,
    /// Secret that signs cookies and tokens; a random one for each start without it
    #[arg(
        long,
        value_name = "TEXT",
        env = "DATASETTE_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    secret: Option<String>,
    /// Let the actor "root" do everything, and print a link that signs its first visitor in as root
    #[arg(long)]
    root: bool,
    /// Deny everything that nothing allows
    #[arg(long)]
    pub(crate) default_deny: bool,
    /// Print the answer to a GET request for this path and exit; the exit code is 0 if its
    /// status is 200, else 1
    #[arg(long, value_name = "PATH", allow_hyphen_values = true)]
    get: Option<String>,
    /// With --get: print the status and the headers too
    #[arg(long)]
    pub(crate) headers: bool,
    /// With --get: API token to send
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    token: Option<String>,
    /// With --get: make the request as this actor
    #[arg(long, value_name = "JSON", allow_hyphen_values = true)]
    actor: Option<String>,
    /// Note that /-/versions shows beside the version
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    version_note: Option<String>,
    /// Show all settings and exit
    #[arg(long)]
    pub(crate) help_settings: bool,
    /// Log from where failures inside the server come; there is no debugger to start
    #[arg(long)]
    pub(crate) pdb: bool,
    /// Open the site in a web browser
    #[arg(short = 'o', long)]
    pub(crate) open: bool,
    /// Create the database files that do not exist
    #[arg(long)]
    pub(crate) create: bool,
    /// Let queries of /_memory use the first ten databases by their names
    #[arg(long)]
    pub(crate) crossdb: bool,
    /// Read files even though another process holds a lock on them
    #[arg(long)]
    pub(crate) nolock: bool,
    /// File with the private key for HTTPS, in PEM form; beside the certificate without it
    #[arg(
        long,
        value_name = "PATH",
        env = "DATASETTE_SSL_KEYFILE",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    ssl_keyfile: Option<OsString>,
    /// File with the certificate for HTTPS and those above it, in PEM form
    #[arg(
        long,
        value_name = "PATH",
        env = "DATASETTE_SSL_CERTFILE",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    ssl_certfile: Option<OsString>,
    /// File that keeps the server's own database; a temporary one without it
    #[arg(
        long,
        value_name = "PATH",
        env = "DATASETTE_INTERNAL",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    internal: Option<OsString>,
    /// Show this message and exit
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

impl ServeArguments {
    /// Each `-s NAME VALUE`, in order.
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        let pairs = self.setting.chunks_exact(2);
        pairs
            .map(|pair| (pair[0].clone(), pair[1].clone()))
            .collect()
    }

    /// The secret; an empty one counts as none (SEC-01).
    pub(crate) fn secret(&self) -> Option<&str> {
        self.secret.as_deref().filter(|secret| !secret.is_empty())
    }

    /// The path to ask for; an empty one counts as none (CLI-53).
    pub(crate) fn get(&self) -> Option<&str> {
        self.get.as_deref().filter(|path| !path.is_empty())
    }

    /// The token to send with the request; an empty one counts as none.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref().filter(|token| !token.is_empty())
    }

    /// The actor of the request as JSON; an empty text counts as none.
    pub(crate) fn actor(&self) -> Option<&str> {
        self.actor.as_deref().filter(|actor| !actor.is_empty())
    }

    /// The note beside the version; an empty one counts as none.
    pub(crate) fn version_note(&self) -> Option<String> {
        self.version_note.clone().filter(|note| !note.is_empty())
    }

    /// Whether there is a root actor; never for a single request, which nobody signs in for (CLI-109).
    pub(crate) fn root(&self) -> bool {
        self.root && self.get().is_none()
    }

    /// Where the server's own database is kept; an empty path counts as none.
    pub(crate) fn internal(&self) -> Option<PathBuf> {
        path(self.internal.as_ref())
    }

    /// The file with the private key of the certificate; an empty path counts as none.
    pub(crate) fn ssl_keyfile(&self) -> Option<PathBuf> {
        path(self.ssl_keyfile.as_ref())
    }

    /// The file with the certificate; an empty path counts as none.
    pub(crate) fn ssl_certfile(&self) -> Option<PathBuf> {
        path(self.ssl_certfile.as_ref())
    }
}

fn path(text: Option<&OsString>) -> Option<PathBuf> {
    text.filter(|text| !text.is_empty()).map(PathBuf::from)
}
