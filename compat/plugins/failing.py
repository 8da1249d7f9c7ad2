"""Hooks that fail, each in the way that the query string names: `?_fail=HOOK:WAY`."""

from datasette import hookimpl
from datasette.hookspecs import __dict__ as hooks
from datasette.plugins import pm

HOOKS = """
extra_css_urls extra_js_urls extra_body_script extra_template_vars menu_links homepage_actions
database_actions table_actions view_actions query_actions row_actions top_homepage top_database
top_table top_row top_query top_stored_query render_cell
""".split()


async def fails():
    raise RuntimeError("later")


async def nothing():
    return None


def answer(way):
    """What a hook answers that is asked to fail in this way."""
    if way == "raise":
        raise ValueError("at once")
    return {
        "later": fails,
        "none": nothing,
        "number": 7,
        "text": "text",
        "list": ["text"],
        "empty": [{}],
        "dictionary": {"x": 1},
    }[way]


def failing(hook):
    """An implementation of a hook that fails where it is asked to."""

    @hookimpl(specname=hook)
    def implementation(request):
        wanted = request and request.args.get("_fail")
        if wanted and wanted.partition(":")[0] == hook:
            return answer(wanted.partition(":")[2])

    return implementation


class Failing:
    """All of them."""


for name in HOOKS:
    assert name in hooks
    setattr(Failing, f"{name}_fails", staticmethod(failing(name)))

pm.register(Failing(), name="failing")


@hookimpl
def top_homepage():
    return "<p>another plugin</p>"
