"""Documented contexts of templates (API-16, API-260)."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any, ClassVar


@dataclasses.dataclass(frozen=True)
class ContextField:
    """What is known about one variable of a template."""

    name: str
    type_name: str
    help: str
    #: Whether its value is that of the extra of the same name.
    from_extra: bool = False


def from_extra() -> Any:
    """A field whose value is that of the extra of the same name."""
    help = "The extra of the same name."
    return dataclasses.field(metadata={"from_extra": True, "help": help})


class Context:
    """Base of documented contexts. Subclasses are data classes; `render_template()` takes them."""

    #: Where extras are looked for by fields made with `from_extra()`.
    extras_scope: ClassVar[Any] = None

    @classmethod
    def documented_fields(cls) -> list[ContextField]:
        """Its variables. The help of a field is the `help` of its metadata."""
        return [
            ContextField(
                name=each.name,
                type_name=_type_name(each.type),
                help=each.metadata.get("help", ""),
                from_extra=bool(each.metadata.get("from_extra")),
            )
            for each in dataclasses.fields(cls)  # type: ignore[arg-type]
            if not each.name.startswith("_")
        ]


def _type_name(type_: Any) -> str:
    if isinstance(type_, str):
        return type_
    if type_ is type(None):
        return "None"
    origin, arguments = typing.get_origin(type_), typing.get_args(type_)
    names = [_type_name(argument) for argument in arguments]
    if origin in (typing.Union, types.UnionType):
        return " | ".join(names)
    plain = type_ if origin is None else origin
    name = getattr(plain, "__name__", str(plain).removeprefix("typing."))
    return f"{name}[{', '.join(names)}]" if origin is not None else name
