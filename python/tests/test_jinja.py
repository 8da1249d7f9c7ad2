"""What plugins do to templates, without a server."""

import datetime
import decimal
import math

import pytest
from jinja2 import ChoiceLoader, DictLoader, StrictUndefined, nodes
from jinja2.ext import Extension
from markupsafe import Markup

from datasette._host.claims import Baseline
from datasette._host.environment import Rendering, TemplateEnvironment, make, rendering
from datasette._host.functions import Functions, is_data
from datasette._host.page_values import PageValues
from datasette._host.table_rows import Filters, Rows
from datasette.app import Datasette


class Server:
    """Answers what templates ask of a server."""

    built_in = {"a.html": "own {{ x }}", "base.html": "<{% block b %}{% endblock %}>"}

    def __init__(self):
        self.asked = []

    def ask_now(self, method, params=None):
        self.asked.append((method, params))
        if method == "templates":
            return {"folders": [], "built_in": list(self.built_in.items())}
        if method == "numbered_template":
            return params["source"].replace("<script", '<script nonce="{{ _page_nonce() }}"')
        assert method == "static"
        return f"/s/{params['path']}"

    async def ask(self, method, params=None):
        self.asked.append((method, params))
        return [["/", "home"], ["/d", "d"]]


@pytest.fixture
def ds(tmp_path):
    (tmp_path / "mine.html").write_text("{% extends 'default:a.html' %}")
    (tmp_path / "a.html").write_text("folder {{ x }}")
    datasette = Datasette(template_dir=tmp_path)
    datasette._link = Server()
    return datasette


async def rendered(environment, source, **variables):
    return await environment.from_string(source).render_async(variables)


@pytest.mark.asyncio
async def test_templates_are_found_in_order(ds):
    environment = ds.get_jinja_environment()
    assert isinstance(environment, TemplateEnvironment)
    assert environment is ds._jinja_env
    assert await environment.get_template("a.html").render_async(x="<") == "folder &lt;"
    assert await environment.get_template("default:a.html").render_async(x=1) == "own 1"
    assert await environment.get_template("mine.html").render_async(x=2) == "own 2"
    assert environment.select_template(["no.html", "base.html"]).name == "base.html"
    assert "base.html" in environment.list_templates()


@pytest.mark.asyncio
async def test_scripts_of_templates_get_numbers(ds):
    environment = ds._jinja_env
    with rendering(Rendering(nonce="N")) as page:
        assert await rendered(environment, "<script>1") == '<script nonce="N">1'
        assert await rendered(environment, "{{ _page_needs(4) }}{{ csp_nonce() }}") == "N"
        assert page.needs == 4
        other = environment.overlay(variable_start_string="[[", variable_end_string="]]")
        assert await rendered(other, "<script>[[ 1 ]]") == "<script>1"
        assert page.needs == 5
    assert await rendered(environment, "<script>1") == '<script nonce="">1'
    questions = [params for method, params in ds._link.asked if method == "numbered_template"]
    assert questions[0]["owner"] == "the template of a plugin"


@pytest.mark.asyncio
async def test_names_in_all_templates(ds):
    with pytest.raises(FileNotFoundError):
        await rendered(ds._jinja_env, "{{ static('x', plugin='none') }}")
    assert await rendered(ds._jinja_env, "{{ fix_path('/x') }} {{ csrftoken() }}") == "/x "
    assert await rendered(ds._jinja_env, "{{ 'a<'|escape_css_string }}") == "a\\00003C"
    for _ in range(2):
        assert await rendered(ds._jinja_env, "{{ static('app.css') }}") == "/s/app.css"
    files = [params for method, params in ds._link.asked if method == "static"]
    assert [one["path"] for one in files] == ["app.css"]


class Tagged(Extension):
    tags = {"tagged"}

    def parse(self, parser):
        return nodes.Output([nodes.TemplateData("tagged")], lineno=next(parser.stream).lineno)


class Rewriting(Extension):
    def preprocess(self, source, name, filename=None):
        return source.upper()


def claimed(ds, change):
    baseline = Baseline(make(ds))
    change(baseline.environment)
    changes = baseline.changes()
    return {name: value for name, value in changes.items() if value}


def set_filter(environment):
    environment.filters["new"] = str
    environment.filters["upper"] = str
    environment.tests["even"] = bool
    environment.globals["x"] = 1
    del environment.filters["lower"]


def set_policy(environment):
    environment.policies["urlize.rel"] = None


def set_loader(environment):
    environment.loader = ChoiceLoader([DictLoader({}), environment.loader])


