"""Uses the connections of databases in every way that plugins do, and tells what comes of it."""

import asyncio
import datetime
import sqlite3
import threading

import sqlite_utils

from datasette import Event, Forbidden, Response, hookimpl
from datasette.database import Database, DatasetteClosedError, QueryInterrupted
from dataclasses import dataclass


@dataclass
class Done(Event):
    name = "done"
    what: str


SEEN = []


async def said(work):
    """What comes of it, as text that is the same wherever it runs."""
    try:
        return repr(await work)
    except Exception as error:
        name = getattr(error, "sqlite_errorname", None)
        return f"{type(error).__name__}: {error}" + (f" ({name})" if name else "")


def tried(fn):
    try:
        return repr(fn())
    except Exception as error:
        name = getattr(error, "sqlite_errorname", None)
        return f"{type(error).__name__}: {error}" + (f" ({name})" if name else "")


async def reading(db):
    def kinds(conn):
        row = conn.execute("select 1 as One, 'two' as two, null as three, x'04' as four").fetchone()
        return [
            isinstance(conn, sqlite3.Connection),
            isinstance(row, sqlite3.Row),
            tuple(row),
            row["ONE"],
            row[-1],
            row.keys(),
            conn.in_transaction,
            conn.isolation_level,
        ]

    def later(conn):
        cursor = conn.execute("with recursive n(i) as (select 1 union all select i + 1 from n limit 5000) select i from n")
        first = cursor.fetchone()[0]
        total = conn.execute("select count(*) from plain").fetchone()[0]
        return [first, total, len(cursor.fetchmany(10)), sum(row[0] for row in cursor), cursor.fetchone()]

    def bytes_of_text(conn):
        found = []
        sql = "select 'ok' as a, cast(x'ff41' as text) as b"
        found.append(tuple(conn.execute(sql).fetchone()))
        conn.text_factory = bytes
        found.append(tuple(conn.execute(sql).fetchone()))
        conn.text_factory = str
        found.append(tried(lambda: conn.execute(sql).fetchone()))
        conn.text_factory = lambda data: str(data, "utf-8", "replace")
        return found

    def functions(conn):
        class Sum:
            def __init__(self):
                self.sum = 0

            def step(self, value):
                self.sum += value

            def finalize(self):
                return self.sum

        conn.create_function("shout", 1, lambda text: text.upper() + "!", deterministic=True)
        conn.create_aggregate("my_sum", 1, Sum)
        conn.create_collation("backwards", lambda a, b: (a < b) - (a > b))
        found = [
            conn.execute("select shout(?)", ["a"]).fetchall()[0][0],
            conn.execute("select my_sum(id) from plain").fetchall()[0][0],
            [row[0] for row in conn.execute("select name from plain order by name collate backwards")],
            tried(lambda: conn.execute("select shout(1)").fetchone()),
        ]
        conn.create_collation("backwards", None)
        found.append(tried(lambda: conn.execute("select name from plain order by name collate backwards")))
        return found

    def copies(conn):
        target = sqlite3.connect(":memory:")
        conn.backup(target)
        restored = sqlite3.connect(":memory:")
        restored.executescript("\n".join(conn.iterdump()))
        data = conn.serialize()
        with conn.blobopen("plain", "data", 1, readonly=True) as blob:
            part = [len(blob), blob.read(2), blob[0], blob[-2:]]
        return [
            target.execute("select count(*) from plain").fetchone()[0],
            restored.execute("select count(*) from plain").fetchone()[0],
            data[:15],
            part,
        ]

    def watched(conn):
        judged, traced = [], []

        def judge(action, first, second, database, trigger):
            judged.append((action, first, second, database, trigger))
            return sqlite3.SQLITE_DENY if second == "secret" else sqlite3.SQLITE_OK

        conn.set_authorizer(judge)
        found = [
            tried(lambda: conn.execute("select secret from plain")),
            conn.execute("select name from plain where id = 1").fetchone()[0],
        ]
        conn.set_authorizer(None)
        found += [judged[-3:], conn.execute("select secret from plain where id = 1").fetchone()[0]]
        conn.set_trace_callback(traced.append)
        conn.execute("select ? + 1", [1]).fetchone()
        conn.set_trace_callback(None)
        conn.execute("select 2")
        conn.set_progress_handler(lambda: 1, 1000)
        endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
        found += [traced, tried(lambda: conn.execute(endless).fetchone())]
        conn.set_progress_handler(None, 1000)
        return found

    def interrupted(conn):
        threading.Timer(0.2, conn.interrupt).start()
        endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
        return tried(lambda: conn.execute(endless).fetchone())

    def wrong(conn):
        return [
            tried(lambda: conn.execute("select nope")),
            tried(lambda: conn.execute("select ?", [])),
            tried(lambda: conn.execute("select :a", {"b": 1})),
            tried(lambda: conn.execute("select ?", [{}])),
            tried(lambda: conn.execute("select ?", [2**70])),
            tried(lambda: conn.execute("select ?, ?", [1, {1}])),
            tried(lambda: conn.execute("select :a", {"a": object, "b": 2}).fetchone() and 0).replace("'type'", "'t'"),
            tried(lambda: conn.execute("select 1; select 2")),
            tried(lambda: conn.execute("insert into plain (name) values ('x')")),
            tried(lambda: conn.executemany("select ?", [(1,)])),
            tried(lambda: conn.execute("select 'a' as a").fetchone()["b"]),
            tried(lambda: conn.cursor().fetchall()),
        ]

    def temporary(conn):
        conn.execute("create temp table passing (a)")
        conn.execute("insert into passing values (1)")
        conn.commit()
        found = conn.execute("select count(*) from passing").fetchall()[0][0]
        conn.execute("drop table passing")
        return found

    kept = []
    await db.execute_fn(lambda conn: kept.append(conn.execute("select id from plain order by id")))
    return {
        "kinds": await said(db.execute_fn(kinds)),
        "later": await said(db.execute_fn(later)),
        "bytes": await said(db.execute_fn(bytes_of_text)),
        "functions": await said(db.execute_fn(functions)),
        "copies": await said(db.execute_fn(copies)),
        "watched": await said(db.execute_fn(watched)),
        "interrupted": await said(db.execute_fn(interrupted)),
        "wrong": await said(db.execute_fn(wrong)),
        "temporary": await said(db.execute_fn(temporary)),
        "cursor kept": [row[0] for row in kept[0]],
        "adapted": await said(db.execute_fn(lambda conn: conn.execute("select ?", [datetime.date(2026, 1, 2)]).fetchone()[0])),
        "raises": await said(db.execute_fn(lambda conn: [][1])),
        "interrupts": await said(db.execute("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n", custom_time_limit=20)),
        "truncates": [(len(r.rows), r.truncated) for r in [
            await db.execute("with recursive n(i) as (select 1 union all select i + 1 from n limit 3000) select i from n", truncate=truncate)
            for truncate in (True, False)]],
        "positional": await said(one_value(db.execute("select ? || ?", ["a", "b"]))),
        "named": await said(one_value(db.execute("select :a || :b", {"a": "c", "b": "d"}))),
        "error": await said(db.execute("select nope", log_sql_errors=False)),
    }


