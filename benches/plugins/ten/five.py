"""One of ten plugins: a page and an entry of the menu."""

from datasette import Response, hookimpl


@hookimpl
def menu_links():
    """An entry."""
    return [{"href": "/five", "label": "five"}]


@hookimpl
def register_routes():
    """A page."""
    return [(r"^/five$", lambda: Response.text("five"))]
