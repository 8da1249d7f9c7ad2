"""SQL functions, aggregates, collations; what is done at the start."""

from datasette import Response, hookimpl


class Longest:
    """An aggregate: the longest text."""

    def __init__(self):
        self.found = ""

    def step(self, value):
        if value is not None and len(value) > len(self.found):
            self.found = value

    def finalize(self):
        return self.found


def kind(value):
    return f"{type(value).__name__} {value!r}"


def fail(value):
    raise ValueError("never seen")


@hookimpl
def prepare_connection(conn, database, datasette):
    conn.create_function("kind", 1, kind)
    conn.create_function("database_name", 0, lambda: database)
    conn.create_function("add", 2, lambda a, b: a + b)
    conn.create_function("add", 3, lambda a, b, c: a + b + c, deterministic=True)
    conn.create_function("count_of", -1, lambda *values: len(values))
    conn.create_function("fail", 1, fail)
    conn.create_function("odd_result", 1, lambda value: {"none": None, "bytes": b"\x01", "float": 0.5, "list": [1]}[value])
    conn.create_function("page_size", 0, lambda: datasette.setting("default_page_size"))
    conn.create_aggregate("longest", 1, Longest)
    conn.create_collation("by_length", lambda a, b: (len(a) > len(b)) - (len(a) < len(b)))


@hookimpl
def startup(datasette):
    async def start():
        database = datasette.get_database("shop")
        names = await database.table_names()
        found = await datasette.get_internal_database().execute("select count(*) from catalog_tables where database_name = 'shop'")
        datasette.at_start = [len(names), found.first()[0] > 0, await datasette.table_config("shop", "products")]

    return start


@hookimpl
def register_routes():
    return [(r"^/-/at-start\.json$", lambda datasette: Response.json(datasette.at_start))]