async def one_value(work):
    return (await work).single_value()


async def writing(db, datasette):
    def utils(conn):
        database = sqlite_utils.Database(conn)
        database["made"].insert_all([{"id": n, "name": f"n{n}"} for n in range(150)], pk="id")
        return database["made"].count, conn.in_transaction

    def fails(conn):
        conn.execute("insert into plain (name) values ('undone')")
        raise ValueError("on purpose")

    def commits_early(conn):
        with conn:
            conn.execute("insert into plain (name) values ('early')")
        before = conn.in_transaction
        conn.execute("insert into plain (name) values ('late')")
        raise ValueError(f"after a commit, {before}, {conn.in_transaction}")

    def tells(conn, track_event):
        conn.execute("insert into plain (name) values ('told')")
        track_event(Done(None, "told"))
        return "told"

    def tells_and_fails(conn, track_event):
        track_event(Done(None, "never"))
        raise ValueError("no event")

    def alone(conn):
        first = [conn.row_factory, conn.in_transaction, conn.isolation_level]
        conn.execute("vacuum")
        with conn:
            conn.execute("insert into plain (name) values ('alone')")
        return first

    def deferred(conn):
        conn.execute("insert into child values (99)")

    names = "select group_concat(name) from (select name from plain where id > 3 order by id)"
    await db.execute_write_script(
        "create table parent (id integer primary key);"
        "create table child (parent references parent(id) deferrable initially deferred);"
    )
    await db.execute_write("pragma foreign_keys = on", transaction=False)
    found = {
        "utils": await said(db.execute_write_fn(utils)),
        "fails": await said(db.execute_write_fn(fails)),
        "commits early": await said(db.execute_write_fn(commits_early)),
        "tells": await said(db.execute_write_fn(tells)),
        "tells and fails": await said(db.execute_write_fn(tells_and_fails)),
        "alone": await said(db.execute_isolated_fn(alone)),
        "deferred": await said(db.execute_write_fn(deferred)),
        "unique": await said(db.execute_write("insert into plain (id) values (1)")),
    }
    await db.execute_write("pragma foreign_keys = off", transaction=False)
    many = await db.execute_write_many(
        "insert into plain (name) values (?)", ((f"m{n}",) for n in range(1100))
    )
    script = await db.execute_write_script("create table s1 (a); insert into s1 values (1), (2);")
    found["many"] = (many.rowcount, type(many).__mro__[-2].__name__, script.rowcount)
    await db.execute_write("delete from plain where name like 'm%'")
    answers = [
        await db.execute_write("insert into plain (name) values ('r1'), ('r2')"),
        await db.execute_write("update plain set name = name where id < 4 returning id, name", returning_limit=2),
        await db.execute_write("update plain set name = name where id < 4 returning id", return_all=True),
        await db.execute_write("create table t2 (a)"),
    ]
    found["answers"] = [
        (one.rowcount, one.truncated, [tuple(row) for row in one.fetchall()], one.fetchall(), bool(one.description))
        for one in answers
    ]
    endless = "insert into t2 with recursive n(i) as (select 1 union all select i + 1 from n) select i from n"
    found["time"] = await said(db.execute_write(endless, time_limit_ms=50))
    found["limit"] = await said(db.execute_write("select 1", returning_limit=-1))
    task = await db.execute_write("insert into t2 values ('first')", block=False)
    await db.execute_write("insert into t2 values ('second')")
    found["order"] = (type(task).__name__, [r[0] for r in (await db.execute("select a from t2")).rows])
    found["vacuum"] = await said(db.execute_write("vacuum"))
    found["vacuum outside"] = (await db.execute_write("vacuum", transaction=False)).rowcount
    found["names"] = await said(one_value(db.execute(names)))
    found["events"] = [event.what for event in SEEN if isinstance(event, Done)]
    return found


