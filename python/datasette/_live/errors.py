"""What SQLite refuses, as the exceptions of `sqlite3` (OOP-23)."""

from __future__ import annotations

import sqlite3

_CLASSES: dict[int, type[Exception]] = {
    2: sqlite3.InternalError,
    7: MemoryError,
    11: sqlite3.DatabaseError,
    12: sqlite3.InternalError,
    18: sqlite3.DataError,
    19: sqlite3.IntegrityError,
    20: sqlite3.IntegrityError,
    21: sqlite3.InterfaceError,
    25: sqlite3.InterfaceError,
}
_OPERATIONAL = {1, 3, 4, 5, 6, 8, 9, 10, 13, 14, 15, 16, 17}

_PRIMARY = {
    1: "SQLITE_ERROR",
    2: "SQLITE_INTERNAL",
    3: "SQLITE_PERM",
    4: "SQLITE_ABORT",
    5: "SQLITE_BUSY",
    6: "SQLITE_LOCKED",
    7: "SQLITE_NOMEM",
    8: "SQLITE_READONLY",
    9: "SQLITE_INTERRUPT",
    10: "SQLITE_IOERR",
    11: "SQLITE_CORRUPT",
    12: "SQLITE_NOTFOUND",
    13: "SQLITE_FULL",
    14: "SQLITE_CANTOPEN",
    15: "SQLITE_PROTOCOL",
    16: "SQLITE_EMPTY",
    17: "SQLITE_SCHEMA",
    18: "SQLITE_TOOBIG",
    19: "SQLITE_CONSTRAINT",
    20: "SQLITE_MISMATCH",
    21: "SQLITE_MISUSE",
    22: "SQLITE_NOLFS",
    23: "SQLITE_AUTH",
    24: "SQLITE_FORMAT",
    25: "SQLITE_RANGE",
    26: "SQLITE_NOTADB",
}
_PREFIXES = tuple(f"{name}_" for name in _PRIMARY.values())
_NAMES = {
    **{
        value: name
        for name, value in vars(sqlite3).items()
        if name.startswith(_PREFIXES) and isinstance(value, int) and value > 255
    },
    **_PRIMARY,
}


class ConnectionGone(sqlite3.ProgrammingError):
    """The callback that had the connection is over."""


def error_of(code: int, message: str) -> Exception:
    """The exception for a result code of SQLite; 0 stands for a wrong use of the connection."""
    if code == 0:
        return sqlite3.ProgrammingError(message)
    primary = code & 0xFF
    if primary in _OPERATIONAL:
        kind: type[Exception] = sqlite3.OperationalError
    else:
        kind = _CLASSES.get(primary, sqlite3.DatabaseError)
    error = kind() if kind is MemoryError else kind(message)
    error.sqlite_errorcode = code  # type: ignore[attr-defined]
    error.sqlite_errorname = _NAMES.get(code, "unknown")  # type: ignore[attr-defined]
    return error
