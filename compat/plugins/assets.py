"""Style sheets, scripts and template variables, as the query string of a page wants them."""

import json

from datasette import hookimpl


class Shown:
    """An object that brings its own HTML."""

    def __html__(self):
        return "<i>its own</i>"


async def nothing():
    return None


CSS = {
    "none": None,
    "one": ["/-/one.css"],
    "tuple": ("/-/a.css", "/-/b.css"),
    "twice": ["/-/a.css", {"url": "/-/a.css", "sri": "late"}, "/-/b.css", "/-/a.css"],
    "dictionary": [{"url": "https://cdn.example/x.css", "sri": "sha384-x"}, {"url": "/y.css"}],
    "text": "/ab",
    "hostile": ['/"><script>alert(1)</script>.css'],
}
JS = {
    "module": [{"url": "/-/m.js", "module": True}],
    "module_false": [{"url": "/-/m.js", "module": False}],
    "sri": [{"url": "https://cdn.example/x.js", "sri": "sha384-y"}],
    "all": [{"url": "/-/m.js", "module": True, "sri": "sha384-z"}, "/-/plain.js", "plain.js"],
}
SCRIPT = {
    "text": "console.log('<b>', 1 && 2)",
    "dictionary": {"script": "go()"},
    "module": {"script": "import './x.js'", "module": True},
    "none_later": nothing,
    "list": [],
    "number": 3,
    "empty": "",
}


@hookimpl
def extra_css_urls(datasette, request):
    wanted = request and request.args.get("_css")
    if wanted == "urls":
        return [datasette.urls.path("/-/a.css"), datasette.urls.static("app.css"), "/-/b.css"]
    return CSS.get(wanted)


@hookimpl
def extra_js_urls(datasette, request):
    wanted = request and request.args.get("_js")
    if wanted == "urls":
        return [datasette.urls.path("/-/a.js"), "/-/a.js", "//cdn.example/a.js"]
    return JS.get(wanted)


@hookimpl
def extra_body_script(template, database, table, columns, view_name, request):
    wanted = request and request.args.get("_script")
    if wanted == "arguments":
        given = [template, database, table, columns, view_name]
        return "given = " + json.dumps(given)
    return SCRIPT.get(wanted)


@hookimpl
def extra_template_vars(datasette, request, template, view_name, columns):
    wanted = request and request.args.get("_vars")

    if wanted in (None, "nothing"):
        return None
    return {
        "shown": Shown(),
        "data": {"template": template, "view": view_name, "columns": columns, "list": [1, None]},
        "setting": datasette.setting("default_page_size"),
        "title_of_page": f"<{wanted}>",
        "metadata": {"title": "A replaced title"} if wanted == "replace" else None,
    }