async def wrapping(db):
    found = {}
    for how in ("plain", "prevent", "swallow", "replace", "fail after", "authorizer", "silent"):
        LOG.clear()
        HOW[:] = [how]
        outcome = await said(db.execute_write_fn(lambda conn: conn.execute("insert into wrapped values (?)", [how]).rowcount))
        failed = await said(db.execute_write("insert into nowhere values (1)"))
        HOW.clear()
        rows = [row[0] for row in (await db.execute("select a from wrapped")).rows]
        found[how] = [outcome, failed, list(LOG), rows]
    LOG.clear()
    HOW[:] = ["plain"]
    await db.execute_write_script("select 1")
    await db.execute_isolated_fn(lambda conn: None)
    HOW.clear()
    found["others"] = list(LOG)
    return found


HOW = []
LOG = []


def wrapper(name):
    def around(database, request, transaction):
        if not HOW or database.startswith("_"):
            return None
        how = HOW[0]

        def generator(conn, track_event):
            LOG.append(f"{name} before {transaction} {conn.in_transaction} {request is None}")
            if how == "prevent" and name == "inner":
                raise Forbidden("prevented")
            if how == "silent":
                return
            if how == "authorizer":
                conn.set_authorizer(
                    lambda action, first, *_: sqlite3.SQLITE_DENY
                    if action == sqlite3.SQLITE_INSERT and first == "wrapped"
                    else sqlite3.SQLITE_OK
                )
            try:
                result = yield
                LOG.append(f"{name} after {result if isinstance(result, int) else isinstance(result, sqlite3.Cursor)}")
                conn.execute("insert into wrapped values (?)", [name])
                track_event(Done(None, f"{name} {how}"))
            except Exception as error:
                LOG.append(f"{name} failed {error}")
                if how == "replace" and name == "outer":
                    raise ValueError("replaced") from error
                if how != "swallow":
                    raise
            finally:
                if how == "authorizer":
                    conn.set_authorizer(None)
            if how == "fail after" and name == "inner":
                raise ValueError("failed after")

        return generator

    return around


