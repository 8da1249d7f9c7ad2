//! The lines of the table of goals.

use super::goal::Goal;

/// One line; a kind of work has one or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LineKey {
    /// Table JSON under load.
    TableJson,
    /// Row JSON under load.
    RowJson,
    /// Table HTML under load.
    TableHtml,
    /// Database page under load.
    DatabaseRate,
    /// Database page, one client, median.
    DatabaseLatency,
    /// CSV export, duration.
    CsvSeconds,
    /// CSV export, growth of the server's peak memory.
    CsvGrowth,
    /// Start of the process to first answer.
    ColdStart,
    /// Resident memory after the first answer.
    MemoryIdle,
    /// Resident memory after mixed load.
    MemoryLoaded,
    /// Speed of anonymous visitors with many rules, as a share of that without.
    AccessRules,
    /// Speed of a signed-in visitor, as a share of that of an anonymous one.
    AccessSigned,
    /// What may be seen of 100,000 tables.
    TablesAllowed,
    /// The jump box over 100,000 tables.
    TablesJump,
    /// The index of 100,000 tables.
    TablesIndex,
    /// Rows inserted one by one, with a rollback journal.
    InsertsRollback,
    /// The same with a write-ahead log.
    InsertsAhead,
    /// Many rows of a file of CSV.
    Import,
    /// What a page costs more where a plugin has a hook of it, median.
    HookCost,
    /// Pages of 100 rows whose cells two plugins look at; the original's without plugins.
    PluginCells,
    /// A function of SQL written in Python, called for 100,000 rows.
    PluginFunction,
    /// Start of the process to first answer, with ten plugins that are known.
    PluginStart,
    /// The one file that is installed.
    BinarySize,
}

/// What the values of a line count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Requests per second.
    PerSecond,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// MiB.
    Mebibytes,
    /// Millions of bytes.
    Megabytes,
    /// Hundredths of the other side.
    Percent,
}

impl Unit {
    /// A value with its unit.
    pub(crate) fn text(self, value: f64) -> String {
        match self {
            Self::PerSecond => format!("{}/s", figure(value)),
            Self::Milliseconds => format!("{} ms", figure(value)),
            Self::Seconds => format!("{value:.2} s"),
            Self::Mebibytes => format!("{value:.1} MiB"),
            Self::Megabytes => format!("{value:.1} MB"),
            Self::Percent => format!("{value:.1} %"),
        }
    }

    /// The unit in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PerSecond => "requests per second",
            Self::Milliseconds => "milliseconds",
            Self::Seconds => "seconds",
            Self::Mebibytes => "mebibytes",
            Self::Megabytes => "megabytes",
            Self::Percent => "percent",
        }
    }
}

