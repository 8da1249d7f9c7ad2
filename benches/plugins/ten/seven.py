"""One of ten plugins: a page and an entry of the menu."""

from datasette import Response, hookimpl


@hookimpl
def menu_links():
    """An entry."""
    return [{"href": "/seven", "label": "seven"}]


@hookimpl
def register_routes():
    """A page."""
    return [(r"^/seven$", lambda: Response.text("seven"))]
