"""Names in URLs, SQL, style sheets and full-text queries."""

import hashlib

import pytest

from datasette.utils import (
    escape_css_string,
    escape_fts,
    escape_sqlite,
    tilde_decode,
    tilde_encode,
    to_css_class,
)
from datasette.utils.sqlite import sqlite3


# Proves: API-228
@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("/foo/bar", "~2Ffoo~2Fbar"),
        ("azAZ09_-", "azAZ09_-"),
        ("a b", "a+b"),
        ("a+b", "a~2Bb"),
        ("50%.~", "50~25~2E~7E"),
        ("é€😀", "~C3~A9~E2~82~AC~F0~9F~98~80"),
        ("", ""),
    ],
)
def test_text_is_tilde_encoded_and_back(text, encoded):
    assert tilde_encode(text) == encoded
    assert tilde_decode(encoded) == text


# Proves: API-228
def test_every_character_comes_back():
    text = "".join(map(chr, [*range(0x300), 0x20AC, 0x1F600]))
    assert tilde_decode(tilde_encode(text)) == text


# Proves: API-228
@pytest.mark.parametrize(
    ("text", "decoded"), [("%2F", "%2F"), ("~2f%41", "/%41"), ("100%", "100%")]
)
def test_percent_sequences_are_left_alone(text, decoded):
    assert tilde_decode(text) == decoded


# Proves: API-235
@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("plain_1", "plain_1"),
        ("_x", "_x"),
        ("1st", '"1st"'),
        ("select", '"select"'),
        ("SELECT", '"SELECT"'),
        ("a b", '"a b"'),
        ('a"b', '"a""b"'),
        ("a]b", '"a]b"'),
        ("a\n", '"a\n"'),
        ("é", '"é"'),
        ("", '""'),
    ],
)
def test_a_name_is_quoted_where_it_must_be(name, escaped):
    assert escape_sqlite(name) == escaped


# Proves: API-235
@pytest.mark.parametrize("name", ["select", "group", "a b", 'q"', "1", "current_date", "é", "a]"])
def test_sqlite_understands_the_escaped_name(name):
    conn = sqlite3.connect(":memory:")
    conn.execute(f"create table {escape_sqlite(name)} ({escape_sqlite(name)})")
    assert conn.execute("select name from sqlite_master").fetchone() == (name,)
    conn.close()


# Proves: API-236
@pytest.mark.parametrize(
    ("query", "escaped"),
    [
        ("dog", '"dog"'),
        ("dog cat", '"dog" "cat"'),
        ('"big dog" cat', '"big dog" "cat"'),
        ('dog "cat', '"dog" "cat"'),
        ("dog* OR -x", '"dog*" "OR" "-x"'),
        ("", ""),
        ('""', ""),
    ],
)
def test_terms_of_full_text_queries_are_quoted(query, escaped):
    assert escape_fts(query) == escaped


# Proves: API-236
def test_text_is_escaped_for_a_string_in_css():
    assert (
        escape_css_string("a'b\"c\\d\ne\r\nf") == "a\\000027b\\000022c\\00005Cd\\00000Ae\\00000Af"
    )


# Proves: API-236
@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("simple", None),
        ("With-some_1", None),
        ("-leading", "leading"),
        ("_lead", "lead"),
        ("no spaces", "no-spaces"),
        ("-", ""),
        ("no $ characters", "no--characters"),
        ("1", "1"),
    ],
)
def test_a_name_becomes_a_class(name, stem):
    digits = hashlib.md5(name.encode()).hexdigest()[:6]
    expected = name if stem is None else f"{stem}-{digits}" if stem else digits
    assert to_css_class(name) == expected
