"""The part of the `Datasette` object that needs no server: signatures, cookies, addresses."""

import time
from http.cookies import SimpleCookie

import pytest
from itsdangerous import BadSignature

from datasette import Request, Response, app
from datasette.app import Datasette
from datasette.utils.baseconv import base62


@pytest.fixture
def datasette():
    return Datasette(secret="secret")


# Proves: API-05
@pytest.mark.parametrize(
    "name",
    "Datasette DatasetteClient ResolvedTable ResolvedRow ResourcesSQL PermissionCheck SETTINGS "
    "DEFAULT_SETTINGS Setting NotFoundExplicit DatabaseNotFound TableNotFound RowNotFound "
    "wrap_view pm TEMPLATE_BASE_CONTEXT".split(),
)
def test_the_module_has_the_name(name):
    assert hasattr(app, name)


# Proves: API-05
def test_the_numbers_and_names_of_the_module():
    assert app.INTERNAL_DB_NAME == "__INTERNAL__"
    assert app.SQLITE_LIMIT_ATTACHED == 10
    assert {each.name: each.default for each in app.SETTINGS} == app.DEFAULT_SETTINGS
    assert issubclass(app.NotFoundExplicit, app.TableNotFound.__base__)


# Proves: API-06
@pytest.mark.parametrize(
    "name",
    "Database Results ExecuteWriteResult QueryInterrupted MultipleValues DatasetteClosedError "
    "AttachedDatabase".split(),
)
def test_the_module_of_databases_has_the_name(name):
    from datasette import database

    assert hasattr(database, name)
    assert database.EXECUTE_WRITE_RETURNING_LIMIT == 10


# Proves: API-72, API-73
def test_signatures_are_those_of_the_original(datasette):
    signed = {
        "actor": ({"a": {"id": "root"}}, "eyJhIjp7ImlkIjoicm9vdCJ9fQ.Nyuc5Q7xhxf1VMYzBUosCIdrdW0"),
        # Long values are packed.
        "default": ("x" * 200, ".eJxTqhgmQAkASYteBQ.Y64TEa8IHTfd4NCejlqByu8sbZg"),
        "messages": ([["hi", 1]], "W1siaGkiLDFdXQ.nGfT7zkE034oZr6LJZEWMoM7ErQ"),
    }
    for namespace, (value, text) in signed.items():
        assert datasette.sign(value, namespace) == text
        assert datasette.unsign(text, namespace) == value
        with pytest.raises(BadSignature):
            datasette.unsign(text, "other")
    assert datasette.sign("a") == datasette.sign("a", namespace="default")
    with pytest.raises(BadSignature):
        Datasette(secret="another").unsign(signed["actor"][1], "actor")


def _cookie(response):
    (line,) = response._set_cookie_headers
    return SimpleCookie(line)["ds_actor"]


# Proves: API-77
def test_somebody_is_signed_in_and_out_by_a_cookie(datasette):
    response = Response()
    datasette.set_actor_cookie(response, {"id": "root"})
    assert datasette.unsign(_cookie(response).value, "actor") == {"a": {"id": "root"}}
    before = int(time.time())
    response = Response()
    datasette.set_actor_cookie(response, {"id": "root"}, expire_after=60)
    contents = datasette.unsign(_cookie(response).value, "actor")
    assert contents["a"] == {"id": "root"}
    assert before + 60 <= base62.decode(contents["e"]) <= time.time() + 60
    response = Response()
    datasette.delete_actor_cookie(response)
    cookie = _cookie(response)
    assert (cookie.value, cookie["max-age"]) == ("", "0")


# Proves: API-121
def test_the_client_can_sign_a_cookie_for_an_actor(datasette):
    text = datasette.client.actor_cookie({"id": "root"})
    assert datasette.unsign(text, "actor") == {"a": {"id": "root"}}


# Proves: API-98
@pytest.mark.parametrize(
    ("path", "https", "url"),
    [
        ("/x", False, "http://localhost/x"),
        ("x", False, "http://localhost/db/x"),
        ("/x", True, "https://localhost/x"),
        ("https://other.example/", False, "https://other.example/"),
        ("http://other.example/", True, "https://other.example/"),
    ],
)
def test_a_path_becomes_an_absolute_address(path, https, url):
    datasette = Datasette(settings={"force_https_urls": https})
    assert datasette.absolute_url(Request.fake("/db/table"), path) == url
