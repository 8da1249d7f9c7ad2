"""`datasette.client`: requests from inside, in the circumstances of whoever sends them."""

import asyncio
import contextvars

import httpx2
import pytest

from datasette import Forbidden, Response, hookimpl
from datasette.permissions import SkipPermissions
from datasette.utils import PrefixedUrlString

_mark = contextvars.ContextVar("mark", default=None)


class Echo:
    """Pages that tell what they were asked, and where they run."""

    @hookimpl
    def register_routes(self):
        async def echo(request, datasette):
            body = await request.post_body()
            return Response.json(
                {
                    "method": request.method,
                    "path": request.full_path,
                    "headers": dict(request.headers),
                    "cookies": request.cookies,
                    "body": body.decode("utf-8"),
                    "in_client": datasette.in_client(),
                    "mark": _mark.get(),
                }
            )

        async def nested(request, datasette):
            depth = int(request.args["depth"])
            if depth == 0:
                view = await datasette.allowed(action="view-instance", actor=request.actor)
                return Response.json({"mark": _mark.get(), "view": view})
            inner = await datasette.client.get(f"/-/nested?depth={depth - 1}")
            assert inner.status_code == 200, inner.text
            return Response.json(inner.json())

        async def moved(request):
            return Response.redirect("/-/echo")

        async def refused(request):
            raise Forbidden("not you")

        async def broken(request):
            raise RuntimeError("for the log")

        return [
            (r"^/-/echo$", echo),
            (r"^/-/nested$", nested),
            (r"^/-/moved$", moved),
            (r"^/-/refused$", refused),
            (r"^/-/broken$", broken),
        ]


@pytest.fixture
def site(make, plugged):
    plugged(Echo())
    return make(memory=True)


# Proves: API-114, API-116, API-118
@pytest.mark.parametrize("method", ["get", "options", "post", "put", "patch", "delete"])
async def test_every_method_has_a_function(site, method):
    response = await getattr(site.client, method)("/-/echo?a=1")
    assert isinstance(response, httpx2.Response)
    told = response.json()
    assert (response.status_code, told["method"]) == (200, method.upper())
    assert told["path"] == "/-/echo?a=1"
    assert told["headers"]["host"] == "localhost"
    assert response.is_success
    assert response.raise_for_status() is response


# Proves: API-114
async def test_head_has_no_body_and_any_method_can_be_asked_with(site):
    response = await site.client.head("/-/echo")
    assert (response.status_code, response.content) == (200, b"")
    response = await site.client.request("PURGE", "/-/echo")
    assert response.json()["method"] == "PURGE"


# Proves: API-115
async def test_what_is_sent_is_what_httpx_would_send(site):
    told = (await site.client.get("/-/echo", params={"a": [1, 2]}, headers={"x": "y"})).json()
    assert (told["path"], told["headers"]["x"]) == ("/-/echo?a=1&a=2", "y")
    told = (await site.client.post("/-/echo", json={"a": 1})).json()
    assert (told["body"], told["headers"]["content-type"]) == ('{"a":1}', "application/json")
    told = (await site.client.post("/-/echo", data={"a": "1 2"})).json()
    assert told["body"] == "a=1+2"
    told = (await site.client.post("/-/echo", content=b"raw", auth=("u", "p"), timeout=1)).json()
    assert (told["body"], told["headers"]["authorization"][:6]) == ("raw", "Basic ")
    told = (await site.client.post("/-/echo", files={"f": ("n.txt", b"content")})).json()
    assert told["headers"]["content-type"].startswith("multipart/form-data")
    assert 'filename="n.txt"' in told["body"]


# Proves: API-118, API-119
async def test_cookies_are_sent_and_not_kept(site):
    told = (await site.client.get("/-/echo", cookies={"a": "b"})).json()
    assert told["cookies"] == {"a": "b"}
    assert (await site.client.get("/-/echo")).json()["cookies"] == {}
    told = (await site.client.get("/-/echo", cookies={"a": "b"}, actor={"id": "x"})).json()
    assert set(told["cookies"]) == {"a", "ds_actor"}
    assert site.unsign(told["cookies"]["ds_actor"], "actor") == {"a": {"id": "x"}}
    with pytest.raises(TypeError):
        await site.client.get("/", cookies={"ds_actor": "x"}, actor={"id": "x"})


# Proves: API-116, API-118
async def test_redirects_are_followed_when_that_is_asked_for(site):
    response = await site.client.get("/-/moved")
    assert (response.status_code, response.headers["location"]) == (302, "/-/echo")
    assert response.has_redirect_location
    assert response.next_request.url.path == "/-/echo"
    response = await site.client.get("/-/moved", follow_redirects=True)
    assert (response.status_code, response.url.path) == (200, "/-/echo")


# Proves: API-117, API-125
async def test_paths_get_the_prefix_of_the_site(make, plugged):
    plugged(Echo())
    datasette = make(settings={"base_url": "/prefix/"})
    get = datasette.client.get
    assert (await get("/-/echo")).json()["path"] == "/prefix/-/echo"
    prefixed = datasette.urls.path("-/echo")
    assert isinstance(prefixed, PrefixedUrlString)
    assert (await get(prefixed)).json()["path"] == "/prefix/-/echo"
    # Without the prefix a path is taken as it is, and with two of them one is left.
    assert (await get("/prefix/-/echo")).status_code == 404
    answer = await datasette.client.request("GET", "/prefix/-/echo", avoid_path_rewrites=True)
    assert answer.json()["path"] == "/prefix/-/echo"


