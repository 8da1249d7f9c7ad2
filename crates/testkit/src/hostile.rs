//! Names that break careless quoting, encoding or escaping.

/// The statements of a database whose tables and columns have such names, the same as for the
/// comparison with the original.
pub const SQL: &str = include_str!("../../../compat/databases/hostile.sql");

/// Names for tables, columns, databases, queries and values: all of them valid in SQLite, none of
/// them pleasant.
pub const NAMES: &[&str] = &[
    "with space",
    " leading and trailing ",
    "it's",
    "say \"hi\"",
    "`back`tick`",
    "square[brackets]",
    "only]closing",
    "slash/es",
    "back\\slash",
    "dot.ted",
    "dot.json",
    ".",
    "..",
    "per%cent",
    "%2e%2e%2f",
    "til~de",
    "~2Ftilde",
    "com,ma",
    "pl+us",
    "semi;colon",
    "a;drop table t;--",
    "com--ment",
    "/* comment */",
    "amp&er=sand?#",
    "<b>html</b>",
    "</script><script>alert(1)</script>",
    "{{ 7*7 }}",
    "{% raw %}",
    "select",
    "123 digits",
    "-dash-",
    "under__score",
    "_leading",
    "a__gt",
    ":p0",
    "@at",
    "$dollar",
    "?1",
    "rowid",
    "new\nline",
    "trailing newline\n",
    "carriage\rreturn",
    "tab\tstop",
    "bell\u{7}",
    "delete\u{7f}",
    "no\u{a0}break",
    "zero\u{200b}width",
    "right\u{202e}to left",
    "combin\u{301}ed",
    "é中",
    "emoji😀",
    "İstanbul",
    "ſharp ß",
    "__proto__",
    "constructor",
    "null",
    "true",
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn no_name_stands_twice() {
        let names: HashSet<_> = super::NAMES.iter().collect();
        assert_eq!(names.len(), super::NAMES.len());
    }
}
