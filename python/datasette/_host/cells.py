"""The cells of a page, offered to `render_cell` one by one (HOOK-63 to HOOK-71)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ..utils import CustomRow, await_me_maybe
from .rows import rows
from .work import at_work

if TYPE_CHECKING:
    from .calls import Calls
    from .implementation import Implementation


def content(shown: Any) -> dict[str, str]:
    """What a cell shows, as it crosses."""
    if isinstance(shown, Markup) or hasattr(shown, "__html__"):
        return {"html": str(shown)}
    return {"text": str(shown)}


def _says_nothing(shown: Any) -> bool:
    # An object with its own HTML may be false and show something all the same.
    return not shown and not hasattr(shown, "__html__")


def _row_objects(columns: list[str], values: list[list[Any]]) -> list[Any]:
    if any(isinstance(value, dict) for row in values for value in row):
        return [CustomRow(columns, dict(zip(columns, row, strict=False))) for row in values]
    return rows(columns, values)


async def render(
    calls: Calls, implementation: Implementation, arguments: dict[str, Any], request: Any
) -> list[Any]:
    """What one implementation says about all cells of a page: row, column, content."""
    batch = arguments["cells"]
    columns, skipped = batch["columns"], batch["skipped"]
    types = [
        None if assigned is None else calls.registry.column_type(assigned)
        for assigned in batch["column_types"]
    ]
    wanted = [
        index for index in range(len(columns)) if not (index < len(skipped) and skipped[index])
    ]
    given: dict[str, Any] = {
        "table": batch["table"],
        "pks": batch["primary_keys"],
        "database": batch["database"],
        "datasette": calls.datasette,
        "request": request,
    }
    function, names = implementation.function, implementation.names
    objects = _row_objects(columns, batch["rows"]) if "row" in names else None
    answers = []
    # It is called for every cell: its arguments are laid out once, and those that change are put in
    # their places.
    arguments_of_cell = [given.get(name) for name in names]
    changing = {name: place for place, name in enumerate(names)}
    value_at, column_at = changing.get("value"), changing.get("column")
    type_at, row_at = changing.get("column_type"), changing.get("row")
    with at_work(implementation.plugin):
        for place, values in enumerate(batch["rows"]):
            if row_at is not None and objects is not None:
                arguments_of_cell[row_at] = objects[place]
            for index in wanted:
                if value_at is not None:
                    arguments_of_cell[value_at] = values[index]
                if column_at is not None:
                    arguments_of_cell[column_at] = columns[index]
                if type_at is not None:
                    arguments_of_cell[type_at] = types[index] if index < len(types) else None
                shown = function(*arguments_of_cell)
                if shown is None:
                    continue
                if not isinstance(shown, str):
                    shown = await await_me_maybe(shown)
                    if shown is None:
                        continue
                    if batch["table"] is not None and _says_nothing(shown):
                        # Ends the search, and leaves the cell as it is (HOOK-71).
                        shown = ""
                answers.append((place, index, content(shown)))
    return answers
