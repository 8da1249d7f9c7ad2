"""Several plugins in one file, registered one after the other: who is called when, and with what."""

from datasette import hookimpl
from datasette.plugins import pm


def plain(value):
    """The value itself."""
    return value


def function(value):
    """A function that returns it."""
    return lambda: value


def async_function(value):
    """An async function, not called."""

    async def later():
        return value

    return later


def coroutine(value):
    """A coroutine object."""
    return async_function(value)()


def async_lambda(value):
    """A function that returns a coroutine."""
    return lambda: coroutine(value)


def register(name, form, **options):
    """Registers a plugin whose hooks answer in one form."""

    class One:
        @hookimpl(**options)
        def top_homepage(self, datasette, request):
            return form(f"<p>{name}, {form.__name__}</p>")

        @hookimpl(**options)
        def extra_body_script(self, request, template):
            return form(f"// {name} in {template}")

        @hookimpl(**options)
        def menu_links(self):
            return form([{"href": f"/-/{name}", "label": f"{name} <menu>"}])

        @hookimpl(**options)
        def homepage_actions(self, actor):
            return form([{"href": f"/{name}", "label": name, "description": f"by {actor}"}])

        @hookimpl(**options)
        def extra_template_vars(self):
            return form({"last": name, f"of_{name}": form.__name__})

        @hookimpl(specname="extra_css_urls", **options)
        def styles(self):
            return form([f"/{name}.css"])

    One.__name__ = name
    pm.register(One(), name=f"the_{name}")


register("one", plain)
register("two", function)
register("three", async_function, tryfirst=True)
register("four", coroutine, trylast=True)
register("five", async_lambda)
register("six", plain, tryfirst=True)
register("seven", coroutine)
register("eight", function, trylast=True)


class Silent:
    """Answers nothing in each of the forms, which is nobody's mistake."""

    @hookimpl
    def top_homepage(self):
        return None

    @hookimpl
    async def top_database(self):
        return None

    @hookimpl
    def menu_links(self):
        return lambda: None

    @hookimpl
    async def homepage_actions(self):
        return []

    @hookimpl
    def a_hook_that_nobody_knows(self, anything):
        raise AssertionError("never called")

    @hookimpl
    def another_of_the_future(self):
        return True


pm.register(Silent(), name="silent")


class Gone:
    """Registered and taken away again."""

    @hookimpl
    def top_homepage(self):
        return "<p>gone</p>"


pm.register(Gone(), name="gone")
pm.unregister(name="gone")


@hookimpl
def top_homepage():
    return "<p>the file itself</p>"
