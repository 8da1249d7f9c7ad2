"""Sites of a test's own: when their program starts and ends, whatever becomes of event loops."""

import asyncio
import gc
import subprocess
import sys
import textwrap
import threading

import pytest

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import DatasetteClosedError
from datasette.utils import StartupError
from datasette.utils.testing import TestClient


# Proves: API-33, API-103, OOP-25
async def test_a_site_starts_when_it_is_needed_and_ends_when_it_is_closed(make):
    datasette = make(memory=True)
    assert datasette._site is None
    assert list(datasette.databases) == ["_memory"]
    await datasette.invoke_startup()
    process = datasette._site.process
    await datasette.invoke_startup()
    assert datasette._site.process is process
    assert (await datasette.client.get("/-/plugins.json")).json() == []
    folder = datasette._site.folder
    assert folder.is_dir()
    datasette.close()
    datasette.close()
    assert process.returncode == 0
    assert not folder.exists()


# Proves: API-105
async def test_a_closed_site_is_not_started_again(make):
    datasette = make()
    datasette.close()
    with pytest.raises(DatasetteClosedError):
        await datasette.client.get("/")


# Proves: API-25, API-26, API-36
async def test_databases_are_known_before_the_program_runs(make, tmp_path):
    (tmp_path / "other").mkdir()
    files = [tmp_path / "data.db", tmp_path / "other" / "data.db", tmp_path / "still.db"]
    for file in files:
        file.write_bytes(b"")
    datasette = make(files[:2], immutables=[files[2]], crossdb=True)
    names = ["_memory", "data", "data_2", "still"]
    assert list(datasette.databases) == names
    assert [one.is_mutable for one in datasette.databases.values()] == [False, True, True, False]
    assert datasette.files == tuple(str(file) for file in files)
    before = dict(datasette.databases)
    shown = (await datasette.client.get("/-/databases.json")).json()["databases"]
    assert [one["name"] for one in shown] == names
    assert all(datasette.databases[name] is before[name] for name in names)


# Proves: API-31, API-72, API-73
async def test_the_program_signs_with_the_same_secret(make):
    datasette = make()
    assert len(bytes.fromhex(datasette._secret)) == 32
    response = await datasette.client.get("/-/actor.json", actor={"id": "ann"})
    assert response.json()["actor"] == {"id": "ann"}


# Proves: API-27, API-28, API-55
async def test_configuration_metadata_and_settings_arrive(make):
    datasette = make(
        config={"databases": {"_memory": {"allow": {"id": "ann"}}}},
        metadata={
            "title": "A site",
            "plugins": {"p": {"a": 1}},
            "databases": {"_memory": {"tables": {"t": {"size": 7}}}},
        },
        settings={"default_page_size": 7, "allow_download": False, "template_debug": None},
    )
    assert datasette.plugin_config("p") == {"a": 1}
    assert await datasette.table_config("_memory", "t") == {"size": 7}
    assert datasette.page_size == 7
    shown = (await datasette.client.get("/-/settings.json")).json()
    assert (shown["default_page_size"], shown["allow_download"]) == (7, False)
    assert (await datasette.client.get("/_memory")).status_code == 403
    assert await datasette.get_instance_metadata() == {"title": "A site"}


# Proves: API-28
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"settings": {"nope": 1}}, "Invalid setting 'nope' in settings parameter"),
        ({"settings": {"default_page_size": "7"}}, "Expected int, got str"),
        ({"settings": {"allow_facet": 1}}, "Expected bool, got int"),
        ({"config": {"settings": {"nope": 1}}}, "Invalid setting 'nope' in config file"),
    ],
)
def test_settings_that_cannot_stand_are_refused_at_once(given, message):
    with pytest.raises(StartupError, match=message):
        Datasette(**given)


async def test_a_program_that_does_not_start_says_why(make, tmp_path):
    (tmp_path / "text.db").write_text("This is no database, and longer than a hundred bytes. " * 9)
    datasette = make([tmp_path / "text.db"])
    with pytest.raises(StartupError, match="not a database"):
        await datasette.invoke_startup()


