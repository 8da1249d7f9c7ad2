"""Reading SQL as text: which parameters it names, whether a visitor may run it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ._errors import InvalidSql

#: The pragmas that may be read as table-valued functions.
allowed_pragmas = (
    "database_list",
    "foreign_key_list",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "page_count",
    "max_page_count",
    "page_size",
    "schema_version",
    "table_info",
    "table_xinfo",
    "table_list",
)

# White space and comments before the first word.
_BEFORE = r"(?:\s|--[^\n]*\n|/\*(?:(?!\*/)[\s\S])*\*/)*"
_ALLOWED_STATEMENT = re.compile(_BEFORE + r"(?:explain\s+(?:query\s+plan\s+)?)?(?:select|with)\b")
_DISALLOWED_PRAGMA = re.compile(r"pragma(?!_(?:" + "|".join(allowed_pragmas) + "))")

# Whatever opens first wins, so that `--` inside of a string is no comment and the reverse.
_NOT_CODE = re.compile(
    r"""--[^\n]*
    |/\*.*?(?:\*/|\Z)
    |'(?:''|[^'])*'
    |"(?:""|[^"])*"
    |\[[^\]]*\]
    |`(?:``|[^`])*`""",
    re.DOTALL | re.VERBOSE,
)
_PARAMETER = re.compile(r":(\w+)")


def named_parameters(sql: str) -> list[str]:
    """The names of the parameters `:name`, in order and with repeats (API-227).

    What looks like one inside of strings, quoted names and comments is none.
    """
    return _PARAMETER.findall(_NOT_CODE.sub("", sql))


async def derive_named_parameters(db: Any, sql: str) -> list[str]:
    """The old name of `named_parameters`, for plugins that still use it (API-227)."""
    return named_parameters(sql)


def validate_sql_select(sql: str) -> None:
    """Raises `InvalidSql` unless the statement is a SELECT that a visitor may run (API-241)."""
    code = "\n".join(line for line in sql.split("\n") if not line.strip().startswith("--"))
    code = code.strip().lower()
    if not _ALLOWED_STATEMENT.match(code):
        raise InvalidSql("Statement must be a SELECT")
    if _DISALLOWED_PRAGMA.search(code):
        functions = ", ".join(f"pragma_{name}()" for name in allowed_pragmas)
        raise InvalidSql(
            f"Statement contained a disallowed PRAGMA. Allowed pragma functions are {functions}"
        )


@contextmanager
def sqlite_timelimit(conn: Any, ms: float) -> Iterator[None]:
    """Interrupts what runs on the connection after so many milliseconds (API-242)."""
    deadline = time.perf_counter() + ms / 1000
    # A thousand instructions take some 0.1 ms; very short limits want to be looked at more often.
    instructions = 1 if ms <= 20 else 1000

    def is_late() -> bool:
        return time.perf_counter() >= deadline

    limit = getattr(conn, "_limit_time", None)
    if limit is not None:
        # The server keeps the time itself.
        limit(ms)
        try:
            yield
        finally:
            limit(None)
        return
    conn.set_progress_handler(is_late, instructions)
    try:
        yield
    finally:
        conn.set_progress_handler(None, instructions)
