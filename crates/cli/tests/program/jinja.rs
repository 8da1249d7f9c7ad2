//! Templates of plugins: what they add to Jinja2's environment, and pages that Jinja2 renders.

use regex::Regex;

use crate::folder::Folder;
use crate::python::serve;
use crate::server::Server;

const SITE: &str = "create table plants (id integer primary key, name text, sort text, \
    parent integer references plants(id), photo blob);\n\
    insert into plants values (1, 'Elm <b>', 'tree', null, x'00ff'), (2, 'O''Malley \"&\"', 'tree', 1, null), \
    (3, null, 'herb', 1, null);\n\
    create view tall as select * from plants;\n";

const METADATA: &str = r#"{"title": "T <b>", "description_html": "<b>x</b><script>1</script>",
    "databases": {"site": {"description": "d",
        "queries": {"one": {"sql": "select :a as a", "title": "One", "write": false}},
        "tables": {"plants": {"facets": ["sort"], "columns": {"name": "what it is \"called\""}}}}}}"#;

/// Everything has to be rendered by Jinja2 where the loader is another one.
const TAKES_ALL: &str = "
from datasette import hookimpl
from jinja2 import ChoiceLoader

@hookimpl
def prepare_jinja2_environment(env):
    env.loader = ChoiceLoader([env.loader])
";

fn site(folder: &Folder) {
    folder.database("site.db", SITE);
    folder.write("metadata.json", METADATA);
}

/// A page without what differs from request to request.
fn page(server: &Server, path: &str) -> String {
    let answer = server.get(path);
    let text = format!("{}\n\n{}", answer.head, answer.text());
    let port = server.place.rsplit(':').next().unwrap();
    let text = text.replace(port, "PORT");
    let changing = Regex::new(
        r#"(?im)nonce[-=]"?[^"' >]*|[0-9.]+ ?ms|^(date|content-length|etag|vary|x-content-type-options):.*\n"#,
    );
    changing.unwrap().replace_all(&text, "").into_owned()
}

const PAGES: [&str; 25] = [
    "/",
    "/site",
    "/site/plants",
    "/site/plants?_size=1&_sort_desc=name&_facet=parent&name__contains=e&_col=name",
    "/site/plants?_where=id%3E1&_search=x",
    "/site/plants?_size=0",
    "/site/plants/1",
    "/site/plants/2",
    "/site/tall",
    "/site/-/query?sql=select+1+as+%22a%3Cb%22,x%2700%27,null,%27%3Ci%3E%27",
    "/site/-/query?sql=selec",
    "/site/-/query",
    "/site/one?a=%3Cx%3E",
    "/site/none",
    "/none",
    "/-/versions",
    "/-/databases",
    "/-/actor",
    "/-/api",
    "/-/patterns",
    "/-/allow-debug",
    "/-/messages",
    "/-/queries",
    "/-/schema",
    "/site/plants/-/schema",
];

// Proves: OOP-08, OOP-10
#[test]
fn both_engines_render_the_same_pages() {
    let folder = Folder::new();
    site(&folder);
    let ours = ["-p", "0", "site.db", "-m", "metadata.json"];
    let ours = Server::start(&folder, &ours);
    let plugins = [("takes_all.py", TAKES_ALL)];
    let theirs = serve(&folder, &plugins, &["site.db", "-m", "metadata.json"]);
    for path in PAGES {
        assert_eq!(page(&theirs, path), page(&ours, path), "{path}");
    }
}

const ADDS: &str = r#"
import dataclasses
import datetime
import os
from datasette import Response, hookimpl
from jinja2 import nodes, pass_context
from jinja2.ext import Extension
from markupsafe import Markup

class Shout(Extension):
    tags = {"shout"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endshout"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_shout"), [], [], body).set_lineno(line)

    async def _shout(self, caller):
        return (await caller()).upper()

@hookimpl
def prepare_jinja2_environment(env, datasette):
    async def inner():
        rows = await datasette.get_database("site").execute("select count(*) from plants")
        env.globals["how_many"] = rows.single_value()

    async def bold(value):
        return Markup("<b>{}</b>").format(value)

    env.filters["bold"] = bold
    env.filters["where"] = pass_context(lambda context, value: f"{value} in {context.get('database')}")
    env.tests["big"] = lambda number: number > 10
    env.add_extension(Shout)
    return inner

class Thing:
    when = datetime.date(2020, 1, 2)

    def hello(self, name="you"):
        return f"hello {name}"

    async def later(self):
        return "later"

@hookimpl
def extra_template_vars(datasette, template):
    async def sql(query):
        return list(await datasette.get_database("site").execute(query))

    return {
        "template": template,
        "sql": sql,
        "thing": Thing(),
        "plain": {"a": [1, None, "<"]},
        "html": Markup("<i>x</i>"),
        "nested": {"add": lambda a, b=2: a + b},
    }

@dataclasses.dataclass
class Given:
    row: object
    title: str

