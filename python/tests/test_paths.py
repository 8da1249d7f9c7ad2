"""Addresses with a changed query string or format, and addresses with a prefix."""

import pytest

from datasette import Request
from datasette.utils import (
    PrefixedUrlString,
    append_querystring,
    path_with_added_args,
    path_with_format,
    path_with_removed_args,
    path_with_replaced_args,
    resolve_routes,
)


def _request(path):
    return Request.fake(path)


# Proves: API-233
@pytest.mark.parametrize(
    ("path", "args", "expected"),
    [
        ("/t", {"a": "1"}, "/t?a=1"),
        ("/t?a=1", {"a": "2"}, "/t?a=1&a=2"),
        ("/t?a=1&b=2", {"a": None, "c": "x y"}, "/t?b=2&c=x+y"),
        ("/t?a=1", [("b", "1"), ("b", "2")], "/t?a=1&b=1&b=2"),
        ("/t?a=", {}, "/t"),
        ("/t?_next=1", {"_next": None}, "/t"),
    ],
)
def test_arguments_are_added(path, args, expected):
    assert path_with_added_args(_request(path), args) == expected


# Proves: API-233
@pytest.mark.parametrize(
    ("path", "args", "expected"),
    [
        ("/t?a=1&a=2&b=3", {"a": "9"}, "/t?b=3&a=9"),
        ("/t?a=1", {"a": None}, "/t"),
        ("/t?a=1", [("a", "1"), ("a", "2")], "/t?a=1&a=2"),
    ],
)
def test_arguments_are_replaced(path, args, expected):
    assert path_with_replaced_args(_request(path), args) == expected


# Proves: API-233
@pytest.mark.parametrize(
    ("path", "args", "expected"),
    [
        ("/t?a=1&b=2&a=3", {"a"}, "/t?b=2"),
        ("/t?a=1&a=3", {"a": "1"}, "/t?a=3"),
        ("/t?a=1", {"a": "2"}, "/t?a=1"),
        ("/t?a=1", {"a"}, "/t"),
    ],
)
def test_arguments_are_removed_by_name_or_by_name_and_value(path, args, expected):
    assert path_with_removed_args(_request(path), args) == expected


# Proves: API-233
def test_another_path_can_be_changed_instead():
    request = _request("/t?a=1")
    assert path_with_added_args(request, {"b": "2"}, path="/u") == "/u?a=1&b=2"
    assert path_with_replaced_args(request, {"a": "2"}, path="/u") == "/u?a=2"
    assert path_with_removed_args(request, {"a"}, path="/u") == "/u"
    assert path_with_removed_args(request, {"c"}, path="/u?c=1&d=2") == "/u?d=2"


# Proves: API-234
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"path": "/d/t", "format": "json"}, "/d/t.json"),
        ({"path": "/d/t.x", "format": "json"}, "/d/t.x?_format=json"),
        ({"request": _request("/d/t?a=1"), "format": "csv"}, "/d/t.csv?a=1"),
        (
            {"request": _request("/t?a=1"), "format": "csv", "extra_qs": {"z": 1, "b": 2}},
            "/t.csv?a=1&b=2&z=1",
        ),
        ({"path": "/t.csv", "format": "blob", "replace_format": "csv"}, "/t.blob"),
        ({"request": _request("/t.x?a=1"), "format": "json"}, "/t.x?a=1&_format=json"),
    ],
)
def test_a_path_gets_a_format(options, expected):
    assert path_with_format(**options) == expected


# Proves: API-234
def test_text_is_appended_to_the_query_string():
    assert append_querystring("/t", "a=1") == "/t?a=1"
    assert append_querystring("/t?b=2", "a=1") == "/t?b=2&a=1"


# Proves: API-200
def test_text_made_from_prefixed_text_is_prefixed():
    prefixed = PrefixedUrlString("/base/db")
    made = [
        prefixed + "/t",
        prefixed.upper(),
        prefixed.removeprefix("/"),
        prefixed.strip("/"),
        prefixed.replace("db", "x"),
        *prefixed.split("/"),
        *prefixed.partition("/"),
    ]
    assert all(type(each) is PrefixedUrlString for each in made)
    assert made[0] == "/base/db/t"
    assert prefixed.startswith("/base") is True
    assert prefixed.find("db") == 6
    assert type("/x" + prefixed) is str


# Proves: API-247
def test_the_first_route_that_matches_is_taken():
    import re

    routes = [(re.compile("^/a"), "one"), (re.compile("^/(?P<x>.*)$"), "two")]
    match, view = resolve_routes(routes, "/ab")
    assert view == "one"
    match, view = resolve_routes(routes, "/b")
    assert (view, match["x"]) == ("two", "b")
    assert resolve_routes(routes, "c") == (None, None)
