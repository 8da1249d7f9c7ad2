"""Databases that a test brings to its site."""

import pytest

from datasette import hookimpl


# Proves: API-47, API-49, API-50, API-268
async def test_databases_come_and_go_before_and_after_the_start(make):
    datasette = make()
    first = datasette.add_memory_database("first")
    await first.execute_write("create table t (id integer primary key)")
    await first.execute_write("insert into t values (?)", [1])
    assert (await datasette.client.get("/first/t.json?_shape=array")).json() == [{"id": 1}]
    second = datasette.add_memory_database("second", name="later")
    assert await second.execute_write_fn(lambda conn: conn.execute("select 7").fetchone()[0]) == 7
    assert (await datasette.client.get("/later.json")).status_code == 200
    datasette.remove_database("later")
    assert (await datasette.client.get("/later.json")).status_code == 404
    with pytest.raises(KeyError):
        datasette.get_database("later")


# Proves: API-48
async def test_a_plugin_shows_the_internal_database_under_another_name(make, plugged):
    class Plugin:
        @hookimpl
        def startup(self, datasette):
            datasette.add_database(datasette.get_internal_database(), name="shown", route="shown")

    plugged(Plugin())
    datasette = make()
    answer = await datasette.client.get("/shown.json")
    assert (answer.status_code, answer.json()["database"]) == (200, "shown")


# Proves: API-31
def test_the_internal_database_is_a_temporary_file_or_a_named_one(make, tmp_path):
    assert make().get_internal_database().is_temp_disk
    path = str(tmp_path / "internal.db")
    named = make(internal=path).get_internal_database()
    assert (named.is_temp_disk, named.path) == (False, path)