@hookimpl
def register_routes():
    async def mine(datasette, request):
        database = datasette.get_database("site")
        row = (await database.execute("select 1 as a, 'x' as b")).first()
        async def later():
            return "later"
        given = {
            "row": row,
            "own": Thing(),
            "numbers": (i for i in range(3)),
            "later": later,
            "database": "site",
            "html": "replaced",
        }
        names = ["none.html", "mine.html"]
        return Response.html(await datasette.render_template(names, given, request=request))

    async def given(datasette, request):
        page = await datasette.render_template("given.html", Given(1, "t"), request=request)
        return Response.html(page)

    async def made(datasette, request):
        env = datasette.get_jinja_environment(request)
        template = env.from_string(
            "{% shout %}abc{% endshout %} {{ x }} {{ urls.table('site', 'plants') }} {{ csrftoken()|length > 9 }}"
            "{% for text, kind in show_messages() %}[{{ text }} {{ kind }}]{% endfor %}"
        )
        datasette.add_message(request, "hi <there>")
        return Response.html(await datasette.render_template(template, {"x": "<"}, request=request))

    async def nowhere(datasette):
        return Response.html(await datasette.render_template(["no.html", "nope.html"]))

    async def dies():
        os._exit(1)

    return [("^/dies$", dies), ("^/mine$", mine), ("^/given$", given), ("^/made$", made), ("^/nowhere$", nowhere)]
"#;

const MINE: &str = r#"{{ row.a }}{{ row["b"] }} {{ own.hello(name="n") }} {{ own.later() }}
{{ own.when.year }} {% for one in numbers %}{{ one }} {% endfor %}{{ later() }} {{ how_many }}
{{ "<"|bold }} {{ 4|where }} {% shout %}loud{% endshout %} {{ 12 is big }} {{ plain }} {{ html }}
{% for row in sql("select name from plants where id < 2") %}{{ row.name }}{% endfor %}
{{- nested.add(1, b=3) }}"#;

fn adding(folder: &Folder) -> Server {
    site(folder);
    folder.directory("templates/pages");
    folder.write("templates/mine.html", MINE);
    folder.write(
        "templates/given.html",
        "{{ row }} {{ title }} {{ crumb_items(request=request, database='site')|map(attribute='label')|join('>') }}",
    );
    folder.write(
        "templates/database.html",
        "{% extends 'default:database.html' %}{% block content %}[{{ sql('select 1 as one')[0].one }} \
         {{ thing.hello() }}]{{ super() }}{% endblock %}",
    );
    folder.write(
        "templates/pages/wishes.html",
        "{{ custom_status(418) }}{{ custom_header('x-a', 'b') }}{{ 3|bold }}<script>1</script>",
    );
    folder.write(
        "templates/pages/at-{slug}.html",
        "{% if slug == 'no' %}{{ raise_404('gone') }}{% endif %}{{ custom_redirect('/x/' ~ slug) }}{{ thing.when }}",
    );
    folder.write("templates/table-site-plants.html", "{{ template }}");
    folder.write(
        "templates/row.html",
        "{{ template }} {{ select_templates|join(' ') }}",
    );
    folder.write("templates/pages/plain.html", "{{ 1 + 1 }}");
    folder.write("templates/pages/fails.html", "{{ thing.nope() }}");
    folder.write("templates/pages/broken.html", "{% shout %}");
    let debug = ["--setting", "template_debug", "1"];
    let arguments = [&["site.db", "--template-dir", "templates"][..], &debug].concat();
    serve(folder, &[("adds.py", ADDS)], &arguments)
}

// Proves: HOOK-32..HOOK-34, HOOK-38, HOOK-53, HOOK-55, API-91, API-93, API-94, OOP-08, OOP-09, CTX-93
#[test]
fn templates_use_what_lives_in_python() {
    let folder = Folder::new();
    let server = adding(&folder);
    let text = |path: &str| server.get(path).text();
    assert_eq!(
        text("/mine"),
        "1x hello n later\n2020 0 1 2 later 3\n<b>&lt;</b> 4 in site LOUD True \
         {&#39;a&#39;: [1, None, &#39;&lt;&#39;]} <i>x</i>\nElm &lt;b&gt;4"
    );
    assert_eq!(text("/given"), "1 t home&gt;site");
    assert_eq!(
        text("/made"),
        "ABC &lt; /site/plants True[hi &lt;there&gt; 1]"
    );
    assert_eq!(text("/site/plants"), "table-site-plants.html");
    assert_eq!(
        text("/site/plants/1"),
        "row.html row-site-plants.html *row.html"
    );
    let page = text("/site");
    assert!(page.contains("[1 hello you]"), "{page}");
    assert!(page.contains("/site/plants"), "{page}");
}