class Own(Database):
    """A subclass, as plugins have them."""

    async def execute_fn(self, fn):
        self.called = True
        return await super().execute_fn(fn)


async def attaching(datasette):
    first = datasette.add_memory_database("shared")
    await first.execute_write("create table a (x)")
    again = Database(datasette, memory_name="shared")
    await again.execute_write("insert into a values (1)")
    own = datasette.add_database(Own(datasette, path="other.db"), name="own", route="own-route")
    columns = await own.table_columns("t")
    doubled = datasette.add_database(Database(datasette, memory_name="shared"))
    temporary = datasette.add_database(Database(datasette, is_temp_disk=True))
    await temporary.execute_write("create table disk (x)")
    internal = datasette.add_database(datasette.get_internal_database(), name="inside")
    found = {
        "names": list(datasette.databases),
        "rows": await said(one_value(first.execute("select count(*) from a"))),
        "own": [columns, getattr(own, "called", False), own.route, repr(own)],
        "doubled": [doubled.name, doubled.route],
        "status": {
            path: (await datasette.client.get(path)).status_code
            for path in ("/shared/a.json", "/own-route/t.json", "/own/t.json", "/shared_2.json", "/inside.json", "/_temp_disk/disk.json")
        },
        "same": [
            datasette.get_database("own") is own,
            datasette.get_database(route="own-route") is own,
            internal is datasette.get_internal_database(),
            internal.name,
            datasette.get_database("shared") is first,
        ],
        "facts": [first.size, first.hash, first.mtime_ns, own.size > 0, own.hash, own.color],
    }
    own.route = "elsewhere"
    found["route"] = [(await datasette.client.get(path)).status_code for path in ("/own-route/t.json", "/elsewhere/t.json")]
    datasette.remove_database("own")
    found["removed"] = [
        (await datasette.client.get("/elsewhere/t.json")).status_code,
        await said(own.execute("select 1")),
        await said(own.execute_write("select 1")),
        tried(lambda: datasette.get_database("own")),
        tried(lambda: datasette.remove_database("own")),
        list(datasette.databases),
    ]
    datasette.databases["direct"] = Database(datasette, memory_name="direct")
    loose = Database(datasette, path="other.db", is_mutable=False)
    found["loose"] = [
        await said(one_value(loose.execute("select count(*) from t"))),
        len(loose.hash),
        await said(loose.execute_isolated_fn(lambda conn: conn.execute("select count(*) from t").fetchone())),
    ]
    found["tables"] = sorted(
        row[0]
        for row in (await datasette.get_internal_database().execute(
            "select database_name || '.' || table_name from catalog_tables where database_name = 'shared'"
        )).rows
    )
    return found


async def nested(db, loop):
    def outer(conn):
        conn.execute("insert into plain (name) values ('nested')")
        inner = asyncio.run_coroutine_threadsafe(db.execute("select count(*) from plain where name = 'nested'"), loop)
        return inner.result().rows[0][0]

    return {"reads": await said(db.execute_write_fn(outer))}


async def view(datasette, request):
    db = datasette.get_database("data")
    topic = request.url_vars["topic"]
    if topic == "reading":
        found = await reading(db)
    elif topic == "writing":
        found = await writing(db, datasette)
    elif topic == "wrapping":
        found = await wrapping(db)
    elif topic == "attaching":
        found = await attaching(datasette)
    else:
        found = await nested(db, asyncio.get_running_loop())
    return Response.json(found)


@hookimpl
def register_routes():
    return [(r"^/-/try/(?P<topic>\w+)$", view)]


@hookimpl
def register_events():
    return [Done]


@hookimpl
def track_event(event):
    SEEN.append(event)


@hookimpl(specname="write_wrapper")
def inner(database, request, transaction):
    return wrapper("inner")(database, request, transaction)


@hookimpl(specname="write_wrapper", tryfirst=True)
def outer(database, request, transaction):
    return wrapper("outer")(database, request, transaction)
