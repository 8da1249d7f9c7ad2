"""Reading the declaration of a virtual table: its module and the table it shows."""

from __future__ import annotations

import re

_TEXT_SHADOWS = ("_content", "_segdir", "_segments", "_stat", "_docsize")
#: What the modules append to the name of a virtual table to name the tables they keep.
SHADOW_SUFFIXES: dict[str, tuple[str, ...]] = {
    "fts3": _TEXT_SHADOWS,
    "fts4": _TEXT_SHADOWS,
    "fts5": ("_data", "_idx", "_docsize", "_content", "_config"),
    "rtree": ("_node", "_parent", "_rowid"),
    "rtree_i32": ("_node", "_parent", "_rowid"),
}

_QUOTED = r"""'(?:''|[^'])*'|"(?:""|[^"])*"|`(?:``|[^`])*`|\[[^\]]*\]"""
_NAME = rf"(?:{_QUOTED}|[^\s.()'\"`\[\]]+)"
_DECLARATION = re.compile(
    rf"\s*create\s+virtual\s+table\s*(?:\bif\s+not\s+exists\s+)?\s*{_NAME}"
    rf"(?:\s*\.\s*{_NAME})?\s*\busing\s*(?P<module>{_NAME})",
    re.IGNORECASE,
)
_PIECES = re.compile(rf"(?P<quoted>{_QUOTED})|--[^\r\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_ARGUMENT = re.compile(rf"(?:{_QUOTED}|[^,])*")


def module_of(sql: str | None) -> str | None:
    """The module of a declaration, in lower case; None for what declares no virtual table."""
    declaration = _DECLARATION.match(_without_comments(sql)) if sql else None
    return _unquoted(declaration["module"]).lower() if declaration else None


def content_table(sql: str | None) -> str | None:
    """The table that a full-text table indexes, from its option `content=`."""
    for argument in _arguments(sql):
        name, equals, value = argument.partition("=")
        if equals and name.strip().lower() == "content":
            return _unquoted(value.strip())
    return None


def vocabulary_source(sql: str | None, module: str, schema: str) -> str | None:
    """The full-text table whose words a vocabulary table lists, if it is in the same schema."""
    arguments = [_unquoted(argument.strip()) for argument in _arguments(sql)]
    expected = 2 if module == "fts5vocab" else 1
    if len(arguments) == expected:
        return arguments[0]
    if len(arguments) == expected + 1 and arguments[0].lower() == schema.lower():
        return arguments[1]
    return None


def _arguments(sql: str | None) -> list[str]:
    """What stands between the parentheses after the module, cut at commas outside of quotes."""
    code = _without_comments(sql) if sql else ""
    declaration = _DECLARATION.match(code)
    if declaration is None:
        return []
    opening = code.find("(", declaration.end())
    closing = code.rfind(")")
    if opening < 0 or closing <= opening:
        return []
    inside = code[opening + 1 : closing]
    arguments, start = [], 0
    while True:
        argument = _ARGUMENT.match(inside, start)
        assert argument is not None, "the pattern matches the empty text"
        arguments.append(argument.group())
        start = argument.end() + 1
        if start > len(inside):
            return arguments


def _without_comments(sql: str) -> str:
    return _PIECES.sub(lambda piece: piece["quoted"] or " ", sql)


def _unquoted(text: str) -> str:
    closing = {"'": "'", '"': '"', "`": "`", "[": "]"}.get(text[:1])
    if closing is None or len(text) < 2 or not text.endswith(closing):
        return text
    inner = text[1:-1]
    return inner if closing == "]" else inner.replace(closing * 2, closing)