// Proves: CTX-90, HOOK-34, OOP-08
#[test]
fn pages_of_the_owner_ask_for_responses() {
    let folder = Folder::new();
    let server = adding(&folder);
    let wishes = server.get("/wishes");
    assert!(wishes.status() == 418, "{}", wishes.head);
    assert!(wishes.head.contains("\r\nx-a: b\r\n"), "{}", wishes.head);
    // Its script has the number that the policy names.
    let number = Regex::new("^<b>3</b><script nonce=\"([^\"]+)\">1</script>$").unwrap();
    let body = wishes.text();
    let number = &number.captures(&body).unwrap()[1];
    assert!(
        wishes.head.contains(&format!("'nonce-{number}'")),
        "{}",
        wishes.head
    );
    let elsewhere = server.get("/at-yes");
    assert_eq!(elsewhere.status(), 302);
    assert!(elsewhere.head.contains("location: /x/yes"));
    assert_eq!(elsewhere.text(), "2020-01-02");
    let gone = server.get("/at-no");
    assert_eq!(gone.status(), 404);
    assert!(gone.text().contains("gone"));
    assert_eq!(server.get("/plain").text(), "2");
}

// Proves: API-95
#[test]
fn variables_are_shown_instead_of_pages() {
    let folder = Folder::new();
    let server = adding(&folder);
    let shown = |path: &str| {
        let page = server.get(path).text();
        let json = page
            .strip_prefix("<pre>")
            .and_then(|page| page.strip_suffix("</pre>"));
        let json = json.unwrap_or_else(|| panic!("{page}"));
        let json = json.replace("&#34;", "\"").replace("&#39;", "'");
        let json = json
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        serde_json::from_str::<serde_json::Value>(&json).unwrap()
    };
    let mine = shown("/mine?_context=1");
    assert_eq!(mine["database"], "site");
    // Variables of plugins win over those of pages (API-94).
    assert_eq!(mine["html"], "<i>x</i>");
    assert_eq!(mine["base_url"], "/");
    for (name, start) in [("row", "<sqlite3.Row"), ("own", "<"), ("sql", "<function")] {
        let text = mine[name].as_str().unwrap();
        assert!(text.starts_with(start), "{name}: {text}");
    }
    let page = shown("/site?_context=1");
    assert!(page["sql"].as_str().unwrap().starts_with("<function"));
    assert_eq!(page["plain"]["a"][2], "<");
}

// Proves: OOP-08
#[test]
fn a_process_that_replaces_another_prepares_templates_again() {
    let folder = Folder::new();
    let server = adding(&folder);
    let body = || server.get("/at-yes").text() + &server.get("/wishes").text()[..8];
    assert_eq!(body(), "2020-01-02<b>3</b>");
    assert_ne!(server.get("/dies").status(), 200);
    assert_eq!(body(), "2020-01-02<b>3</b>");
}

// Proves: CTX-98
#[test]
fn mistakes_in_templates_are_told_on_the_page() {
    let folder = Folder::new();
    let server = adding(&folder);
    for (path, message) in [
        ("/fails", "has no attribute &#39;nope&#39;"),
        ("/broken", "Unexpected end of template"),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status(), 500, "{path}");
        let text = answer.text();
        assert!(text.contains(message), "{path}: {text}");
    }
    assert_eq!(server.get("/nowhere").status(), 500);
}

const THEMES: &str = r#"
from datasette import Response, hookimpl
from jinja2 import ChoiceLoader, DictLoader

STORED = {"index.html": "one {{ urls.instance() }}"}

@hookimpl
def jinja2_environment_from_request(request, env):
    if request.args.get("none"):
        return None
    if request.args.get("_theme"):
        templates = {
            "index.html": "theme {{ request.args._theme }}",
            "error.html": "themed {{ error }}",
            "pages/more.html": "more",
            "pages/of/{name}.html": "of {{ name }}",
        }
        return env.overlay(loader=ChoiceLoader([DictLoader(templates), env.loader]), enable_async=True)
    if request.args.get("stored"):
        return env.overlay(loader=ChoiceLoader([DictLoader(STORED), env.loader]), enable_async=True)

@hookimpl
def register_routes():
    async def store(request):
        STORED["index.html"] = request.args["text"]
        return Response.text("")

    return [("^/store$", store)]
"#;

// Proves: HOOK-35..HOOK-37, API-96
#[test]
fn requests_have_environments_of_their_own() {
    let folder = Folder::new();
    site(&folder);
    let server = serve(&folder, &[("themes.py", THEMES)], &["site.db"]);
    let text = |path: &str| server.get(path).text();
    assert_eq!(text("/?_theme=dark"), "theme dark");
    assert_eq!(text("/nothing?_theme=dark"), "themed Database not found");
    assert_eq!(text("/more?_theme=dark"), "more");
    assert_eq!(text("/of/x?_theme=dark"), "of x");
    assert_eq!(server.get("/more").status(), 404);
    assert!(text("/site/plants?_theme=dark").contains("Elm &lt;b&gt;"));
    for path in ["/", "/?none=1"] {
        assert!(text(path).contains("<!DOCTYPE html>"), "{path}");
    }
    // What a loader answers is asked for each time.
    assert_eq!(text("/?stored=1"), "one /");
    text("/store?text=two");
    assert_eq!(text("/?stored=1"), "two");
}