/// Three digits that mean something, and commas between thousands.
pub(super) fn figure(value: f64) -> String {
    let decimals = match value.abs() {
        large if large >= 99.95 => 0,
        middle if middle >= 9.995 => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    if decimals > 0 {
        return text;
    }
    let mut grouped = String::new();
    for (place, digit) in text.chars().enumerate() {
        if place > 0 && digit.is_ascii_digit() && (text.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

impl LineKey {
    /// All lines, top to bottom.
    pub(crate) const ALL: [Self; 23] = [
        Self::TableJson,
        Self::RowJson,
        Self::TableHtml,
        Self::DatabaseRate,
        Self::DatabaseLatency,
        Self::CsvSeconds,
        Self::CsvGrowth,
        Self::ColdStart,
        Self::MemoryIdle,
        Self::MemoryLoaded,
        Self::AccessRules,
        Self::AccessSigned,
        Self::TablesAllowed,
        Self::TablesJump,
        Self::TablesIndex,
        Self::InsertsRollback,
        Self::InsertsAhead,
        Self::Import,
        Self::HookCost,
        Self::PluginCells,
        Self::PluginFunction,
        Self::PluginStart,
        Self::BinarySize,
    ];

    /// What was done, in words.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::TableJson => "table JSON, 100 rows of 1M",
            Self::RowJson => "row JSON",
            Self::TableHtml => "table HTML, 100 rows, facet suggestions",
            Self::DatabaseRate => "database page, 488 tables",
            Self::DatabaseLatency => "database page, one client",
            Self::CsvSeconds => "CSV of 1M rows, streamed",
            Self::CsvGrowth => "peak memory grown by it",
            Self::ColdStart => "cold start to first answer",
            Self::MemoryIdle => "memory, idle",
            Self::MemoryLoaded => "memory, after load",
            Self::AccessRules => "row JSON, anonymous, 1,000 rules",
            Self::AccessSigned => "row JSON, signed in",
            Self::TablesAllowed => "what may be seen of 100,000 tables",
            Self::TablesJump => "jump box over 100,000 tables",
            Self::TablesIndex => "index JSON of 100,000 tables",
            Self::InsertsRollback => "single inserts, 8 clients, rollback journal",
            Self::InsertsAhead => "single inserts, 8 clients, write-ahead log",
            Self::Import => "100,000 rows of CSV inserted",
            Self::HookCost => "page, more with a Python hook",
            Self::PluginCells => "table HTML, cells by two Python plugins",
            Self::PluginFunction => "SQL function in Python, 100,000 rows",
            Self::PluginStart => "cold start with ten Python plugins",
            Self::BinarySize => "size of the binary",
        }
    }

    /// The name in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::TableJson => "table_json",
            Self::RowJson => "row_json",
            Self::TableHtml => "table_html",
            Self::DatabaseRate => "database_rate",
            Self::DatabaseLatency => "database_latency",
            Self::CsvSeconds => "csv_seconds",
            Self::CsvGrowth => "csv_memory_growth",
            Self::ColdStart => "cold_start",
            Self::MemoryIdle => "memory_idle",
            Self::MemoryLoaded => "memory_loaded",
            Self::AccessRules => "access_rules",
            Self::AccessSigned => "access_signed",
            Self::TablesAllowed => "tables_allowed",
            Self::TablesJump => "tables_jump",
            Self::TablesIndex => "tables_index",
            Self::InsertsRollback => "inserts_rollback",
            Self::InsertsAhead => "inserts_ahead",
            Self::Import => "import_seconds",
            Self::HookCost => "hook_cost",
            Self::PluginCells => "plugin_cells",
            Self::PluginFunction => "plugin_function_seconds",
            Self::PluginStart => "plugin_start",
            Self::BinarySize => "binary_size",
        }
    }

    /// What its values count.
    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::TableJson
            | Self::RowJson
            | Self::TableHtml
            | Self::DatabaseRate
            | Self::InsertsRollback
            | Self::InsertsAhead
            | Self::PluginCells => Unit::PerSecond,
            Self::AccessRules | Self::AccessSigned => Unit::Percent,
            Self::DatabaseLatency
            | Self::ColdStart
            | Self::TablesAllowed
            | Self::TablesJump
            | Self::TablesIndex
            | Self::HookCost
            | Self::PluginStart => Unit::Milliseconds,
            Self::CsvSeconds | Self::Import | Self::PluginFunction => Unit::Seconds,
            Self::CsvGrowth | Self::MemoryIdle | Self::MemoryLoaded => Unit::Mebibytes,
            Self::BinarySize => Unit::Megabytes,
        }
    }

    /// What it has to reach.
    pub(crate) fn goal(self) -> Goal {
        match self {
            Self::TableJson => Goal::ShareOfFloor(0.5),
            Self::RowJson => Goal::ShareOfFloor(0.4),
            Self::TableHtml => Goal::TimesOriginal(100.0),
            Self::DatabaseRate => Goal::AtLeast(100.0),
            Self::DatabaseLatency | Self::ColdStart | Self::PluginStart => Goal::AtMost(20.0),
            Self::HookCost => Goal::AtMost(0.3),
            Self::PluginCells => Goal::TimesOriginal(10.0),
            Self::PluginFunction => Goal::AtMostTimesOriginal(2.0),
            Self::CsvSeconds | Self::Import => Goal::NotSlowerThanShell,
            // Those that wait share a commit, so waiting for the disk is no excuse.
            Self::InsertsRollback | Self::InsertsAhead => Goal::ShareOfFloor(1.0),
            // Flat: the rows themselves are several times as much.
            Self::CsvGrowth => Goal::AtMost(16.0),
            Self::MemoryIdle | Self::BinarySize => Goal::AtMost(25.0),
            Self::MemoryLoaded => Goal::AtMost(40.0),
            Self::AccessRules => Goal::AtLeast(95.0),
            Self::AccessSigned => Goal::AtLeast(90.0),
            Self::TablesAllowed | Self::TablesJump | Self::TablesIndex => Goal::AtMost(100.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_three_digits_and_group_thousands() {
        for (value, expected) in [
            (0.5, "0.50"),
            (9.996, "10.0"),
            (14.23, "14.2"),
            (99.96, "100"),
            (160.4, "160"),
            (1000.0, "1,000"),
            (14_400.4, "14,400"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(figure(value), expected);
        }
    }
}
