//! The keys that configuration and metadata know, level by level: one table that warnings about
//! slips, the move of old metadata and the reference come from.

use datasette_core::action::BUILT_IN;

/// One key of a level.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it holds, in a few words.
    pub holds: &'static str,
    /// What it does, in one line.
    pub means: &'static str,
    /// Whether a metadata file may hold it too, from where it moves (CONF-95, CONF-96).
    pub moves: bool,
}

/// One level: where its keys stand, and which they are. Other keys are the owner's (CONF-05).
#[derive(Clone, Copy, Debug)]
pub struct Level {
    /// What it is called.
    pub title: &'static str,
    /// The keys that lead there; names in capitals stand for any name.
    pub path: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

macro_rules! keys {
    ($($name:ident $(($moves:ident))?: $holds:literal, $means:literal;)*) => {
        &[$(Key {
            name: stringify!($name),
            holds: $holds,
            means: $means,
            moves: keys!(@moves $($moves)?),
        },)*]
    };
    (@moves) => { false };
    (@moves moves) => { true };
}

/// The root of `datasette.yaml`.
pub static ROOT: Level = Level {
    title: "The whole instance",
    path: "",
    keys: keys! {
        settings: "mapping of settings", "Settings by name; an unknown one ends the start";
        databases: "mapping by database name", "What concerns single databases";
        allow (moves): "allow block", "Who may see anything at all";
        allow_sql: "allow block", "Who may run SQL of their own";
        permissions: "mapping of allow blocks by action", "Who may do what";
        plugins (moves): "mapping by plugin name", "What plugins are told; any keys below";
        extra_css_urls: "list of URLs or mappings", "Style sheets added to every page";
        extra_js_urls: "list of URLs or mappings", "Scripts added to every page";
    },
};

/// An item of `extra_css_urls` or `extra_js_urls` that is a mapping.
pub static ASSET: Level = Level {
    title: "A style sheet or script",
    path: "extra_js_urls.[]",
    keys: keys! {
        url: "text", "Where it is; required";
        sri: "text", "The hash that browsers compare it with";
        module: "true or false", "Whether a script is a module";
    },
};

/// One database.
pub static DATABASE: Level = Level {
    title: "A database",
    path: "databases.DATABASE",
    keys: keys! {
        tables: "mapping by table or view name", "What concerns single tables and views";
        queries: "mapping by query name", "Stored queries: SQL, or a mapping";
        allow (moves): "allow block", "Who may see the database and what is in it";
        allow_sql: "allow block", "Who may run SQL of their own in it";
        permissions: "mapping of allow blocks by action", "Who may do what in it";
        plugins (moves): "mapping by plugin name", "What plugins are told about it; any keys below";
    },
};

/// One table or view. Those that move come first, in the order in which they do.
pub static TABLE: Level = Level {
    title: "A table or view",
    path: "databases.DATABASE.tables.TABLE",
    keys: keys! {
        hidden (moves): "true or false", "Whether lists of tables leave it out; it can still be visited";
        sort (moves): "column", "Sorted by this column";
        sort_desc (moves): "column", "Sorted by this column, largest first";
        size (moves): "number or `max`", "Rows on a page";
        sortable_columns (moves): "list of columns", "The only columns to sort by; `[]` for none";
        label_column (moves): "column", "What links to a row show";
        facets (moves): "list of columns or `{array: COLUMN}`, `{date: COLUMN}`", "Facets that are always shown";
        fts_table (moves): "table", "The full-text table to search in";
        fts_pk (moves): "column", "The column that its rowids are matched with";
        searchmode (moves): "`raw`", "Search texts are passed on as they are";
        facet_size: "number or `max`", "Values listed for each facet";
        column_types: "mapping by column name", "Types of columns: a name, or a mapping";
        allow (moves): "allow block", "Who may see it";
        permissions: "mapping of allow blocks by action", "Who may do what with it";
        plugins (moves): "mapping by plugin name", "What plugins are told about it; any keys below";
    },
};

/// The type of a column that is a mapping.
pub static COLUMN_TYPE: Level = Level {
    title: "The type of a column",
    path: "databases.DATABASE.tables.TABLE.column_types.COLUMN",
    keys: keys! {
        type: "name of a type", "`url`, `email`, `json`, `textarea`, or a type of a plugin; required";
        config: "mapping", "Options of the type; any keys below";
    },
};

/// A stored query that is a mapping.
pub static QUERY: Level = Level {
    title: "A stored query",
    path: "databases.DATABASE.queries.QUERY",
    keys: keys! {
        sql: "text", "The statement; required";
        title: "text", "The heading of its page";
        description: "text", "Shown below the heading";
        description_html: "HTML", "The same, shown as it is";
        params: "list of names", "The parameters, in the order of the form";
        hide_sql: "true or false", "Whether the page starts with the SQL hidden";
        fragment: "text", "What links to the query carry after `#`";
        write: "true or false", "Whether it changes the database";
        is_trusted: "true or false", "Whether running it takes no permission beyond seeing it (default: true)";
        on_success_message: "text", "Told after it wrote";
        on_success_message_sql: "SQL", "The same, from a query that sees the parameters";
        on_success_redirect: "path", "Where to go after it wrote";
        on_error_message: "text", "Told after it failed";
        on_error_redirect: "path", "Where to go after it failed";
        allow: "allow block", "Who may see and run it";
        permissions: "mapping of allow blocks by action", "Who may do what with it";
    },
};

/// All levels of `datasette.yaml`, from the root down.
pub static LEVELS: [&Level; 6] = [&ROOT, &ASSET, &DATABASE, &TABLE, &COLUMN_TYPE, &QUERY];

/// What metadata says about the instance, a database or a table. Other keys are the owner's.
pub static METADATA: &[Key] = keys! {
    title: "text", "The heading of the page";
    description: "text", "Shown below the heading";
    description_html: "HTML", "The same, shown as it is";
    license: "text", "Under which licence the data may be used";
    license_url: "URL", "Where the licence is";
    source: "text", "Where the data comes from";
    source_url: "URL", "Where that is";
    about: "text", "What the data is about";
    about_url: "URL", "Where to read more";
};

impl Level {
    /// The names of its keys.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        self.keys.iter().map(|key| key.name)
    }

    /// The names of those that a metadata file may hold too.
    pub(crate) fn moving(&self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        let moving = self.keys.iter().filter(|key| key.moves);
        moving.map(|key| key.name)
    }
}

/// The names of the actions that `permissions` may name; plugins may know more.
pub(crate) fn actions() -> impl Iterator<Item = &'static str> + Clone {
    BUILT_IN.iter().map(|action| action.name)
}
