"""One of ten plugins: a page and an entry of the menu."""

from datasette import Response, hookimpl


@hookimpl
def menu_links():
    """An entry."""
    return [{"href": "/ten", "label": "ten"}]


@hookimpl
def register_routes():
    """A page."""
    return [(r"^/ten$", lambda: Response.text("ten"))]
