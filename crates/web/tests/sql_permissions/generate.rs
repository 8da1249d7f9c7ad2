//! Makes up statements over tables that a visitor may view and, sometimes, tables that not.

/// A stream of numbers that is the same for the same seed.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Something that rows come from.
#[derive(Clone, Debug)]
struct Source {
    /// As FROM names it.
    text: String,
    columns: Vec<String>,
}

/// A table or view, its columns.
type Named = (&'static str, &'static [&'static str]);

const SEEN: [Named; 5] = [
    ("town", &["id", "name", "people", "mayor"]),
    ("river", &["id", "name", "town"]),
    ("big_town", &["id", "name", "people"]),
    ("town_search", &["name", "rowid"]),
    ("json_each('[1, 2, 3]')", &["key", "value"]),
];

const HIDDEN: [Named; 11] = [
    ("person", &["id", "name", "salary", "town"]),
    ("note", &["id", "name", "about"]),
    ("town_mayor", &["id", "name", "mayor"]),
    ("rich", &["id", "name"]),
    ("person_search", &["name", "rowid"]),
    ("person_search('canary')", &["name", "rowid"]),
    ("person_search_docsize", &["id", "sz"]),
    ("person_word", &["term", "doc"]),
    ("sqlite_master", &["name", "sql"]),
    ("sqlite_sequence", &["name", "seq"]),
    ("sqlite_stat1", &["tbl", "stat"]),
];

/// Statements of one seed.
pub(crate) struct Statements {
    chance: Chance,
    /// Whether what is being made may use hidden tables.
    may_hide: bool,
    /// Whether it has used one.
    hides: bool,
    names: usize,
    /// Common table expressions in sight.
    common: Vec<Source>,
}

/// A made-up statement or condition.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) sql: String,
    /// Whether it reads what the visitor may not view.
    pub(crate) hides: bool,
}

impl Statements {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            chance: Chance::new(seed),
            may_hide: false,
            hides: false,
            names: 0,
            common: Vec::new(),
        }
    }

    pub(crate) fn chance(&mut self) -> &mut Chance {
        &mut self.chance
    }

    fn begin(&mut self) {
        self.may_hide = self.chance.once_in(2);
        self.hides = false;
        self.names = 0;
        self.common.clear();
    }

    /// A statement whose rows have no particular order.
    pub(crate) fn statement(&mut self) -> Made {
        self.begin();
        let mut with = String::new();
        for _ in 0..self.chance.below(3) {
            let (sql, width) = self.select(2, None);
            // A name of a table means the expression from here on.
            let name = match self.chance.below(4) {
                0 => (*self.chance.one_of(&["town", "big_town", "river"])).to_owned(),
                _ => self.name("c"),
            };
            let columns: Vec<String> = (0..width).map(|place| format!("x{place}")).collect();
            let list = columns.join(", ");
            let separator = if with.is_empty() { "with" } else { "," };
            with += &format!("{separator} {name}({list}) as ({sql})");
            self.common.retain(|source| source.text != name);
            self.common.push(Source {
                text: name,
                columns,
            });
        }
        let (body, width) = self.select(3, None);
        let mut sql = format!("{with} {body}");
        // What nobody reads is not read by SQLite either.
        for source in self.common.clone() {
            let column = &source.columns[0];
            let operator = self.chance.one_of(&["union all", "except"]);
            let rest = ", null".repeat(width - 1);
            sql += &format!(" {operator} select {column}{rest} from {}", source.text);
        }
        Made {
            sql,
            hides: self.hides,
        }
    }

    /// A condition on the table `town`.
    pub(crate) fn condition(&mut self) -> Made {
        self.begin();
        let town = SEEN[0];
        let sources = [source(town, "town")];
        let sql = self.truth(3, &sources);
        Made {
            sql,
            hides: self.hides,
        }
    }

    fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    /// A SELECT and how many columns it has.
    fn select(&mut self, depth: usize, width: Option<usize>) -> (String, usize) {
        let width = width.unwrap_or_else(|| 1 + self.chance.below(3));
        let mut sql = self.simple(depth, width);
        if depth > 0 && self.chance.once_in(4) {
            let operator = *self
                .chance
                .one_of(&["union", "union all", "intersect", "except"]);
            let other = self.simple(depth - 1, width);
            sql = format!("{sql} {operator} {other}");
        }
        (sql, width)
    }

    fn simple(&mut self, depth: usize, width: usize) -> String {
        let (from, sources) = self.from(depth);
        let grouped = self.chance.once_in(4);
        let columns: Vec<String> = (0..width)
            .map(|place| match (grouped, place) {
                (true, 0) => self.column(&sources),
                (true, _) => self.aggregate(&sources),
                (false, _) => self.value(depth, &sources),
            })
            .collect();
        let mut sql = format!("select {} from {from}", columns.join(", "));
        if self.chance.once_in(2) {
            sql += &format!(" where {}", self.truth(depth, &sources));
        }
        if grouped {
            sql += &format!(" group by {}", columns[0]);
            if self.chance.once_in(3) {
                sql += &format!(" having {} > 0", self.aggregate(&sources));
            }
        }
        sql
    }

    fn from(&mut self, depth: usize) -> (String, Vec<Source>) {
        let first = self.source(depth);
        let mut sql = first.0;
        let mut sources = vec![first.1];
        for _ in 0..self.chance.below(2) {
            let (text, source) = self.source(depth.saturating_sub(1));
            let join = *self.chance.one_of(&["join", "left join", "cross join"]);
            sources.push(source);
            let condition = self.truth(0, &sources);
            sql += &format!(" {join} {text} on {condition}");
        }
        (sql, sources)
    }

    fn source(&mut self, depth: usize) -> (String, Source) {
        let alias = self.name("s");
        let found = match self.chance.below(8) {
            0 | 1 if depth > 0 => {
                let (sql, width) = self.select(depth - 1, None);
                let columns: Vec<String> = (0..width).map(|place| format!("y{place}")).collect();
                // The names come from a list in front, which a subquery cannot have.
                let list = columns.join(", ");
                let inner = self.name("i");
                let text = format!("(with {inner}({list}) as ({sql}) select * from {inner})");
                (text, columns)
            }
            2 if !self.common.is_empty() => {
                let place = self.chance.below(self.common.len());
                let common = self.common[place].clone();
                (common.text, common.columns)
            }
            3 if self.may_hide => self.table(&HIDDEN, true),
            _ => self.table(&SEEN, false),
        };
        let (text, columns) = found;
        let columns = columns.iter().map(|column| format!("{alias}.{column}"));
        let source = Source {
            text: alias.clone(),
            columns: columns.collect(),
        };
        (format!("{text} as {alias}"), source)
    }

    fn table(&mut self, tables: &[Named], hidden: bool) -> (String, Vec<String>) {
        let taken = |text: &str| self.common.iter().any(|one| one.text == text);
        let free: Vec<Named> = tables
            .iter()
            .copied()
            .filter(|table| !taken(table.0))
            .collect();
        let (name, columns) = *self.chance.one_of(&free);
        self.hides |= hidden;
        let plain = name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let spelled = match (plain, self.chance.below(5)) {
            (true, 0) => name.to_ascii_uppercase(),
            (true, 1) => format!("\"{name}\""),
            (true, 2) => format!("main.{name}"),
            (true, 3) => format!("[{name}]"),
            _ => name.to_owned(),
        };
        (
            spelled,
            columns.iter().map(|&column| column.to_owned()).collect(),
        )
    }

    fn column(&mut self, sources: &[Source]) -> String {
        let place = self.chance.below(sources.len());
        self.chance.one_of(&sources[place].columns).clone()
    }

    fn aggregate(&mut self, sources: &[Source]) -> String {
        let column = self.column(sources);
        match self.chance.below(4) {
            0 => "count(*)".to_owned(),
            1 => format!("max({column})"),
            2 => format!("min({column})"),
            _ => format!("count(distinct {column})"),
        }
    }

    fn value(&mut self, depth: usize, sources: &[Source]) -> String {
        let column = self.column(sources);
        match self.chance.below(11) {
            0 => "1".to_owned(),
            1 => format!("upper({column})"),
            2 => format!("{column} || '!'"),
            3 => format!("coalesce({column}, 0)"),
            4 => format!("typeof({column})"),
            5 if depth > 0 => format!("(select {})", self.scalar(depth - 1)),
            6 if depth > 0 => {
                let truth = self.truth(depth - 1, sources);
                format!("case when {truth} then {column} else 'no' end")
            }
            7 => format!("count(*) over (partition by {column})"),
            _ => column,
        }
    }

    /// What follows SELECT in a subquery of one value.
    fn scalar(&mut self, depth: usize) -> String {
        let (from, sources) = self.from(depth);
        let aggregate = self.aggregate(&sources);
        format!("{aggregate} from {from}")
    }

    fn truth(&mut self, depth: usize, sources: &[Source]) -> String {
        let column = self.column(sources);
        match self.chance.below(9) {
            0 if depth > 0 => {
                let (sql, _) = self.select(depth - 1, Some(1));
                format!("{column} in ({sql})")
            }
            1 if depth > 0 => {
                let (sql, _) = self.select(depth - 1, None);
                let not = self.chance.one_of(&["", "not "]);
                format!("{not}exists ({sql})")
            }
            2 if depth > 0 => format!("(select {}) > 1", self.scalar(depth - 1)),
            3 if depth > 0 => {
                let one = self.truth(depth - 1, sources);
                let other = self.truth(depth - 1, sources);
                let operator = self.chance.one_of(&["and", "or"]);
                format!("({one} {operator} {other})")
            }
            4 => format!("{column} like '%a%'"),
            5 => format!("{column} is not null"),
            6 => format!("{column} = {}", self.column(sources)),
            _ => format!("{column} > {}", self.chance.below(30)),
        }
    }
}

fn source((_, columns): Named, name: &str) -> Source {
    Source {
        text: name.to_owned(),
        columns: columns
            .iter()
            .map(|column| format!("{name}.{column}"))
            .collect(),
    }
}
