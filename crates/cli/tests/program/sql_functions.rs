//! Functions of SQL that plugins written in Python register.

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::python::serve;
use crate::server::Server;

const FUNCTIONS: (&str, &str) = (
    "functions.py",
    r#"
import os
from datasette import hookimpl

class Longest:
    def __init__(self):
        self.longest = ""

    def step(self, text):
        self.longest = max(self.longest, text, key=len)

    def finalize(self):
        return self.longest

class Sum:
    def __init__(self):
        self.total = 0

    def step(self, number):
        self.total += number

    def inverse(self, number):
        self.total -= number

    def value(self):
        return self.total

    def finalize(self):
        return self.total

def forked():
    if os.fork() == 0:
        return "copy"
    return "parent"

@hookimpl
def prepare_connection(conn):
    conn.create_function("same", 1, lambda value: value)
    conn.create_function("kind", 1, lambda value: type(value).__name__)
    conn.create_function("count_all", -1, lambda *values: len(values))
    conn.create_function("filled", 1, lambda size: b"x" * size)
    conn.create_function("size", 1, len)
    conn.create_function("yes", 0, lambda: True)
    conn.create_function("too_much", 0, lambda: 2 ** 70)
    conn.create_function("nonsense", 0, lambda: object())
    conn.create_function("half", 0, lambda: "\ud800")
    conn.create_function("forked", 0, forked)
    conn.create_aggregate("longest", 1, Longest)
    conn.create_window_function("running", 1, Sum)
    conn.create_collation("reverse", lambda a, b: (a < b) - (a > b))
"#,
);

fn asked(server: &Server, sql: &str) -> Value {
    let sql: String = sql.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let answer = server.get(&format!("/one/-/query.json?_shape=arrays&sql={sql}"));
    serde_json::from_slice(&answer.body).unwrap()
}

fn rows(server: &Server, sql: &str) -> Value {
    let answer = asked(server, sql);
    assert_eq!(answer["ok"], true, "{sql}: {answer}");
    answer["rows"].clone()
}

// Proves: HOOK-24, HOOK-27
#[test]
fn values_go_there_and_back() {
    let folder = Folder::new();
    let server = serve(&folder, &[FUNCTIONS], &["one.db"]);
    for value in [
        "null",
        "0",
        "-1",
        "2147483648",
        "-2147483649",
        "9223372036854775807",
        "-9223372036854775807 - 1",
        "0.5",
        "1e300",
        "'gr\u{fc}n \u{1f600}'",
        "''",
        "x'00ff'",
    ] {
        let sql =
            format!("select same({value}) is {value}, typeof(same({value})) is typeof({value})");
        assert_eq!(rows(&server, &sql), json!([[1, 1]]), "{value}");
    }
    let kinds = "select kind(null), kind(1), kind(1.5), kind('a'), kind(x'00')";
    assert_eq!(
        rows(&server, kinds),
        json!([["NoneType", "int", "float", "str", "bytes"]])
    );
    let many = "select count_all(), count_all(1, 2, 3), yes()";
    assert_eq!(rows(&server, many), json!([[0, 3, 1]]));
    // Longer than what the memory of a line holds.
    let long = "select length(filled(1000000)), size(zeroblob(1000000)), size(filled(300000))";
    assert_eq!(
        rows(&server, long),
        json!([[1_000_000, 1_000_000, 300_000]])
    );
    assert_eq!(rows(&server, "select same('well')"), json!([["well"]]));
}

#[test]
fn what_is_no_value_fails_and_the_next_call_works() {
    let folder = Folder::new();
    let server = serve(&folder, &[FUNCTIONS], &["one.db"]);
    for call in ["too_much()", "nonsense()", "half()", "size(1)"] {
        let answer = asked(&server, &format!("select {call}"));
        assert_eq!(
            answer["error"], "user-defined function raised exception",
            "{call}"
        );
        assert_eq!(rows(&server, "select same(1)"), json!([[1]]), "{call}");
    }
    for _ in 0..3 {
        assert_eq!(rows(&server, "select forked()"), json!([["parent"]]));
    }
}

#[test]
fn aggregates_windows_and_orders() {
    let folder = Folder::new();
    let server = serve(&folder, &[FUNCTIONS], &["one.db"]);
    let words = "(select 'a' as w union all select 'ccc' union all select 'bb')";
    assert_eq!(
        rows(&server, &format!("select longest(w) from {words}")),
        json!([["ccc"]])
    );
    let order = format!("select w from {words} order by w collate reverse");
    assert_eq!(rows(&server, &order), json!([["ccc"], ["bb"], ["a"]]));
    let window = "with n(i) as (values (1), (2), (3), (4)) select running(i) over \
                  (order by i rows between 1 preceding and current row) from n";
    assert_eq!(rows(&server, window), json!([[1], [3], [5], [7]]));
}

#[test]
fn many_calls_one_after_another() {
    let folder = Folder::new();
    let server = serve(
        &folder,
        &[FUNCTIONS],
        &["one.db", "--setting", "sql_time_limit_ms", "60000"],
    );
    let sql = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) \
               select sum(same(i)) from n";
    assert_eq!(rows(&server, sql), json!([[200_010_000]]));
}
