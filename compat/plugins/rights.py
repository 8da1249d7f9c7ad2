"""Actions and the rules about them."""

from datasette import Response, hookimpl
from datasette.permissions import Action, PermissionSQL
from datasette.plugins import pm
from datasette.resources import DatabaseResource, Resource, TableResource


class ShelfResource(Resource):
    """A shelf, of which there are two."""

    name = "shelf"
    parent_class = None

    def __init__(self, shelf):
        super().__init__(parent=shelf, child=None)

    @classmethod
    async def resources_sql(cls, datasette, actor=None):
        return "select 'upper' as parent, null as child union all select 'lower', null"


class BookResource(Resource):
    """A book on a shelf."""

    name = "book"
    parent_class = ShelfResource

    def __init__(self, shelf, book):
        super().__init__(parent=shelf, child=book)

    @classmethod
    async def resources_sql(cls, datasette, actor=None):
        return """
            select 'upper' as parent, 'Emma' as child union all select 'upper', 'Ivanhoe'
            union all select 'lower', 'Faust'
        """


@hookimpl
def register_actions(datasette):
    return [
        Action(name="sweep", description="Sweep the floor", abbr="sw"),
        Action(name="view-shelf", description="Look at a shelf", resource_class=ShelfResource),
        Action(name="read-book", description="Read a book", abbr="rb", resource_class=BookResource, also_requires="view-shelf"),
        Action(name="count-rows", description="Count rows", resource_class=TableResource),
        Action(name="tidy-database", description=None, resource_class=DatabaseResource),
    ]


@hookimpl
def permission_resources_sql(datasette, actor, action):
    who = actor and actor.get("id")
    if action == "view-shelf":
        return PermissionSQL.allow(reason="shelves are open")
    if action == "read-book":
        if who == "ann":

            async def rules():
                return [
                    PermissionSQL("select 'upper' as parent, null as child, 1 as allow, 'upper shelf' as reason"),
                    None,
                    (
                        PermissionSQL(
                            "select :book_shelf as parent, :book as child, 0 as allow, 'not ' || :book || ' for ' || :actor_id as reason",
                            params={"book_shelf": "upper", "book": "Emma"},
                            source="the librarian",
                        ),
                    ),
                ]

            return rules
        if who == "ben":
            return PermissionSQL(
                "select null as parent, null as child, 1 as allow, 'ben reads' as reason",
                restriction_sql="select 'lower' as parent, null as child",
            )
    if action == "sweep" and who == "ben":
        return lambda: PermissionSQL.allow(reason="ben sweeps")
    if action == "count-rows":
        return PermissionSQL(
            "select database_name as parent, table_name as child, 1 as allow, 'few columns' as reason "
            "from catalog_tables where table_name like 's%' and :actor_id = 'ann' and :action = 'count-rows'",
            # Without parameters of their own, rules of the original do not get those of the server.
            params={"own": 1},
        )
    if action == "view-table" and who == "ben":
        return PermissionSQL("select 'shop' as parent, 'orders' as child, 0 as allow, 'no orders for ben' as reason")
    if action == "insert-row" and who == "ann":
        return PermissionSQL("select 'shop' as parent, 'categories' as child, 1 as allow, 'ann sorts' as reason")
    if action == "tidy-database" and who == "odd":
        return "text"


class Deny:
    """A second opinion about the same."""

    @hookimpl
    def permission_resources_sql(self, actor, action):
        if action == "sweep" and actor and actor.get("id") == "ann":
            return PermissionSQL.allow(reason="ann sweeps")
        if action == "view-shelf" and actor is None:
            return PermissionSQL("select 'lower' as parent, null as child, 0 as allow, 'too low' as reason")


pm.register(Deny(), name="deny")


@hookimpl
def register_routes():
    return [(r"^/-/may\.json$", may)]


async def may(datasette, request):
    actor = request.actor
    answers = {}
    for action, resource in [
        ("sweep", None),
        ("view-shelf", ShelfResource("upper")),
        ("view-shelf", ShelfResource("lower")),
        ("read-book", BookResource("upper", "Emma")),
        ("read-book", BookResource("upper", "Ivanhoe")),
        ("read-book", BookResource("lower", "Faust")),
        ("read-book", BookResource("nowhere", "Faust")),
        ("count-rows", TableResource("shop", "suppliers")),
        ("count-rows", TableResource("shop", "orders")),
        ("tidy-database", DatabaseResource("shop")),
    ]:
        name = f"{action} {resource and resource.parent} {resource and resource.child}"
        answers[name] = await datasette.allowed(action=action, resource=resource, actor=actor)
    return Response.json(answers)
