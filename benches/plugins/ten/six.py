"""One of ten plugins: a page and an entry of the menu."""

from datasette import Response, hookimpl


@hookimpl
def menu_links():
    """An entry."""
    return [{"href": "/six", "label": "six"}]


@hookimpl
def register_routes():
    """A page."""
    return [(r"^/six$", lambda: Response.text("six"))]
