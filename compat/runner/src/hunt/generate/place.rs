//! Pages of databases, their schemas, and places that do not exist.

use super::request::{Query, percent, tilde};
use crate::hunt::random::Random;
use crate::hunt::schema::{Schema, Table};

pub(super) fn query(schema: &Schema, table: &Table, random: &mut Random) -> Query {
    let (database, name) = (tilde(&schema.database), tilde(&table.name));
    let own = |text: &str| text.to_owned();
    // The last kinds may lead to the page of the table itself, where a cursor would show.
    let kinds = if table.cursor.is_some() { 8 } else { 12 };
    let (segments, ending): (Vec<String>, &'static str) = match random.below(kinds) {
        0 => (vec![database], ".json"),
        1 => (vec![database], ""),
        2 => (vec![database], ".csv"),
        3 => (vec![database, own("-"), own("schema")], ".json"),
        4 => (vec![database, own("-"), own("schema")], ".md"),
        5 => (vec![database, name, own("-"), own("schema")], ""),
        6 => (vec![database, name, own("-"), own("schema")], ".json"),
        7 => (vec![database, name], ".nope"),
        8 => (vec![database, name.to_uppercase()], ".json"),
        9 => (vec![database, name, own("")], ""),
        10 => (vec![database, percent(&table.name)], ""),
        _ => (vec![own("-"), own("jump")], ""),
    };
    let mut args = Vec::new();
    if segments.len() == 2 && segments[1] == "jump" {
        args.push((own("q"), table.name.chars().take(3).collect()));
    } else if random.one_in(3) {
        args.push((own("_show_hidden"), own("1")));
    }
    Query {
        kind: "place",
        segments,
        ending,
        args,
        visitor: 0,
    }
}
