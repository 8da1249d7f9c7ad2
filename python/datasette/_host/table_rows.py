"""The rows and the filters of a table page as templates know them (CTX-56, CTX-58)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape


class Cell(dict[str, Any]):
    """A cell: `column`, `value` as HTML, `raw` and `value_type`."""

    css_class: str


class Row:
    """A row: iteration gives its cells."""

    def __init__(self, rows: Rows, number: int) -> None:
        self._rows = rows
        self._number = number
        self.row_path, self.pk_path, self.row_label = rows.facts[number]

    @cached_property
    def cells(self) -> list[Cell]:
        """Its cells."""
        heads = self._rows.heads
        cells = []
        for head, html, kind, raw in self._rows.contents[self._number]:
            name, css_class = heads[head]
            cell = Cell(column=name, value=Markup(html), raw=raw, value_type=kind)
            cell.css_class = css_class
            if kind == "pk":
                cell["is_special_link_column"] = True
            cells.append(cell)
        return cells

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)

    def __getitem__(self, key: str) -> Any:
        for cell in self.cells:
            if cell["column"] == key:
                return cell["raw"]
        raise KeyError

    def display(self, key: str) -> Markup | None:
        """What the column shows."""
        for cell in self.cells:
            if cell["column"] == key:
                return Markup(cell["value"])
        return None

    def __str__(self) -> str:
        values = {
            cell["column"]: cell["raw"]
            for cell in self.cells
            if not cell.get("is_special_link_column")
        }
        return json.dumps(values, default=repr, indent=2)


class Rows(list[Row]):
    """All rows of a page."""

    def __init__(self, sent: dict[str, Any]) -> None:
        self.heads = sent["heads"]
        self.facts = sent["rows"]
        self.contents = sent["cells"]
        super().__init__(Row(self, number) for number in range(len(self.facts)))

    def html(self) -> Markup:
        """The rows as the server's own template shows them, all at once."""
        starts = [f'<td class="col-{css_class} type-' for _, css_class in self.heads]
        out = []
        for (path, _, label), contents in zip(self.facts, self.contents):
            out.append("\n<tr")
            if path is not None:
                out.append(f' data-row="{escape(path)}"')
                if label:
                    out.append(f' data-row-label="{escape(label)}"')
            out.append(">")
            out += [f'{starts[head]}{kind}">{html}</td>' for head, html, kind, _ in contents]
            out.append("</tr>")
        return Markup("".join(out))


class Filters:
    """The filters of a table page: those that are active, and what is on offer."""

    def __init__(self, sent: dict[str, Any]) -> None:
        self._selections = sent["selections"]
        self._lookups = sent["lookups"]

    def has_selections(self) -> bool:
        """Whether any is active."""
        return bool(self._selections)

    def selections(self) -> list[Any]:
        """Column, operator and value of each."""
        return list(self._selections)

    def lookups(self) -> list[Any]:
        """Operators: name, label, and whether they take no value."""
        return list(self._lookups)
