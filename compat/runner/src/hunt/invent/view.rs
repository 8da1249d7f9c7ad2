//! Views: of a table, joined, united, grouped, computed, and broken.

use super::names::quote;
use super::table::Table;
use crate::hunt::random::Random;

/// The statement of a view over some of the tables.
pub(super) fn statement(name: &str, tables: &[Table], random: &mut Random) -> Option<String> {
    let one = random
        .pick(tables)
        .filter(|table| !table.columns.is_empty())?;
    let two = random.pick(tables)?;
    let (left, right) = (quote(&one.name), quote(&two.name));
    let column = quote(&random.pick(&one.columns)?.name);
    let select = match random.below(9) {
        0 => format!("select * from {left}"),
        1 => format!("select rowid, * from {left}"),
        2 => format!("select {column}, count(*) as n from {left} group by {column}"),
        3 => format!(
            "select l.*, r.rowid as other from {left} l join {right} r on l.rowid = r.rowid"
        ),
        4 => format!("select {column} as a, 1 as b from {left} union all select null, 2"),
        5 => format!(
            "select upper({column}), 1.5, {column} || 'x' as \"x y\", x'01' as raw from {left}"
        ),
        6 => format!("select {column} as a, {column} as a from {left}"),
        7 => "select * from \"a table that is missing\"".to_owned(),
        _ => format!("select * from {left} order by {column} desc limit 7"),
    };
    Some(format!("create view {} as {select}", quote(name)))
}
