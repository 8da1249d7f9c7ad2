"""What can be done to connections."""

from datasette import Response, hookimpl


class Middle:
    """A window function: the sum of what is in the window, and one more for each step back."""

    def __init__(self):
        self.sum = 0

    def step(self, value):
        self.sum += value

    def inverse(self, value):
        self.sum -= value

    def value(self):
        return self.sum

    def finalize(self):
        return self.sum


@hookimpl
def prepare_connection(conn, database, datasette):
    names = [row[1] for row in conn.execute("pragma database_list").fetchall()]
    datasette.seen = {**getattr(datasette, "seen", {}), database: names}
    if hasattr(conn, "create_window_function"):
        conn.create_window_function("rolling", 1, Middle)
    conn.execute("pragma cache_size = -4000")
    conn.executescript("create temp table kept (word text); insert into kept values ('one'), ('two');")
    conn.create_collation("backwards", lambda a, b: (a < b) - (a > b))
    conn.create_function("twice", 1, lambda value: value * 2)
    conn.create_function("twice", 1, lambda value: f"replaced {value}")


@hookimpl
def register_routes():
    return [(r"^/-/seen\.json$", seen), (r"^/-/internal\.json$", internal)]


def seen(datasette):
    return Response.json({name: names for name, names in sorted(datasette.seen.items())})


async def internal(datasette):
    try:
        await datasette.get_internal_database().execute("select twice(1)")
    except Exception as error:
        return Response.json({"failed": "twice" in str(error), "seen": "__INTERNAL__" in datasette.seen})
    return Response.json({"failed": False})
