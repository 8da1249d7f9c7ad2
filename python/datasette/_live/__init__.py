"""Connections that belong to the server, as `sqlite3` connections."""
