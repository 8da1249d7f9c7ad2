//! Names for databases, tables and columns: plain ones, and those that break careless quoting,
//! encoding or routing.

use std::collections::BTreeSet;

use crate::hunt::random::Random;

const PLAIN: [&str; 18] = [
    "id", "name", "title", "city", "state", "created", "tags", "n", "note", "kind", "parent",
    "amount", "day", "flag", "data", "Name", "pk", "label",
];
/// Names that mean something to the server or to SQL. `value` is not among them: the suggestions of
/// the original group by that name (FACET-39), which the scenario `facet/column-called-value` shows.
const MEANING: [&str; 33] = [
    "rowid",
    "oid",
    "_rowid_",
    "_search",
    "_sort",
    "_size",
    "_facet",
    "_next",
    "_city_id",
    "p0",
    "search",
    "count",
    "rank",
    "select",
    "from",
    "where",
    "order",
    "group",
    "null",
    "Link",
    "rows",
    "ok",
    "columns",
    "inner",
    "key",
    "table",
    "index",
    "true",
    "current_date",
    "a__gt",
    "b__in__exact",
    "_",
    "__",
];
const HOSTILE: [&str; 40] = [
    "a b",
    "it's",
    "say \"hi\"",
    "[a]",
    "b]c",
    "a/b",
    "a\\b",
    "a\nb",
    "é",
    "中文",
    "😀",
    "50%",
    "%41",
    "~7E",
    "a,b",
    "a.b",
    "x.json",
    "x.csv",
    "a+b",
    "a;b",
    "a--b",
    "/*c*/",
    "a&b=c",
    "d?e#f",
    "<i>x</i>",
    "1",
    "2x",
    "-",
    "-x",
    " x ",
    ":p0",
    "@a",
    "$b",
    "?",
    "`",
    "a:b",
    "{a}",
    "a\tb",
    "e\u{301}",
    "\u{202e}x",
];

/// Hands out names that SQLite tells apart.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A name for a table or a view; never empty.
    pub(super) fn table(&mut self, random: &mut Random) -> String {
        let name = match random.below(6) {
            0 | 1 => random.pick(&HOSTILE),
            2 => random.pick(&MEANING),
            _ => random.pick(&PLAIN),
        };
        self.free(name.copied().unwrap_or("t"))
    }

    /// A name for a column; now and then the empty one.
    pub(super) fn column(&mut self, random: &mut Random) -> String {
        let name = match random.below(12) {
            0 | 1 => random.pick(&HOSTILE),
            2 => random.pick(&MEANING),
            3 if random.one_in(4) => Some(&""),
            _ => random.pick(&PLAIN),
        };
        self.free(name.copied().unwrap_or("c"))
    }

    /// The name itself, or with a number behind it when it is taken.
    pub(super) fn free(&mut self, name: &str) -> String {
        let mut free = name.to_owned();
        let mut number = 2;
        while !self.taken.insert(free.to_lowercase()) {
            free = format!("{name}{number}");
            number += 1;
        }
        free
    }
}

/// File names of databases, without their ending.
pub(super) fn database(random: &mut Random, number: usize) -> String {
    let odd = [
        "", " space", ".dot", "~tilde", "%percent", "é", "'q", ",comma", "+plus", "&and",
    ];
    let odd = random.pick(&odd).copied().unwrap_or("");
    format!("db{number}{odd}")
}

/// A name as SQL writes it.
pub(super) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL writes it.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_without_regard_to_case() {
        let mut names = Names::default();
        assert_eq!(
            [names.free("name"), names.free("Name"), names.free("NAME")],
            ["name", "Name2", "NAME3"]
        );
    }
}
