//! Would a statement answer the same again, for as long as its database stays the same?

use datasette_core::{DatabaseRef, TableRef};

/// Functions whose result is made of their arguments alone, by name. Those of dates are missing:
/// `now` is an argument, too.
const FUNCTIONS: &[&str] = &[
    "abs",
    "acos",
    "asin",
    "atan",
    "atan2",
    "avg",
    "ceil",
    "ceiling",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "cos",
    "count",
    "cume_dist",
    "degrees",
    "dense_rank",
    "exp",
    "first_value",
    "floor",
    "format",
    "glob",
    "group_concat",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_array_length",
    "json_each",
    "json_error_position",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_object",
    "json_tree",
    "json_type",
    "json_valid",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "max",
    "median",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "octet_length",
    "percent_rank",
    "pi",
    "pow",
    "power",
    "printf",
    "quote",
    "radians",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "sin",
    "sqrt",
    "string_agg",
    "substr",
    "substring",
    "sum",
    "tan",
    "total",
    "trim",
    "trunc",
    "typeof",
    "unhex",
    "unicode",
    "upper",
    "zeroblob",
];

/// Words of questions that stand for nothing outside of the statement.
const WORDS: &[&str] = &[
    "all",
    "and",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "cast",
    "collate",
    "cross",
    "desc",
    "distinct",
    "else",
    "end",
    "escape",
    "except",
    "exclude",
    "exists",
    "false",
    "filter",
    "first",
    "following",
    "from",
    "full",
    "glob",
    "group",
    "groups",
    "having",
    "in",
    "inner",
    "intersect",
    "is",
    "isnull",
    "join",
    "last",
    "left",
    "like",
    "limit",
    "materialized",
    "natural",
    "not",
    "notnull",
    "null",
    "nulls",
    "offset",
    "on",
    "or",
    "order",
    "outer",
    "over",
    "partition",
    "preceding",
    "range",
    "recursive",
    "right",
    "row",
    "rows",
    "select",
    "then",
    "ties",
    "true",
    "unbounded",
    "union",
    "using",
    "values",
    "when",
    "where",
    "window",
    "with",
];

/// Words that are functions of the time.
const CLOCKS: &[&str] = &["current_date", "current_time", "current_timestamp"];

/// Names of types, of orders, and of the number that every row has.
const NAMES: &[&str] = &[
    "binary", "blob", "int", "integer", "main", "nocase", "numeric", "oid", "real", "rowid",
    "_rowid_", "text",
];

/// Whether the statement reads only from the tables of this database and calls only functions
/// that know nothing of the time or of chance. Says no when in doubt: to everything it does not
/// know, and to names that the statement gives without `as`.
pub fn is_steady(sql: &str, database: &DatabaseRef) -> bool {
    let Some(tokens) = tokens(sql) else {
        return false;
    };
    // SQLite finds a name in any case, so none of what is unsteady may be named in any case.
    let unsteady = database.tables().filter(|table| !table.kind.is_steady());
    let mut unsteady = unsteady.map(|table| table.name().to_owned());
    if unsteady.any(|name| tokens.iter().any(|token| token.is_named(&name))) {
        return false;
    }
    let tables: Vec<TableRef> = tokens
        .iter()
        .filter_map(|token| database.table(token.name()?))
        .collect();
    let aliases = tokens.windows(2).filter(|pair| pair[0].is_named("as"));
    let given: Vec<&str> = aliases
        .filter_map(|pair| pair[1].name())
        .chain(tokens.windows(3).filter_map(common_table))
        .collect();
    let is_given = |name: &str| given.iter().any(|known| known.eq_ignore_ascii_case(name));
    let is_column = |name: &str| {
        let mut columns = tables.iter().flat_map(|table| &table.columns);
        columns.any(|column| column.name.eq_ignore_ascii_case(name))
    };
    let is_table = |name: &str| {
        let mut known = tables.iter();
        known.any(|table| table.name().eq_ignore_ascii_case(name))
    };
    tokens.iter().enumerate().all(|(place, token)| match token {
        Token::Sign => true,
        // Magic parameters tell the time, the visitor, or nothing twice.
        Token::Parameter(name) => !name.starts_with('_'),
        // These are the clock, even where a column has the name.
        Token::Word(word) if is_one_of(CLOCKS, word) => false,
        Token::Word(word) if is_one_of(WORDS, word) => true,
        Token::Word(name) if is_one_of(NAMES, name) => true,
        Token::Word(_) | Token::Quoted(_) => {
            let name = token.name().unwrap_or_default();
            match tokens.get(place + 1) {
                Some(Token::Open) => is_one_of(FUNCTIONS, name),
                _ => is_table(name) || is_given(name) || is_column(name),
            }
        }
        Token::Open => true,
    })
}

/// The name of a common table expression: `NAME as (`.
fn common_table<'a>(three: &'a [Token<'a>]) -> Option<&'a str> {
    match three {
        [name, next, Token::Open] if next.is_named("as") => name.name(),
        _ => None,
    }
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// A part of a statement, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// A keyword or a bare name.
    Word(&'a str),
    /// A name in quotes of any kind.
    Quoted(String),
    /// A parameter, without its sign.
    Parameter(&'a str),
    /// `(`.
    Open,
    /// A text, a number or any other sign.
    Sign,
}

impl Token<'_> {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Word(name) => Some(name),
            Self::Quoted(name) => Some(name),
            _ => None,
        }
    }

    fn is_named(&self, name: &str) -> bool {
        self.name()
            .is_some_and(|own| own.eq_ignore_ascii_case(name))
    }
}

/// The parts of a statement; `None` when it cannot be read.
fn tokens(sql: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if first.is_whitespace() => first.len_utf8(),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => 2 + rest[2..].find("*/")? + 2,
            '\'' => {
                tokens.push(Token::Sign);
                quoted(rest, '\'')?.0
            }
            '"' | '`' => {
                let (length, name) = quoted(rest, first)?;
                tokens.push(Token::Quoted(name));
                length
            }
            '[' => {
                let end = rest.find(']')?;
                tokens.push(Token::Quoted(rest[1..end].to_owned()));
                end + 1
            }
            ':' | '@' | '$' => {
                let name = word(&rest[1..]);
                tokens.push(Token::Parameter(name));
                1 + name.len()
            }
            '(' => {
                tokens.push(Token::Open);
                1
            }
            _ if first.is_ascii_digit() => {
                tokens.push(Token::Sign);
                word(rest).len()
            }
            _ if is_word(first) => {
                let name = word(rest);
                // A blob in hex begins like a name.
                let is_blob = name.eq_ignore_ascii_case("x") && rest[1..].starts_with('\'');
                tokens.push(if is_blob {
                    Token::Sign
                } else {
                    Token::Word(name)
                });
                name.len()
            }
            _ => {
                tokens.push(Token::Sign);
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    Some(tokens)
}

/// The length of what stands in quotes, and what it says.
fn quoted(sql: &str, quote: char) -> Option<(usize, String)> {
    let mut text = String::new();
    let mut characters = sql.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character != quote {
            text.push(character);
        } else if characters.next_if(|(_, next)| *next == quote).is_some() {
            text.push(quote);
        } else {
            return Some((at + 1, text));
        }
    }
    None
}

fn word(sql: &str) -> &str {
    let end = sql.find(|character| !is_word(character));
    &sql[..end.unwrap_or(sql.len())]
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$') || !character.is_ascii()
}
