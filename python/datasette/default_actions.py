"""The server's own actions (PERM-01)."""

from __future__ import annotations

from .permissions import Action, Resource
from .resources import DatabaseResource, QueryResource, TableResource

_ACTIONS: tuple[tuple[str, str, str, type[Resource] | None, str | None], ...] = (
    ("view-instance", "vi", "View Datasette instance", None, None),
    ("permissions-debug", "pd", "Access permission debug tool", None, None),
    ("debug-menu", "dm", "View debug menu items", None, None),
    ("view-database", "vd", "View database", DatabaseResource, None),
    ("view-database-download", "vdd", "Download database file", DatabaseResource, "view-database"),
    ("execute-sql", "es", "Execute read-only SQL queries", DatabaseResource, "view-database"),
    ("execute-write-sql", "ews", "Execute writable SQL queries", DatabaseResource, "view-database"),
    ("create-table", "ct", "Create tables", DatabaseResource, None),
    ("create-view", "cv", "Create views", DatabaseResource, None),
    ("store-query", "sq", "Create stored queries", DatabaseResource, "execute-sql"),
    ("view-table", "vt", "View table", TableResource, None),
    ("insert-row", "ir", "Insert rows", TableResource, None),
    ("delete-row", "dr", "Delete rows", TableResource, None),
    ("update-row", "ur", "Update rows", TableResource, None),
    ("alter-table", "at", "Alter tables", TableResource, None),
    ("set-column-type", "sct", "Set column type", TableResource, None),
    ("drop-table", "dt", "Drop tables", TableResource, None),
    ("drop-view", "dv", "Drop views", TableResource, None),
    ("view-query", "vq", "View named query results", QueryResource, None),
    ("update-query", "uq", "Update stored queries", QueryResource, None),
    ("delete-query", "dq", "Delete stored queries", QueryResource, None),
)

DEFAULT_ACTIONS = {
    name: Action(
        name=name, abbr=abbr, description=description, resource_class=kind, also_requires=requires
    )
    for name, abbr, description, kind, requires in _ACTIONS
}
"""All of them by name."""
