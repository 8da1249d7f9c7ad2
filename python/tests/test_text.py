"""Actors, sizes, addresses, switches, numbers in other digits."""

import pytest

from datasette.utils import (
    SpatialiteNotFound,
    ValueAsBooleanError,
    actor_matches_allow,
    display_actor,
    find_spatialite,
    format_bytes,
    is_url,
    truncate_url,
    value_as_boolean,
)
from datasette.utils import _introspection as introspection
from datasette.utils.baseconv import base62, hexconv
from datasette.utils.baseconv import bin as binary


# Proves: API-237
@pytest.mark.parametrize(
    ("actor", "allow", "expected"),
    [
        (None, None, True),
        (None, True, True),
        ({"id": "a"}, True, True),
        ({"id": "a"}, False, False),
        (None, {}, False),
        ({"id": "a"}, {}, False),
        (None, {"unauthenticated": True}, True),
        ({"id": "a"}, {"unauthenticated": True}, False),
        (None, {"unauthenticated": False}, False),
        ({"id": "a"}, {"id": "a"}, True),
        ({"id": "a"}, {"id": "b"}, False),
        ({"id": "a"}, {"id": ["a", "b"]}, True),
        ({"id": "a"}, {"id": "*"}, True),
        ({"name": "a"}, {"id": "*"}, False),
        ({"id": None}, {"id": "*"}, True),
        ({"roles": ["x", "y"]}, {"roles": "x"}, True),
        ({"roles": ["x", "y"]}, {"roles": ["z", "y"]}, True),
        ({"roles": ["x", "y"]}, {"roles": ["z"]}, False),
        ({"id": "a", "role": "x"}, {"id": "b", "role": "x"}, True),
        ({"id": 5}, {"id": 5}, True),
        ({"id": 5}, {"id": "5"}, False),
    ],
)
def test_an_allow_block_lets_in_whom_it_names(actor, allow, expected):
    assert actor_matches_allow(actor, allow) is expected


# Proves: API-238
@pytest.mark.parametrize(
    ("actor", "shown"),
    [
        ({"id": "i", "login": "l", "username": "u", "name": "n", "display": "d"}, "d"),
        ({"id": "i", "login": "l", "username": "u", "name": "n", "display": ""}, "n"),
        ({"id": "i", "login": "l", "username": "u"}, "u"),
        ({"id": "i", "login": "l"}, "l"),
        ({"id": "i"}, "i"),
        ({"x": 1}, "{'x': 1}"),
    ],
)
def test_an_actor_is_shown_by_its_best_name(actor, shown):
    assert display_actor(actor) == shown


# Proves: API-240
@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1.0 KB"),
        (1536, "1.5 KB"),
        (1024**2, "1.0 MB"),
        (1024**3 * 2.5, "2.5 GB"),
        (1024**4, "1.0 TB"),
    ],
)
def test_sizes_are_shown_in_fitting_units(size, shown):
    assert format_bytes(size) == shown


# Proves: API-240
def test_switches_are_read_in_any_case():
    assert [value_as_boolean(v) for v in ("on", "TRUE", "1")] == [True] * 3
    assert [value_as_boolean(v) for v in ("Off", "false", "0")] == [False] * 3
    with pytest.raises(ValueAsBooleanError):
        value_as_boolean("yes")
    assert issubclass(ValueAsBooleanError, ValueError)


# Proves: API-240
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("http://a.example/", True),
        ("https://a.example/x?y=z", True),
        ("https://a.example/ more", False),
        ("ftp://a.example/", False),
        ("x https://a.example/", False),
        (5, False),
        (None, False),
    ],
)
def test_addresses_are_told_from_other_values(value, expected):
    assert is_url(value) is expected


# Proves: API-240
@pytest.mark.parametrize(
    ("url", "length", "shown"),
    [
        ("https://example.com/", None, "https://example.com/"),
        ("https://example.com/", 20, "https://example.com/"),
        ("https://example.com/a/picture.jpg", 15, "https://exa….jpg"),
        ("https://example.com/a/long.extension", 15, "https://exampl…"),
        ("https://example.com/abc", 10, "https://e…"),
    ],
)
def test_addresses_are_shortened(url, length, shown):
    assert truncate_url(url, length) == shown


# Proves: API-248
def test_numbers_are_written_in_other_digits():
    assert [base62.encode(n) for n in (0, 25, 26, 35, 36, 61, 62)] == [*list("AZ09az"), "BA"]
    assert hexconv.encode(48_879) == "BEEF"
    assert binary.encode(10) == "1010"
    assert base62.encode(-62) == "-BA"
    for number in (0, 1, -5, 2**70 + 12345):
        for converter in (base62, hexconv, binary):
            assert converter.decode(converter.encode(number)) == number


# Proves: API-197, API-243
def test_spatialite_is_found_in_its_usual_places(monkeypatch, tmp_path):
    there = tmp_path / "mod_spatialite.so"
    monkeypatch.setattr(introspection, "SPATIALITE_PATHS", (str(tmp_path / "none"), str(there)))
    with pytest.raises(SpatialiteNotFound):
        find_spatialite()
    there.write_bytes(b"")
    assert find_spatialite() == str(there)