# Proves: OOP-21, OOP-25
def test_a_site_outlives_event_loops(make, plugged):
    class Plugin:
        @hookimpl
        def extra_body_script(self):
            async def script():
                await asyncio.sleep(0)
                return "// of the plugin"

            return script

    plugged(Plugin())
    datasette = make(memory=True)
    asyncio.run(datasette.invoke_startup())
    for _ in range(3):
        response = asyncio.run(datasette.client.get("/"))
        assert "// of the plugin" in response.text
    client = TestClient(datasette)
    assert "// of the plugin" in client.get("/").text

    def elsewhere():
        answers.append(asyncio.run(datasette.client.get("/")))

    answers = []
    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert "// of the plugin" in answers[0].text


# Proves: OOP-25
async def test_two_loops_wait_at_the_same_time(make, plugged):
    arrived = threading.Event()
    leave = threading.Event()

    class Plugin:
        @hookimpl
        def actor_from_request(self, request):
            async def found():
                if request.path == "/-/threads.json":
                    arrived.set()
                    while not leave.is_set():
                        await asyncio.sleep(0.001)
                return None

            return found

    plugged(Plugin())
    datasette = make()
    await datasette.invoke_startup()
    slow = asyncio.create_task(datasette.client.get("/-/threads.json"))
    await asyncio.to_thread(arrived.wait)

    def elsewhere():
        answers.append(asyncio.run(datasette.client.get("/-/versions.json")).status_code)

    answers = []
    await asyncio.to_thread(elsewhere)
    assert answers == [200]
    leave.set()
    assert (await slow).status_code == 403


# Proves: API-265
def test_a_site_that_nobody_closes_ends_with_its_object():
    datasette = Datasette()
    asyncio.run(datasette.invoke_startup())
    process = datasette._site.process
    del datasette
    gc.collect()
    assert process.returncode == 0


def test_a_site_ends_with_the_process_that_made_it():
    program = """
        import asyncio, os
        from datasette.app import Datasette
        datasette = Datasette()
        asyncio.run(datasette.invoke_startup())
        print(datasette._site.process.pid, flush=True)
        os._exit(0)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    # Its standard error is shared with its own program: it ends when both have.
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    assert int(ended.stdout) > 0
    assert ended.stderr == ""


# Proves: API-104, OOP-26
async def test_plugins_are_told_of_the_end_and_may_still_ask(make, plugged):
    told = []

    class Plugin:
        @hookimpl
        def shutdown(self, datasette):
            async def ask():
                told.append((await datasette.client.get("/-/versions.json")).status_code)
                raise RuntimeError("for the log")

            return ask

    plugged(Plugin())
    datasette = make()
    await datasette.invoke_startup()
    await datasette.invoke_shutdown()
    await datasette.invoke_shutdown()
    assert told == [200]
    assert datasette._closed


# Proves: API-113
async def test_a_site_is_an_application_of_asgi(make, plugged):
    started = []

    class Plugin:
        @hookimpl
        def startup(self, datasette):
            started.append(datasette)

    plugged(Plugin())
    datasette = make(memory=True)
    application = datasette.app()
    incoming = asyncio.Queue()
    sent = asyncio.Queue()
    life = asyncio.create_task(application({"type": "lifespan"}, incoming.get, sent.put))
    incoming.put_nowait({"type": "lifespan.startup"})
    assert await sent.get() == {"type": "lifespan.startup.complete"}
    assert started == [datasette]

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/_memory/-/query.json",
        "raw_path": b"/_memory/-/query.json",
        "query_string": b"sql=select+1+as+one",
        "headers": [(b"host", b"example.com")],
    }
    await application(scope, receive, sent.put)
    head, body = sent.get_nowait(), sent.get_nowait()
    assert (head["type"], head["status"]) == ("http.response.start", 200)
    assert (b"content-type", b"application/json; charset=utf-8") in head["headers"]
    assert b'"one": 1' in body["body"]
    incoming.put_nowait({"type": "lifespan.shutdown"})
    assert await sent.get() == {"type": "lifespan.shutdown.complete"}
    await life
