"""The client for tests that are not async; stored queries as data; extras; requests of other sites."""

import dataclasses
import json

import httpx
import pytest

from datasette import Request
from datasette.csrf import CrossOriginProtectionMiddleware
from datasette.extras import Extra, ExtraRegistry, ExtraScope, Provider, extra_names_from_request
from datasette.stored_queries import (
    StoredQuery,
    StoredQueryPage,
    stored_query_page_to_dict,
    stored_query_to_dict,
)
from datasette.utils.asgi import BadRequest
from datasette.utils.testing import TestClient


class _Client:
    async def request(self, method, path, avoid_path_rewrites, **options):
        assert avoid_path_rewrites is True
        if path.startswith("/moved"):
            number = int(path.removeprefix("/moved"))
            headers = {"Location": f"/moved{number - 1}" if number else "/there"}
            return httpx.Response(302, headers=headers)
        told = {"method": method, "path": path, **options}
        if isinstance(told["content"], bytes):
            told["content"] = told["content"].decode()
        return httpx.Response(201, json=told, headers={"Set-Cookie": "a=b"}, request=_REQUEST)


_REQUEST = httpx.Request("GET", "http://localhost/")


class _Datasette:
    client = _Client()
    starts = 0

    async def invoke_startup(self):
        self.starts += 1

    def sign(self, value, namespace):
        return json.dumps([value, namespace])


# Proves: API-264
def test_an_answer_is_waited_for():
    client = TestClient(_Datasette())
    response = client.get("/x", params={"a": [1, 2]}, headers={"h": "1"}, if_none_match="e")
    assert response.status == response.status_code == 201
    assert response.body == response.content == response.text.encode()
    assert response.json == {
        "method": "GET",
        "path": "/x?a=1&a=2",
        "follow_redirects": False,
        "cookies": None,
        "headers": {"h": "1", "if-none-match": "e"},
        "content": None,
    }
    assert response.headers["content-type"] == "application/json"
    assert response.cookies == {"a": "b"}
    assert client.ds.starts == 1
    assert client.actor_cookie({"id": "a"}) == '[{"a": {"id": "a"}}, "actor"]'


# Proves: API-264
def test_a_form_or_a_body_is_sent():
    client = TestClient(_Datasette())
    response = client.post("/x", {"a": "1 2"}, cookies={"c": "d"}, csrftoken_from=True)
    told = response.json
    assert (told["method"], told["content"], told["cookies"]) == ("POST", "a=1+2", {"c": "d"})
    assert told["headers"] == {"content-type": "application/x-www-form-urlencoded"}
    told = client.post("/x", body=b"{}", content_type="application/json").json
    assert (told["content"], told["headers"]) == ("{}", {"content-type": "application/json"})
    told = client.request("/x", method="DELETE", post_body="b").json
    assert (told["method"], told["content"]) == ("DELETE", "b")
    with pytest.raises(AssertionError, match="one or other"):
        client.post("/x", {"a": 1}, body="b")


# Proves: API-264
def test_redirects_are_followed_when_asked_for_and_not_for_ever():
    client = TestClient(_Datasette())
    assert client.get("/moved0").status == 302
    told = client.request("/moved1", method="POST", cookies={"a": "b"}, post_body="b").json
    assert (told["path"], told["method"], told["content"]) == ("/there", "GET", None)
    assert told["cookies"] is None
    with pytest.raises(AssertionError, match="Redirected 5 times"):
        client.get("/moved9", follow_redirects=True)


def _query(**changes):
    values = {field.name: None for field in dataclasses.fields(StoredQuery)}
    flags = ("hide_sql", "is_write", "is_private", "is_trusted")
    values.update(dict.fromkeys(flags, False), database="d", name="n", sql="select 1")
    return StoredQuery(**{**values, "parameters": ["a"], "source": "user", **changes})


# Proves: API-86
def test_a_stored_query_is_data():
    query = _query(title="T")
    fields = (
        "database name sql title description description_html hide_sql fragment parameters "
        "is_write is_private is_trusted source owner_id on_success_message "
        "on_success_message_sql on_success_redirect on_error_message on_error_redirect"
    ).split()
    told = stored_query_to_dict(query)
    assert list(told) == fields
    assert (told["title"], told["parameters"]) == ("T", ["a"])
    assert told["parameters"] is not query.parameters
    assert query.private is None
    assert stored_query_to_dict(_query(private=True))["private"] is True
    with pytest.raises(TypeError):
        query["sql"]
    page = StoredQueryPage([query], "token", True, 50)
    assert stored_query_page_to_dict(page) == {"queries": [told], "next": "token", "limit": 50}


