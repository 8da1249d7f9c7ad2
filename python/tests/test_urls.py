"""Addresses of pages."""

import types

import pytest

from datasette.url_builder import Urls
from datasette.utils import PrefixedUrlString


class _Datasette:
    def __init__(self, base_url="/"):
        self.base_url = base_url
        self.databases = {"db": types.SimpleNamespace(route="a/b")}

    def setting(self, name):
        assert name == "base_url"
        return self.base_url

    def get_database(self, name):
        return self.databases[name]


# Proves: API-199, API-201, API-203
@pytest.mark.parametrize("base_url", ["/", "/prefix/"])
@pytest.mark.parametrize(
    ("method", "args", "path"),
    [
        ("path", ["/x/y"], "x/y"),
        ("path", ["x/y"], "x/y"),
        ("path", ["//x"], "/x"),
        ("instance", [], ""),
        ("static", ["app.css"], "-/static/app.css"),
        ("static_plugins", ["plugin", "a.js"], "-/static-plugins/plugin/a.js"),
        ("logout", [], "-/logout"),
        ("database", ["db"], "a~2Fb"),
        ("table", ["db", "t x"], "a~2Fb/t+x"),
        ("query", ["db", "q.1"], "a~2Fb/q~2E1"),
        ("row", ["db", "t", "1,a~2Fb"], "a~2Fb/t/1,a~2Fb"),
        ("row_blob", ["db", "t", "1", "c d"], "a~2Fb/t/1.blob?_blob_column=c+d"),
        ("database_query", ["db", "select 1"], "a~2Fb/-/query?sql=select+1"),
    ],
)
def test_an_address_begins_with_the_base_url_once(base_url, method, args, path):
    url = getattr(Urls(_Datasette(base_url)), method)(*args)
    assert url == base_url + path
    assert type(url) is PrefixedUrlString


# Proves: API-201
def test_prefixed_text_is_not_prefixed_again():
    urls = Urls(_Datasette("/prefix/"))
    assert urls.path(urls.path("x")) == "/prefix/x"
    assert urls.path(urls.database("db") + "/t") == "/prefix/a~2Fb/t"
    # Plain text is, whatever it looks like.
    assert urls.path("/prefix/x") == "/prefix/prefix/x"


# Proves: API-201
def test_an_unknown_database_is_a_key_error():
    urls = Urls(_Datasette())
    for make in (lambda: urls.database("no"), lambda: urls.table("no", "t")):
        with pytest.raises(KeyError):
            make()


# Proves: API-202
def test_a_format_is_an_extension_or_an_argument():
    urls = Urls(_Datasette())
    assert urls.path("x", format="json") == "/x.json"
    assert urls.path("x.y", format="json") == "/x.y?_format=json"
    assert urls.instance(format="json") == "/.json"
    assert urls.database("db", format="json") == "/a~2Fb.json"
    assert urls.table("db", "t", format="csv") == "/a~2Fb/t.csv"
    assert urls.query("db", "q", format="csv") == "/a~2Fb/q.csv"
    assert urls.row("db", "t", "1", format="json") == "/a~2Fb/t/1.json"


# Proves: API-204
def test_the_address_of_a_query_has_one_prefix():
    url = Urls(_Datasette("/prefix/")).database_query("db", "select 'a.b'", format="json")
    assert url == "/prefix/a~2Fb/-/query.json?sql=select+%27a.b%27"
