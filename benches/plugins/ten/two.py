"""One of ten plugins: a page and an entry of the menu."""

from datasette import Response, hookimpl


@hookimpl
def menu_links():
    """An entry."""
    return [{"href": "/two", "label": "two"}]


@hookimpl
def register_routes():
    """A page."""
    return [(r"^/two$", lambda: Response.text("two"))]