class RowCount(Provider):
    """A value that others are made from."""

    scopes = {ExtraScope.TABLE}

    async def resolve(self, context):
        """As many as there are."""
        return len(context)


class PageSummaryExtra(Extra):
    """A value that can be asked for."""

    description = "In words"
    scopes = {ExtraScope.TABLE, ExtraScope.ROW}

    async def resolve(self, context, row_count):
        """In words."""
        return f"{row_count} rows"


class Hidden(Extra):
    """Only for templates."""

    name = "for_templates"
    public = False
    scopes = {ExtraScope.TABLE}

    async def resolve(self, context):
        """Nothing special."""
        return "html"


async def test_extras_are_resolved_by_name():
    registry = ExtraRegistry([RowCount, PageSummaryExtra, Hidden])
    assert list(registry.classes_by_name) == ["row_count", "page_summary", "for_templates"]
    asked = extra_names_from_request(Request.fake("/x?_extra=page_summary,for_templates&_extra=,x"))
    assert asked == {"page_summary", "for_templates", "x"}
    scope = ExtraScope.TABLE
    assert await registry.resolve(asked, [1, 2], scope) == {"page_summary": "2 rows"}
    everything = await registry.resolve(asked, [1, 2], scope, include_internal=True)
    assert everything == {"page_summary": "2 rows", "for_templates": "html"}
    registry.validate_requested(["page_summary"], scope)
    with pytest.raises(BadRequest, match="Unknown _extra: for_templates, x"):
        registry.validate_requested(asked, scope)
    assert registry.public_classes_for_scope(ExtraScope.ROW) == [PageSummaryExtra]
    assert registry.internal_classes_for_scope(scope) == [Hidden]


class _Site:
    is_https = False

    def setting(self, name):
        assert name == "force_https_urls"
        return self.is_https

    async def render_template(self, template, context):
        assert template == "csrf_error.html"
        return context["reason"]


async def _passes(method, headers, scheme="http", is_https=False):
    """None when it is passed on, else why not."""
    passed, sent = [], []

    async def app(scope, receive, send):
        assert scope["csrftoken"]() == scope["csrftoken"]()
        passed.append(scope)

    async def send(message):
        sent.append(message)

    site = _Site()
    site.is_https = is_https
    scope = {"type": "http", "method": method, "scheme": scheme}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in headers.items()]
    await CrossOriginProtectionMiddleware(app, site)(scope, None, send)
    assert len(passed) == (not sent)
    if not sent:
        return None
    assert sent[0]["status"] == 403
    return sent[1]["body"].decode()


HOST = {"host": "h.example"}


@pytest.mark.parametrize(
    ("method", "headers", "reason"),
    [
        ("GET", {"sec-fetch-site": "cross-site"}, None),
        ("POST", {}, None),
        ("POST", {"sec-fetch-site": "same-origin"}, None),
        ("POST", {"sec-fetch-site": "none"}, None),
        ("POST", {"sec-fetch-site": "same-site"}, "Sec-Fetch-Site was 'same-site'"),
        ("DELETE", {"Sec-Fetch-Site": "cross-site"}, "Sec-Fetch-Site was 'cross-site'"),
        ("POST", {**HOST, "origin": "http://h.example"}, None),
        ("POST", {**HOST, "origin": "http://H.example:80"}, None),
        ("POST", {**HOST, "origin": "https://h.example"}, "does not match Host 'h.example'"),
        ("POST", {**HOST, "origin": "http://h.example:81"}, "does not match"),
        ("POST", {**HOST, "origin": "null"}, "Malformed Origin 'null'"),
        ("POST", {"sec-fetch-site": "cross-site", "authorization": "Bearer x"}, None),
        (
            "POST",
            {"sec-fetch-site": "cross-site", "authorization": "Bearer x", "cookie": "a=b"},
            "Sec-Fetch-Site",
        ),
        ("POST", {"sec-fetch-site": "cross-site", "authorization": "Basic x"}, "Sec-Fetch-Site"),
    ],
)
async def test_what_a_browser_sends_for_another_site_is_refused(method, headers, reason):
    refused = await _passes(method, headers)
    assert (refused is None) == (reason is None)
    assert (reason or "") in (refused or "")


async def test_a_site_behind_a_proxy_can_say_that_it_is_https():
    headers = {**HOST, "origin": "https://h.example"}
    assert await _passes("POST", headers, is_https=True) is None
    assert await _passes("POST", headers, scheme="https") is None
