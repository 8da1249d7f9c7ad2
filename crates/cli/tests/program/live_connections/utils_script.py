"""What sqlite-utils does to a database, step by step: on a connection of its own, and on that of a
database of the site."""

import sqlite3

import sqlite_utils

from datasette import Response, hookimpl


def run(conn):
    """Does all of it, and tells what each step left behind."""
    db = sqlite_utils.Database(conn)
    steps = {}

    def note(name, value=None):
        # Which statistics ANALYZE keeps depends on how SQLite was built.
        steps[name] = [value, db.schema.replace("\nCREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample);", "")]

    db["authors"].insert_all(
        [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bo"}], pk="id", not_null={"name"}
    )
    db["books"].insert_all(
        ({"id": n, "title": f"Book {n}", "author": 1 + n % 2, "price": n / 4} for n in range(1, 301)),
        pk="id",
        foreign_keys=[("author", "authors", "id")],
        batch_size=70,
    )
    note("insert", [db["books"].count, db["books"].last_pk])
    note("rowid", db["loose"].insert({"a": 1, "b": "x", "c": b"\x00\xff", "d": None}).last_rowid)
    db["loose"].insert({"a": 2, "e": [1, {"f": 2}]}, alter=True)
    note("alter", list(db["loose"].rows))
    db["authors"].upsert_all([{"id": 2, "name": "Bob"}, {"id": 3, "name": "Cy"}], pk="id")
    note("upsert", list(db["authors"].rows))
    db["authors"].insert({"id": 3, "name": "ignored"}, ignore=True)
    db["authors"].insert({"id": 3, "name": "Cyd"}, replace=True)
    note("replace", db["authors"].get(3))
    db["books"].add_column("note", str, not_null_default="none")
    db["books"].create_index(["title"], unique=True)
    note("column and index", [index.name for index in db["books"].indexes])
    db["books"].enable_fts(["title"], create_triggers=True)
    db["books"].insert({"id": 900, "title": "Unusual words", "author": 1, "price": 1})
    note("search", [row["id"] for row in db["books"].search("unusual")])
    db["books"].transform(
        types={"price": str}, rename={"note": "remark"}, defaults={"remark": "?"}, drop={"author"}
    )
    note("transform", [db["books"].get(3), db["books"].foreign_keys])
    db["tags"].insert({"id": 1, "tag": "t"}, pk="id")
    db["books"].update(900, {"remark": "x"}).m2m("tags", {"id": 7, "tag": "seven"}, pk="id")
    note("m2m", [list(db["books_tags"].rows), list(db["tags"].rows)])
    note("lookup", [db["kinds"].lookup({"name": "a"}), db["kinds"].lookup({"name": "a"})])
    db["flat"].insert_all([{"id": 1, "kind": "x"}, {"id": 2, "kind": "y"}, {"id": 3, "kind": "x"}])
    db["flat"].extract("kind", table="flat_kinds", fk_column="kind_id")
    note("extract", list(db["flat"].rows))
    db["flat"].add_foreign_key("id", "authors", "id")
    db.index_foreign_keys()
    note("keys", db["flat"].foreign_keys)
    db.create_view("cheap", "select * from books where id < 4")
    note("view", [list(db["cheap"].rows), db.view_names()])
    note("where", list(db["books"].rows_where("id < ?", [3], order_by="id desc", select="id, title")))
    note("query", list(db.query("select count(*) as c, max(id) as m from books where id > :n", {"n": 5})))
    note("convert", db["books"].convert("title", lambda value: value.upper(), where="id < 3").get(1))
    db["books"].delete_where("id > ?", [299])
    db["books"].delete(1)
    note("delete", db["books"].count)
    try:
        db["authors"].insert({"id": 1, "name": "again"})
    except Exception as error:
        note("conflict", [type(error).__name__, str(error)])
    with db.conn:
        db["tags"].insert({"id": 50, "tag": "fifty"})
        db["tags"].insert({"id": 51, "tag": "fifty-one"})
    note("transaction", [db["tags"].count, conn.in_transaction])
    db["tags"].enable_counts()
    db["tags"].insert({"id": 60, "tag": "sixty"})
    note("counted", db.cached_counts(["tags"]))
    db.analyze()
    db["books"].analyze_column("title")
    note("analyze", sorted(row["tbl"] for row in db["sqlite_stat1"].rows))
    db.register_function(lambda left, right: left + right, name="joined")
    note("function", db.execute("select joined('a', 'b')").fetchone()[0])
    db["loose"].duplicate("copied")
    db["copied"].drop()
    db["books"].rebuild_fts()
    db["books"].disable_fts()
    note("dropped", [[name for name in db.table_names() if name != "sqlite_stat4"], list(db["books"].triggers)])
    return {name: repr(values) for name, values in steps.items()}


async def view(datasette):
    db = datasette.add_memory_database("utils")
    here = await db.execute_write_fn(run)
    outside = await datasette.add_memory_database("outside").execute_write_fn(run, transaction=False)
    plain = run(sqlite3.connect(":memory:"))
    conn = sqlite3.connect(":memory:", isolation_level="IMMEDIATE")
    conn.execute("BEGIN IMMEDIATE")
    within = run(conn)
    return Response.json(
        {
            "steps": len(plain),
            "differ": [[name, within[name], here[name]] for name in plain if within[name] != here[name]],
            "differ outside": [[name, plain[name], outside[name]] for name in plain if plain[name] != outside[name]],
            "pages": [
                (await datasette.client.get(f"/{name}/books.json?_shape=array&_size=1")).json()
                for name in ("utils", "outside")
            ],
        }
    )


@hookimpl
def register_routes():
    return [(r"^/-/utils$", view)]
