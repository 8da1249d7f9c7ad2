"""Tokens: restrictions, handlers, and the signed ones."""

import time

import pytest
from itsdangerous import BadSignature, URLSafeSerializer

from datasette import TokenHandler, TokenInvalid, TokenRestrictions
from datasette.permissions import Action
from datasette.tokens import SignedTokenHandler


class _Datasette:
    def __init__(self, **settings):
        self.settings = {"allow_signed_tokens": True, "max_signed_tokens_ttl": 0, **settings}
        self.actions = {
            "view-table": Action(name="view-table", description="", abbr="vt"),
            "long-name": Action(name="long-name", description=""),
        }

    def setting(self, name):
        return self.settings[name]

    def sign(self, value, namespace):
        return URLSafeSerializer("secret", namespace).dumps(value)

    def unsign(self, text, namespace):
        return URLSafeSerializer("secret", namespace).loads(text)


# Proves: API-213, API-214
def test_restrictions_are_built_and_shortened():
    restrictions = TokenRestrictions()
    assert restrictions.abbreviated(_Datasette()) is None
    built = (
        restrictions.allow_all("view-table")
        .allow_all("unknown")
        .allow_database("d", "long-name")
        .allow_resource("d", "t", "view-table")
        .allow_resource("d", "t", "long-name")
    )
    assert built is restrictions
    assert built.all == ["view-table", "unknown"]
    assert built.database == {"d": ["long-name"]}
    assert built.resource == {"d": {"t": ["view-table", "long-name"]}}
    assert built.abbreviated(_Datasette()) == {
        "a": ["vt", "unknown"],
        "d": {"d": ["long-name"]},
        "r": {"d": {"t": ["vt", "long-name"]}},
    }
    assert TokenRestrictions().allow_database("d", "view-table").abbreviated(_Datasette()) == {
        "d": {"d": ["vt"]}
    }
    assert TokenRestrictions() == TokenRestrictions()


# Proves: API-212
async def test_a_handler_has_to_say_what_it_does():
    handler = TokenHandler()
    assert handler.name == ""
    with pytest.raises(NotImplementedError):
        await handler.create_token(None, "a")
    with pytest.raises(NotImplementedError):
        await handler.verify_token(None, "t")


# Proves: API-215
async def test_a_signed_token_gives_the_actor_back():
    datasette, handler = _Datasette(), SignedTokenHandler()
    assert handler.name == "signed"
    before = int(time.time())
    token = await handler.create_token(datasette, "a")
    assert token.startswith("dstok_")
    contents = datasette.unsign(token.removeprefix("dstok_"), "token")
    assert set(contents) == {"a", "t"}
    assert before <= contents["t"] <= time.time()
    assert await handler.verify_token(datasette, token) == {"id": "a", "token": "dstok"}


# Proves: API-215
async def test_a_signed_token_ends_and_is_restricted():
    datasette, handler = _Datasette(), SignedTokenHandler()
    restrictions = TokenRestrictions().allow_all("view-table")
    token = await handler.create_token(
        datasette, "a", expires_after=100_000, restrictions=restrictions
    )
    actor = await handler.verify_token(datasette, token)
    assert actor["_r"] == {"a": ["vt"]}
    assert NOW <= actor["token_expires"] - 100_000 <= time.time()


def _token(contents):
    return "dstok_" + _Datasette().sign(contents, "token")


NOW = int(time.time())


# Proves: API-212, API-215
@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("dstok_nonsense", "Invalid token signature"),
        (_token({"a": "x"}), "Invalid token: no timestamp"),
        (_token({"a": "x", "t": "now"}), "Invalid token: invalid timestamp"),
        (_token({"a": "x", "t": NOW, "d": "long"}), "Invalid token: invalid duration"),
        (_token({"a": "x", "t": NOW - 90, "d": 60}), "Token has expired"),
        (_token(["a", "t"]), "Invalid token"),
    ],
)
async def test_a_bad_signed_token_is_invalid(token, message):
    with pytest.raises(TokenInvalid) as invalid:
        await SignedTokenHandler().verify_token(_Datasette(), token)
    assert invalid.value.message == message


# Proves: API-212
async def test_tokens_of_others_are_left_to_them():
    assert await SignedTokenHandler().verify_token(_Datasette(), "other_abc") is None


# Proves: API-215
async def test_signed_tokens_can_be_switched_off_and_limited():
    handler = SignedTokenHandler()
    off = _Datasette(allow_signed_tokens=False)
    with pytest.raises(ValueError, match="Signed tokens are not enabled"):
        await handler.create_token(off, "a")
    with pytest.raises(TokenInvalid, match="Signed tokens are not enabled"):
        await handler.verify_token(off, _token({"a": "x", "t": NOW}))
    limited = _Datasette(max_signed_tokens_ttl=100_000)
    for contents in ({"a": "x", "t": NOW}, {"a": "x", "t": NOW, "d": 600_000}):
        actor = await handler.verify_token(limited, _token(contents))
        assert actor["token_expires"] == NOW + 100_000
    with pytest.raises(TokenInvalid, match="Token has expired"):
        await handler.verify_token(limited, _token({"a": "x", "t": NOW - 100_090}))


def test_the_signature_is_checked():
    with pytest.raises(BadSignature):
        _Datasette().unsign(_token({"a": 1}).removeprefix("dstok_"), "other")
