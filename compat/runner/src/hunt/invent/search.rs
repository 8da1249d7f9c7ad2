//! Full-text tables of each version, with their own content, with that of another table, and
//! without any.

use super::names::{Names, quote};
use super::table::Table;
use crate::hunt::random::Random;

/// Writes the statements of a full-text table that searches `table`, or stands alone.
pub(super) fn write(table: &Table, names: &mut Names, sql: &mut Vec<String>, random: &mut Random) {
    let texts: Vec<String> = table
        .columns
        .iter()
        .filter(|column| column.drawn.is_empty() && is_plain(&column.name))
        .take(2)
        .map(|column| quote(&column.name))
        .collect();
    if texts.is_empty() {
        return;
    }
    let (list, source) = (texts.join(", "), quote(&table.name));
    let name = names.free(&format!("{}_fts", table.name));
    let (fts, integer_key) = (quote(&name), table.key.len() <= 1);
    let version = if random.one_in(3) { 4 } else { 5 };
    let content = match random.below(4) {
        0 => String::new(),
        1 if version == 5 => ", content=''".to_owned(),
        _ if integer_key => {
            let plain = table.name.replace('"', "\"\"");
            format!(", content=\"{plain}\"")
        }
        _ => String::new(),
    };
    let options = if random.one_in(4) {
        ", prefix='2 3'"
    } else {
        ""
    };
    sql.push(format!(
        "create virtual table {fts} using fts{version}({list}{content}{options})"
    ));
    let id = if version == 4 { "docid" } else { "rowid" };
    sql.push(format!(
        "insert into {fts} ({id}, {list}) select rowid, {list} from {source}"
    ));
    if version == 5 && random.one_in(3) {
        let vocabulary = quote(&names.free(&format!("{}_terms", table.name)));
        let kind = random
            .pick(&["row", "col", "instance"])
            .copied()
            .unwrap_or("row");
        let of = name.replace('\'', "''");
        sql.push(format!(
            "create virtual table {vocabulary} using fts5vocab('{of}', '{kind}')"
        ));
    }
}

/// Full-text tables take no column called `rank` or `rowid`, and few odd names.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !["rank", "rowid"].contains(&name.to_lowercase().as_str())
}
