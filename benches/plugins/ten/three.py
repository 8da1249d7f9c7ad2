"""One of ten plugins: a page and an entry of the menu."""

from datasette import Response, hookimpl


@hookimpl
def menu_links():
    """An entry."""
    return [{"href": "/three", "label": "three"}]


@hookimpl
def register_routes():
    """A page."""
    return [(r"^/three$", lambda: Response.text("three"))]
