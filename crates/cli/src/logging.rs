//! What the server logs about its work, on the standard error stream: lines for people, or one JSON
//! object each for collectors of logs.

use std::backtrace::Backtrace;
use std::fmt;
use std::io::{IsTerminal, stderr};
use std::sync::OnceLock;

use datasette_core::UtcTime;
use datasette_core::clock::{Clock, SystemClock};
use datasette_core::python_text::repr;
use datasette_sqlite::ERROR_LOG;
use serde_json::{Map, Value, json};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{Format, Full, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, format};
use tracing_subscriber::registry::LookupSpan;

/// Where the filter comes from; the first that is set counts.
const VARIABLES: [&str; 2] = ["DATASETTE_LOG", "RUST_LOG"];

/// Where the form comes from.
const FORM: &str = "DATASETTE_LOG_FORMAT";

/// The target of what the program says about its own life.
const OWN: &str = "datasette";

static CHOSEN: OnceLock<Form> = OnceLock::new();

/// How lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people, as the original writes them.
    #[default]
    Text,
    /// One JSON object each.
    Json,
}

impl Form {
    /// The form of this process.
    pub(crate) fn chosen() -> Self {
        CHOSEN.get().copied().unwrap_or_default()
    }
}

/// Starts logging: warnings and errors, unless a variable asks for something else. Colours only on
/// a terminal.
pub(crate) fn start() {
    let form = match std::env::var(FORM).as_deref() {
        Ok("json") => Form::Json,
        Ok("text" | "") | Err(_) => Form::Text,
        Ok(other) => {
            crate::output::warn(&format!("{FORM} is {other:?}, but must be text or json"));
            Form::Text
        }
    };
    // Only a second call could fail, and there is none; the same below.
    let _ = CHOSEN.set(form);
    let wanted = VARIABLES.iter().find_map(|name| std::env::var(name).ok());
    let filter = match wanted.as_deref().map(str::parse::<EnvFilter>) {
        Some(Ok(filter)) => filter,
        Some(Err(error)) => {
            crate::output::warn(&format!("the filter of the log is not understood: {error}"));
            EnvFilter::new("warn")
        }
        None => EnvFilter::new("warn"),
    };
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal())
        .event_format(Lines {
            form,
            text: format().without_time(),
        })
        .try_init();
}

/// Logs from where every failure inside the server came (CLI-44): the original starts Python's
/// debugger there.
pub(crate) fn tell_backtraces() {
    std::panic::set_hook(Box::new(|panic| {
        let backtrace = Backtrace::force_capture();
        tracing::error!("{panic}\n{backtrace}");
    }));
}

/// A line of JSON that the program itself says.
pub(crate) fn own_line(level: &str, text: &str) -> String {
    line(level, OWN, [("message", json!(text.trim()))])
}

/// A line of JSON: when, how grave, from whom, and then `members`.
pub(crate) fn line<'a>(
    level: &str,
    target: &str,
    members: impl IntoIterator<Item = (&'a str, Value)>,
) -> String {
    let now = UtcTime::of(SystemClock.now()).iso_microseconds();
    let first = [
        ("timestamp", json!(now)),
        ("level", json!(level)),
        ("target", json!(target)),
    ];
    let members = first.into_iter().chain(members);
    let members = members.map(|(name, value)| (name.to_owned(), value));
    Value::Object(members.collect()).to_string()
}

/// Writes events in the chosen form.
struct Lines {
    form: Form,
    text: Format<Full, ()>,
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let about = event.metadata();
        if self.form == Form::Text && about.target() != ERROR_LOG {
            return self.text.format_event(context, writer, event);
        }
        let mut members = Members::default();
        event.record(&mut members);
        match self.form {
            Form::Text => writeln!(writer, "{}", members.about_sql()),
            Form::Json => {
                let members = members.0.iter();
                let members = members.map(|(name, value)| (name.as_str(), value.clone()));
                let level = about.level().as_str();
                writeln!(writer, "{}", line(level, about.target(), members))
            }
        }
    }
}

/// What an event tells, its words first.
#[derive(Default)]
struct Members(Map<String, Value>);

impl Members {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A statement that failed, in the form that scripts know (CLI-113).
    fn about_sql(&self) -> String {
        format!(
            "ERROR: conn={}, sql = {}, params = {}: {}",
            self.text("conn"),
            repr(self.text("sql")),
            self.text("params"),
            self.text("message").replace(char::is_control, " ")
        )
    }
}

impl Visit for Members {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), json!(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), json!(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), json!(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), json!(value));
    }
}
