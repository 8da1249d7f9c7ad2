//! Pages of SQL statements.

use super::argument;
use super::hostile;
use super::request::{Query, tilde};
use crate::hunt::random::Random;
use crate::hunt::schema::{Schema, Table};

pub(super) fn query(
    schema: &Schema,
    table: &Table,
    ending: &'static str,
    random: &mut Random,
) -> Query {
    let name = format!("\"{}\"", table.name.replace('"', "\"\""));
    let columns: Vec<String> = table
        .columns
        .iter()
        .filter(|column| Some(&column.name) != table.cursor.as_ref())
        .take(6)
        .map(|column| format!("\"{}\"", column.name.replace('"', "\"\"")))
        .collect();
    let list = if columns.is_empty() {
        "1".to_owned()
    } else {
        columns.join(", ")
    };
    let hostile = hostile::any(random).replace('\'', "''");
    let statements = [
        format!("select {list} from {name} limit 3"),
        format!("select {list} from {name}"),
        format!("select count(*), 1.0 as a, 1e20 as b, x'00ff' as c from {name}"),
        format!("with t as (select {list} from {name}) select * from t limit 2"),
        format!("select '{hostile}' as v, :p as p"),
        "select :a || :b as joined, :_c as c".to_owned(),
        "select :a, :p, ':no', \":no\", [:no], `:no` -- :no\n, /* :no */ :é, :1".to_owned(),
        "select 1 as a, 2 as a".to_owned(),
        "update t set a = 1".to_owned(),
        format!("select {hostile}"),
        format!("select {hostile} as :p"),
        "select @a".to_owned(),
        "select $a".to_owned(),
        "select ?".to_owned(),
        "select 1; select 2".to_owned(),
        "select 1;".to_owned(),
        "-- comment\nselect 1 as one".to_owned(),
        "/* c */ with x as (values (1), (2)) select * from x".to_owned(),
        "values (1)".to_owned(),
        "select 'pragma'".to_owned(),
        "select * from pragma_table_info('x')".to_owned(),
        "select 9e999 as up, -9e999 as down, 1.0 as one, -0.0 as zero".to_owned(),
        "select zeroblob(3) as z, null as n, '' as e, 'http://x/' as u".to_owned(),
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1005) select i from n".to_owned(),
        "select escape_fts(:p) as e".to_owned(),
        "select json_array(1, 'a') as j, '{\"a\": 1}' as k".to_owned(),
        "select cast(x'61ff62' as text) as broken".to_owned(),
        "select abs(-9223372036854775808)".to_owned(),
    ];
    let mut args = vec![(
        "sql".to_owned(),
        random.pick(&statements).cloned().unwrap_or_default(),
    )];
    if random.one_in(2) {
        args.push(("p".to_owned(), hostile::any(random).to_owned()));
    }
    if random.one_in(4) {
        args.push(("_c".to_owned(), hostile::any(random).to_owned()));
    }
    if random.one_in(3) {
        args.extend(argument::shape(random));
    }
    if random.one_in(4) {
        args.extend(argument::extra(random));
    }
    if random.one_in(4) {
        args.extend(argument::any(table, random));
    }
    if random.one_in(6) {
        args.push(("_json".to_owned(), "j".to_owned()));
    }
    let mut segments = vec![tilde(&schema.database), "-".to_owned(), "query".to_owned()];
    let mut ending = ending;
    if random.one_in(6) {
        segments.push("parameters".to_owned());
        ending = "";
    }
    Query {
        kind: "query",
        segments,
        ending,
        args,
        visitor: 0,
    }
}