def set_undefined(environment):
    environment.undefined = StrictUndefined


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda environment: None, {}),
        (
            set_filter,
            {"filters": ["lower", "new", "upper"], "tests": ["even"], "globals": ["x"]},
        ),
        (lambda environment: environment.add_extension(Tagged), {"tags": ["tagged"]}),
        (lambda environment: environment.add_extension("jinja2.ext.do"), {"tags": ["do"]}),
        (
            lambda environment: environment.add_extension(Rewriting),
            {"everything": f"{__name__}.Rewriting"},
        ),
        (set_policy, {"everything": "policies"}),
        (set_loader, {"everything": "loader"}),
        (set_undefined, {"everything": "undefined"}),
    ],
)
def test_what_plugins_changed_is_noticed(ds, change, expected):
    assert claimed(ds, change) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, True),
        ({"a": [1, 2.5, "x", True, None]}, True),
        (1 << 63, False),
        (math.inf, False),
        ((1, 2), False),
        ({1: 2}, False),
        (b"x", False),
        ([Markup("x")], False),
        (datetime.date(2020, 1, 1), False),
        (decimal.Decimal(1), False),
        ({"f": len}, False),
    ],
)
def test_data_crosses_and_the_rest_stays(value, expected):
    assert is_data(value) is expected
    functions = Functions()
    crossed = functions.value(value)
    if expected:
        assert crossed == {"data": value}
    else:
        number, shown = crossed["foreign"]
        assert functions.handles[number] is value
        assert shown == repr(value)[:200]


def test_markup_crosses_and_endless_lists_stay():
    endless = []
    endless.append(endless)
    assert not is_data(endless)
    assert Functions().value(Markup("<b>")) == {"html": "<b>"}


class Calls:
    def __init__(self, datasette):
        self.datasette = datasette
        self.functions = Functions()


@pytest.mark.asyncio
async def test_variables_of_pages(ds):
    calls = Calls(ds)
    page = Rendering()
    thing = object()
    number = calls.functions.handles.add(thing)
    values = PageValues(calls, "the request", page).all(
        {
            "data": {"data": {"a": 1}},
            "bytes": {"bytes": b"x"},
            "html": {"html": "<b>"},
            "list": {"list": [{"html": "<i>"}, {"data": 1}]},
            "tuple": {"tuple": [{"data": 1}, {"data": 2}]},
            "map": {"map": {"x": {"foreign": number}}},
            "actions": {"returns": {"data": [1]}},
            "request": {"known": "request"},
            "urls": {"known": "urls"},
            "fix_path": {"known": "fix_path"},
            "zip": {"known": "zip"},
            "display_actor": {"known": "display_actor"},
            "crumb_items": {"known": "crumb_items"},
            "custom_redirect": {"known": "custom_redirect"},
            "custom_header": {"known": "custom_header"},
            "show_messages": {"messages": [["hi", 1]]},
            "filters": {
                "filters": {"selections": {"data": [["a", "b", "c"]]}, "lookups": {"data": []}}
            },
        }
    )
    assert (values["data"], values["bytes"], values["tuple"]) == ({"a": 1}, b"x", (1, 2))
    assert isinstance(values["html"], Markup)
    assert isinstance(values["list"][0], Markup)
    assert values["map"]["x"] is thing
    assert values["actions"]() == [1]
    assert values["request"] == "the request"
    assert values["urls"].instance() == "/"
    assert values["fix_path"]("x") == "/x"
    assert values["zip"] is zip
    assert (values["display_actor"](None), values["display_actor"]({"id": "a"})) == ("", "a")
    assert await values["crumb_items"](request=None, database="d") == [
        {"href": "/", "label": "home"},
        {"href": "/d", "label": "d"},
    ]
    assert isinstance(values["filters"], Filters)
    assert values["filters"].has_selections()
    assert values["custom_redirect"]("/there") == ""
    assert values["custom_header"]("x", "y") == ""
    assert (page.status, page.headers) == (302, {"Location": "/there", "x": "y"})
    assert not page.messages_shown
    assert values["show_messages"]() == [("hi", 1)]
    assert page.messages_shown


SENT = {
    "heads": [["id", "id"], ['<b> "n"', "b-n-abc"]],
    "rows": [["a~2Fb", "a/b", "<label>"], [None, None, None]],
    "cells": [
        [[0, "<a>1</a>", "pk", "a/b"], [1, "&lt;i&gt;", "str", "<i>"]],
        [[1, "&nbsp;", "none", None]],
    ],
}


def test_rows_offer_their_cells():
    rows = Rows(SENT)
    first = rows[0]
    assert len(rows) == 2
    assert (first.row_path, first.pk_path, first.row_label) == ("a~2Fb", "a/b", "<label>")
    assert [cell["column"] for cell in first] == ["id", '<b> "n"']
    assert first["id"] == "a/b"
    assert first['<b> "n"'] == "<i>"
    assert first.display('<b> "n"') == Markup("&lt;i&gt;")
    assert first.display("nope") is None
    assert str(first) == '{\n  "<b> \\"n\\"": "<i>"\n}'
    with pytest.raises(KeyError):
        first["nope"]


def test_rows_at_once_are_those_of_a_loop():
    assert Rows(SENT).html() == (
        '\n<tr data-row="a~2Fb" data-row-label="&lt;label&gt;">'
        '<td class="col-id type-pk"><a>1</a></td><td class="col-b-n-abc type-str">&lt;i&gt;</td></tr>'
        '\n<tr><td class="col-b-n-abc type-none">&nbsp;</td></tr>'
    )
