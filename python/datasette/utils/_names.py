"""Names as they are written in URLs, SQL, style sheets and full-text queries."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote_plus

#: The words of SQLite that are no plain identifiers (API-235), in lower case.
reserved_words = frozenset(
    """
    abort action add after all alter analyze and as asc attach autoincrement before begin between
    by cascade case cast check collate column commit conflict constraint create cross current_date
    current_time current_timestamp database default deferrable deferred delete desc detach distinct
    drop each else end escape except exclusive exists explain fail for foreign from full glob group
    having if ignore immediate in index indexed initially inner insert instead intersect into is
    isnull join key left like limit match natural no not notnull null of offset on or order outer
    plan pragma primary query raise recursive references regexp reindex release rename replace
    restrict right rollback row savepoint select set table temp temporary then to transaction
    trigger union unique update using vacuum values view virtual when where with without
    """.split()
)

_PLAIN_IDENTIFIER = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_PLAIN_CLASS = re.compile(r"[a-zA-Z][_a-zA-Z0-9-]*")
_NOT_IN_CLASS = re.compile(r"[^a-zA-Z0-9_-]")
_SPECIAL_IN_CSS_STRING = re.compile(r"""['"\n\\]""")
_FTS_TERMS = re.compile(r'\s+|(".*?")')
_TILDE_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_TILDE = tuple(
    chr(byte) if byte in _TILDE_SAFE else "+" if byte == 0x20 else f"~{byte:02X}"
    for byte in range(256)
)


def tilde_encode(s: str) -> str:
    """The text as part of a path: `/foo/bar` becomes `~2Ffoo~2Fbar` (API-228)."""
    return "".join(_TILDE[byte] for byte in s.encode("utf-8"))


def tilde_decode(s: str) -> str:
    """The text that `tilde_encode` was given. Percent signs stand for themselves (API-228)."""
    return unquote_plus(s.replace("%", "%25").replace("~", "%"))


def escape_sqlite(s: str) -> str:
    """The name as an SQL identifier: as it is when that is safe, else in double quotes (API-235)."""
    if _PLAIN_IDENTIFIER.fullmatch(s) and s.lower() not in reserved_words:
        return s
    return '"' + s.replace('"', '""') + '"'


def escape_fts(query: str) -> str:
    """A full-text query in which each word is a quoted term (API-236). A missing quote is added."""
    if query.count('"') % 2:
        query += '"'
    terms = (term for term in _FTS_TERMS.split(query) if term and term != '""')
    return " ".join(term if term.startswith('"') else f'"{term}"' for term in terms)


def escape_css_string(s: str) -> str:
    """The text for use between quotes in a style sheet (API-236)."""
    return _SPECIAL_IN_CSS_STRING.sub(
        lambda special: f"\\{ord(special.group()):06X}", s.replace("\r\n", "\n")
    )


def to_css_class(s: str) -> str:
    """A valid class for this name (API-236).

    A name that is none is stripped of what a class cannot have; six digits of its MD5 keep apart
    names that then look alike.
    """
    if _PLAIN_CLASS.fullmatch(s):
        return s
    digits = md5_not_usedforsecurity(s)[:6]
    words = s.lstrip("_").lstrip("-").split()
    cleaned = _NOT_IN_CLASS.sub("", "-".join(words))
    return f"{cleaned}-{digits}" if cleaned else digits


def md5_not_usedforsecurity(s: str) -> str:
    """The MD5 of a text in hexadecimal, for telling names apart and nothing else."""
    return hashlib.md5(s.encode("utf8"), usedforsecurity=False).hexdigest()
