"""Addresses of this request with a changed query string or format (API-233, API-234)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

#: Names and values to put into a query string; None removes the name.
Arguments = Mapping[str, Any] | Iterable[tuple[str, Any]]


def append_querystring(url: str, querystring: str) -> str:
    """The address with more text in its query string."""
    separator = "&" if "?" in url else "?"
    return f"{url}{separator}{querystring}"


def path_with_added_args(request: Any, args: Arguments, path: str | None = None) -> str:
    """The path and query string of the request, with `args` added after what is there.

    A value of None removes all arguments of that name. Arguments that are blank in the request are
    lost, as they always were.
    """
    pairs = _pairs(args)
    removed = {name for name, value in pairs if value is None}
    kept = [pair for pair in parse_qsl(request.query_string) if pair[0] not in removed]
    added = [pair for pair in pairs if pair[1] is not None]
    return (path or request.path) + _query(kept + added)


def path_with_replaced_args(request: Any, args: Arguments, path: str | None = None) -> str:
    """The path and query string of the request, where `args` replace arguments of their names."""
    pairs = _pairs(args)
    replaced = {name for name, _ in pairs}
    kept = [pair for pair in parse_qsl(request.query_string) if pair[0] not in replaced]
    added = [pair for pair in pairs if pair[1] is not None]
    return (path or request.path) + _query(kept + added)


def path_with_removed_args(
    request: Any, args: Collection[str] | Mapping[str, Any], path: str | None = None
) -> str:
    """The path and query string of the request without some arguments.

    `args` is a set of names, or a mapping: then only arguments with exactly that value go. A `path`
    with a query string is used instead of that of the request.
    """
    query_string = request.query_string
    if path is None:
        path = request.path
    elif "?" in path:
        path, query_string = path.split("?", 1)
    kept = [
        (name, value)
        for name, value in parse_qsl(query_string)
        if not (args.get(name) == value if isinstance(args, Mapping) else name in args)
    ]
    return path + _query(kept)


def path_with_format(
    *,
    request: Any = None,
    path: str | None = None,
    format: str | None = None,
    extra_qs: Mapping[str, Any] | None = None,
    replace_format: str | None = None,
) -> str:
    """The address of the same page in another format (API-234).

    The format becomes an extension, or `?_format=` when the path has a dot already. The query string
    of the request stays, `extra_qs` comes after it. `replace_format` is an extension to take off.
    """
    if path is None:
        path = request.path
    path = str(path)
    more = dict(extra_qs or {})
    if replace_format:
        path = path.removesuffix(f".{replace_format}")
    if "." in path:
        more["_format"] = format
    else:
        path = f"{path}.{format}"
    queries = [request.query_string if request else "", urlencode(sorted(more.items()))]
    query_string = "&".join(query for query in queries if query)
    return f"{path}?{query_string}" if query_string else path


def _pairs(args: Arguments) -> list[tuple[str, Any]]:
    return list(args.items() if isinstance(args, Mapping) else args)


def _query(pairs: list[tuple[str, Any]]) -> str:
    return "?" + urlencode(pairs) if pairs else ""
