//! The settings: one table that the type, its defaults, parsing, help and pages come from. After
//! the 24 of the original come our own.

use datasette_core::{ContentSecurity, Fault};
use serde_json::Value;

/// What a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// A whole number.
    Integer,
    /// On or off.
    Boolean,
    /// Text.
    Text,
}

/// The default of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingDefault {
    /// A whole number.
    Integer(u32),
    /// On or off.
    Boolean(bool),
    /// Text.
    Text(&'static str),
}

/// One row of the table of settings (SET-10 to SET-37).
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The name, as in `-s NAME VALUE`.
    pub name: &'static str,
    /// What it holds.
    pub kind: SettingKind,
    /// What it holds when nobody says otherwise.
    pub default: SettingDefault,
    /// One line for `--help-settings`.
    pub help: &'static str,
}

/// How the Rust type of a field is read from and shown as configuration.
trait Held: Sized {
    fn to_json(&self) -> Value;
    fn from_json(value: &Value) -> Option<Self>;
}

impl Held for u32 {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }

    // SET-08: numbers have no range check. What does not fit acts as the nearest that does.
    fn from_json(value: &Value) -> Option<Self> {
        let number = value.as_number()?;
        let text = number.to_string();
        let digits = text.strip_prefix('-').unwrap_or(&text);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        if digits.len() < text.len() {
            return Some(0);
        }
        Some(digits.parse().unwrap_or(u32::MAX))
    }
}

impl Held for bool {
    fn to_json(&self) -> Value {
        Value::Bool(*self)
    }

    fn from_json(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl Held for String {
    fn to_json(&self) -> Value {
        Value::String(self.clone())
    }

    fn from_json(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

macro_rules! settings {
    (@type Integer) => { u32 };
    (@type Boolean) => { bool };
    (@type Text) => { String };
    (@default Text $default:literal) => { $default.to_owned() };
    (@default $kind:ident $default:literal) => { $default };
    ($($name:ident: $kind:ident = $default:literal, $help:literal;)*) => {
        /// The effective settings.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Settings {
            $(
                #[doc = $help]
                pub $name: settings!(@type $kind),
            )*
        }

        /// Every setting in the order that `/-/settings` lists them (SET-01, DEBUG-04).
        pub static SETTINGS: &[Setting] = &[
            $(Setting {
                name: stringify!($name),
                kind: SettingKind::$kind,
                default: SettingDefault::$kind($default),
                help: $help,
            },)*
        ];

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: settings!(@default $kind $default),)* }
            }
        }

        impl Settings {
            /// The effective value of the setting of that name; null when there is none.
            pub fn get(&self, name: &str) -> Value {
                match name {
                    $(stringify!($name) => self.$name.to_json(),)*
                    _ => Value::Null,
                }
            }

            /// Stores a value whose type fits; `None` when the name or the type is wrong.
            pub(crate) fn store(&mut self, name: &str, value: &Value) -> Option<()> {
                match name {
                    $(stringify!($name) => self.$name = Held::from_json(value)?,)*
                    _ => return None,
                }
                Some(())
            }
        }
    };
}

settings! {
    default_page_size: Integer = 100, "Rows on a page of a table or view that does not ask for another number";
    max_returned_rows: Integer = 1000, "Most rows that a page or the result of a query may have";
    max_insert_rows: Integer = 100, "Most rows that one call of the insert or upsert API may bring";
    max_post_body_bytes: Integer = 2_097_152, "Largest request body in bytes that is read into memory; 0 for no limit";
    num_sql_threads: Integer = 3, "Threads that run SQL queries";
    sql_time_limit_ms: Integer = 1000, "Milliseconds after which a SQL query is stopped";
    default_facet_size: Integer = 30, "Values listed for a facet that does not ask for another number";
    facet_time_limit_ms: Integer = 200, "Milliseconds that computing one facet may take";
    facet_suggest_time_limit_ms: Integer = 50, "Milliseconds that looking at one column for a facet suggestion may take";
    allow_facet: Boolean = true, "Whether visitors may choose facets with ?_facet=";
    allow_download: Boolean = true, "Whether visitors may download immutable database files";
    allow_signed_tokens: Boolean = true, "Whether signed API tokens can be made and used";
    default_allow_sql: Boolean = true, "Whether everybody may run their own SQL queries";
    max_signed_tokens_ttl: Integer = 0, "Longest life of a signed API token in seconds; 0 for no limit";
    suggest_facets: Boolean = true, "Whether table pages suggest facets";
    default_cache_ttl: Integer = 5, "Seconds that clients may cache a response (Cache-Control: max-age)";
    cache_size_kb: Integer = 0, "Page cache of each SQLite connection in KB; 0 for the default of SQLite";
    allow_csv_stream: Boolean = true, "Whether .csv?_stream=1 may return all rows of a table or query";
    max_csv_mb: Integer = 100, "Largest CSV export in MB; 0 for no limit";
    truncate_cells_html: Integer = 2048, "Characters after which HTML tables cut the text of a cell; 0 for no limit";
    force_https_urls: Boolean = false, "Whether absolute URLs always start with https://";
    template_debug: Boolean = false, "Whether ?_context=1 shows what a template was given";
    trace_debug: Boolean = false, "Whether ?_trace=1 lists the SQL queries behind a response";
    base_url: Text = "/", "The path under which all URLs of this server start";
    table_permissions_in_sql: Boolean = true, "Whether SQL of visitors reads only tables that they may view";
    max_streamed_rows: Integer = 0, "Most rows that one call of the insert or upsert API may stream as CSV or NDJSON; 0 for max_insert_rows";
    content_security_policy: Text = "default", "Policy of pages against foreign scripts: default, off, or directives to add to it";
}

impl Settings {
    /// Sets one setting from the text of a command-line option (CLI-80 to CLI-82, CLI-89).
    ///
    /// # Errors
    /// The name is unknown, or the text does not have the form the setting needs.
    pub fn set_from_text(&mut self, name: &str, text: &str) -> Result<(), Fault> {
        if find(name).is_none() {
            return Err(Fault::bad_request(crate::setting_check::unknown(name)));
        }
        let argument = crate::argument::SettingArgument::parse(name, text)?;
        crate::setting_check::store(self, name, argument.value()).map_err(Fault::bad_request)
    }
}

impl Settings {
    /// What pages say about scripts. The setting was checked when it was stored.
    pub fn content_security(&self) -> ContentSecurity {
        ContentSecurity::parse(&self.content_security_policy).unwrap_or_default()
    }
}

/// The setting of exactly that name.
pub fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

#[cfg(test)]
mod tests;
