//! Failures and refusals as Python plugins hear of them, and what stands around hooks.

use serde_json::json;

use crate::folder::Folder;
use crate::python::serve;
use crate::server::{Answer, Server};

const RAISES: &str = r#"
from datasette import Forbidden, NotFound, hookimpl

class Own(ValueError):
    pass

async def own():
    error = Own("of my own")
    error.extra = {"a": 1}
    raise error

async def missing():
    raise NotFound("mine is missing")

async def closed():
    raise Forbidden("not for you")

@hookimpl
def register_routes():
    return [(r"^/own$", own), (r"^/missing$", missing), (r"^/closed$", closed)]
"#;

const HANDLES: &str = r#"
import traceback
from datasette import Response, hookimpl

@hookimpl
def handle_exception(request, exception):
    async def inner():
        if "pass" in request.args:
            print("heard", type(exception).__name__, flush=True)
            return None
        names = [frame.name for frame in traceback.extract_tb(exception.__traceback__)]
        return Response.json({
            "class": type(exception).__name__,
            "bases": [base.__name__ for base in type(exception).__mro__],
            "arguments": list(exception.args),
            "attributes": vars(exception),
            "frame": names[-1] if names else None,
        }, status=getattr(exception, "status", 500))
    return inner

@hookimpl
def forbidden(request, message):
    async def inner():
        return Response.text(f"refused: {message}", status=403)
    return inner
"#;

fn site(folder: &Folder) -> Server {
    folder.database(
        "data.db",
        "create table t (id integer primary key, a); insert into t values (1, 2)",
    );
    let plugins = [("raises.py", RAISES), ("handles.py", HANDLES)];
    serve(folder, &plugins, &["data.db"])
}

fn json_of(answer: &Answer) -> serde_json::Value {
    serde_json::from_slice(&answer.body).unwrap()
}

// Proves: HOOK-162, HOOK-166, HOOK-167, HOOK-168, OOP-23
#[test]
fn plugins_hear_of_failures() {
    let folder = Folder::new();
    let mut server = site(&folder);
    let own = server.get("/own");
    assert_eq!(own.status(), 500);
    let own = json_of(&own);
    assert_eq!(
        (&own["class"], &own["frame"]),
        (&json!("Own"), &json!("own"))
    );
    assert_eq!(own["arguments"], json!(["of my own"]));
    assert_eq!(own["attributes"], json!({"extra": {"a": 1}}));
    let missing = server.get("/missing");
    assert_eq!(missing.status(), 404);
    let missing = json_of(&missing);
    assert_eq!(
        (&missing["class"], &missing["frame"]),
        (&json!("NotFound"), &json!("missing"))
    );
    assert_eq!(server.get("/closed").text(), "refused: not for you");

    // A plugin that only listens leaves the answer to the server.
    let page = server.get("/own?pass=1");
    assert_eq!(page.status(), 500);
    assert!(
        page.text().starts_with("<!DOCTYPE html>"),
        "{}",
        page.text()
    );
    while !server.news().contains("heard Own") {}
}

// Proves: API-195
#[test]
fn failures_of_the_server_are_the_documented_exceptions() {
    let folder = Folder::new();
    let server = site(&folder);
    let failed = |path: &str| json_of(&server.get(path));
    let database = failed("/nowhere");
    assert_eq!(database["class"], "DatabaseNotFound");
    assert_eq!(database["attributes"], json!({"database_name": "nowhere"}));
    let table = failed("/data/no~2Fwhere");
    assert_eq!(table["class"], "TableNotFound");
    let names = json!({"database_name": "data", "table": "no/where"});
    assert_eq!(table["attributes"], names);
    let row = failed("/data/t/7");
    assert_eq!(row["class"], "RowNotFound");
    let names = json!({"database_name": "data", "table_name": "t", "pk_values": ["7"]});
    assert_eq!(row["attributes"], names);
    assert!(row["bases"].as_array().unwrap().contains(&json!("Base400")));
    let sql = failed("/data/-/query.json?sql=nonsense");
    assert_eq!(sql["class"], "DatasetteError");
}

const FIRST: &str = r#"
from datasette import hookimpl

@hookimpl(tryfirst=True)
def top_homepage():
    return "<b>first</b>"

@hookimpl(specname="extra_body_script")
def something_else():
    async def inner():
        return "// awaited"
    return inner
"#;

const LAST: &str = r#"
from datasette import hookimpl

@hookimpl(trylast=True)
def top_homepage():
    return "<b>last</b>"
"#;

const AROUND: &str = r#"
from datasette import hookimpl

class Old:
    @hookimpl(hookwrapper=True)
    def top_homepage(self):
        outcome = yield
        seen = outcome.get_result()
        outcome.force_result(seen + [f"<i>{len(seen)}</i>"])

class New:
    @hookimpl(wrapper=True)
    def extra_body_script(self):
        scripts = yield
        return [one for one in scripts if not callable(one)] + ["// called " + str(len(scripts))]

    @hookimpl(wrapper=True)
    def register_routes(self):
        routes = yield
        return [[(f"^/around{pattern[1:]}", view) for pattern, view in one] for one in routes]

from datasette.plugins import pm
pm.register(Old(), name="old")
pm.register(New(), name="new")
"#;

const ROUTE: &str = r#"
from datasette import Response, hookimpl

@hookimpl
def register_routes():
    return [("^/here$", lambda: Response.text("here"))]
"#;

// Proves: PLUG-64, PLUG-67, PLUG-70
#[test]
fn what_stands_around_hooks_sees_all_results() {
    let folder = Folder::new();
    let plugins = [
        ("first.py", FIRST),
        ("last.py", LAST),
        ("around.py", AROUND),
        ("route.py", ROUTE),
    ];
    let server = serve(&folder, &plugins, &[]);
    let page = server.get("/").text();
    assert!(page.contains("<b>first</b><b>last</b><i>2</i>"), "{page}");
    assert!(
        page.contains("// called 1") && !page.contains("// awaited"),
        "{page}"
    );
    assert_eq!(server.get("/around/here").text(), "here");
    assert_eq!(server.get("/here").status(), 404);
}