# Proves: API-122
async def test_failures_are_answers(site):
    assert (await site.client.get("/-/refused")).status_code == 403
    assert (await site.client.get("/-/broken")).status_code == 500
    assert (await site.client.get("/-/nothing")).status_code == 404


# Proves: API-124
async def test_the_client_knows_its_site(site):
    assert site.client.ds is site
    assert callable(site.client.app)
    assert site.client is not site.client


# Proves: API-123
async def test_the_first_request_starts_everything(make, plugged):
    class Plugin:
        @hookimpl
        def startup(self, datasette):
            order.append("startup")
            datasette.add_background_task(self.work)

        async def work(self, datasette):
            order.append("task")
            done.set()

    order, done = [], asyncio.Event()
    plugged(Plugin())
    datasette = make()
    await datasette.client.get("/-/versions.json")
    await done.wait()
    await datasette.client.get("/-/versions.json")
    assert order == ["startup", "task"]


# Proves: API-79, OOP-20
async def test_context_variables_reach_the_code_that_answers(site):
    assert site.in_client() is False
    _mark.set("outside")
    told = (await site.client.get("/-/echo")).json()
    assert (told["in_client"], told["mark"]) == (True, "outside")
    assert site.in_client() is False

    async def marked(text):
        _mark.set(text)
        return (await site.client.get("/-/echo")).json()["mark"]

    marks = [str(number) for number in range(20)]
    assert await asyncio.gather(*(marked(mark) for mark in marks)) == marks
    assert _mark.get() == "outside"


# Proves: OOP-19, OOP-20
async def test_requests_nest_as_deep_as_they_like(site):
    _mark.set("deep")
    response = await site.client.get("/-/nested?depth=40")
    assert response.json() == {"mark": "deep", "view": True}


# Proves: API-120, API-211, OOP-20
async def test_checks_can_be_skipped_for_one_request_and_all_that_it_asks(make, plugged):
    plugged(Echo())
    datasette = make(memory=True, default_deny=True)
    get = datasette.client.get
    assert (await get("/_memory.json")).status_code == 403
    assert (await get("/_memory.json", skip_permission_checks=True)).status_code == 200
    deep = await get("/-/nested?depth=2", skip_permission_checks=True)
    assert deep.json()["view"] is True
    assert (await get("/-/nested?depth=2")).json()["view"] is False
    with SkipPermissions():
        assert (await get("/_memory.json")).status_code == 200
        assert await datasette.allowed(action="view-instance") is True
        assert await datasette.allowed_many(actions=["view-instance"]) == {"view-instance": True}
    assert await datasette.allowed(action="view-instance") is False
    with pytest.raises(Forbidden):
        await datasette.ensure_permission(action="view-instance")
    assert (await get("/_memory.json")).status_code == 403


# Proves: OOP-25, API-268
async def test_plugins_may_come_and_go_at_any_time(make, plugged):
    from datasette.plugins import pm

    class Plugin:
        __name__ = "comes-and-goes"

        @hookimpl
        def actor_from_request(self):
            return {"id": "of the plugin"}

        @hookimpl
        def register_routes(self):
            return [(r"^/-/mine$", lambda: Response.text("mine"))]

    datasette = make()

    async def seen():
        actor = (await datasette.client.get("/-/actor.json")).json()["actor"]
        page = (await datasette.client.get("/-/mine")).status_code
        names = (await datasette.client.get("/-/plugins.json")).json()
        return actor, page, [one["name"] for one in names]

    before = await seen()
    assert before == (None, 404, [])
    datasette.pm.register(Plugin(), name="undo")
    try:
        assert await seen() == ({"id": "of the plugin"}, 200, ["comes-and-goes"])
    finally:
        pm.unregister(name="undo")
    assert await seen() == before


# Proves: API-37, OOP-12
async def test_the_root_actor_is_switched_on_by_an_attribute(make):
    datasette = make(memory=True)
    root = {"id": "root"}
    assert (await datasette.client.get("/-/tasks.json", actor=root)).status_code == 403
    datasette.root_enabled = True
    assert (await datasette.client.get("/-/tasks.json", actor=root)).status_code == 200
    assert await datasette.allowed(action="debug-menu", actor=root)
    datasette.root_enabled = False
    assert not await datasette.allowed(action="debug-menu", actor=root)


# Proves: OOP-13, OOP-25
async def test_hooks_get_the_objects_of_the_test(make, plugged, monkeypatch):
    class Plugin:
        @hookimpl
        def prepare_connection(self, conn, database, datasette):
            given.append((database, datasette))

        @hookimpl
        def startup(self, datasette):
            given.append(("startup", datasette))
            datasette.mine = self

        @hookimpl
        def top_homepage(self, datasette):
            return f"<p>{self.text()}</p>"

        def text(self):
            return "before"

    given = []
    plugin = plugged(Plugin())
    datasette = make(memory=True)
    assert "<p>before</p>" in (await datasette.client.get("/")).text
    assert given == [("_memory", datasette), ("startup", datasette)]
    assert datasette.mine is plugin
    monkeypatch.setattr(plugin, "text", lambda: "patched")
    assert "<p>patched</p>" in (await datasette.client.get("/")).text
