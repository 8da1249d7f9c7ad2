"""The exceptions of `datasette.utils` (API-197)."""


class StartupError(Exception):
    """The server cannot start; the message is for the user."""


class InvalidSql(Exception):
    """The statement is none that a visitor may run."""


class BadMetadataError(Exception):
    """A configuration file is neither JSON nor YAML."""


class SpatialiteNotFound(Exception):
    """SpatiaLite is in none of the usual places."""


class ValueAsBooleanError(ValueError):
    """A text is none of on, off, true, false, 1 and 0."""


class ConnectionProblem(Exception):
    """A table of a database cannot be read."""


class SpatialiteConnectionProblem(ConnectionProblem):
    """A table of a database cannot be read because SpatiaLite is not loaded."""


class WriteLimitExceeded(Exception):
    """More was written than is allowed."""
