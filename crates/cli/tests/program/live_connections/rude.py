"""Callbacks that keep what they were lent."""

import asyncio
import os
import time

from datasette import Response, hookimpl


def hangs(conn):
    conn.execute("insert into plain (name) values ('hung')")
    time.sleep(600)


def dies(conn):
    conn.execute("insert into plain (name) values ('dead')")
    os._exit(3)


async def view(datasette, request):
    db = datasette.get_database("data")
    what = request.url_vars["what"]
    loop = asyncio.get_running_loop()

    def waits_for_itself(conn):
        conn.execute("insert into plain (name) values ('outer')")
        inner = db.execute_write("insert into plain (name) values ('inner')")
        return asyncio.run_coroutine_threadsafe(inner, loop).result()

    if what == "names":
        rows = await db.execute("select name from plain order by id")
        return Response.json([row[0] for row in rows])
    if what == "hang":
        await db.execute_write_fn(hangs, block=False)
        await db.execute_write("insert into plain (name) values ('after')")
        return Response.text("written")
    callback = {"die": dies, "itself": waits_for_itself}[what]
    try:
        await db.execute_write_fn(callback)
    except Exception as error:
        if what == "itself":
            # Queued behind what waited: when this is done, so is that.
            await db.execute_write("pragma user_version")
        return Response.text(f"{type(error).__name__}: {error}")
    return Response.text("done")


@hookimpl
def register_routes():
    return [(r"^/-/rude/(?P<what>\w+)$", view)]
