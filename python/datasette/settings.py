"""The settings of the original with their defaults."""

from __future__ import annotations

from typing import Any, NamedTuple


class Setting(NamedTuple):
    """A setting: its name, its default, what it is for."""

    name: str
    default: Any
    help: str


SETTINGS = (
    Setting(
        "default_page_size",
        100,
        "Rows on a page of a table or view that does not ask for another number",
    ),
    Setting("max_returned_rows", 1000, "Most rows that a page or the result of a query may have"),
    Setting(
        "max_insert_rows", 100, "Most rows that one call of the insert or upsert API may bring"
    ),
    Setting(
        "max_post_body_bytes",
        2097152,
        "Largest request body in bytes that is read into memory; 0 for no limit",
    ),
    Setting("num_sql_threads", 3, "Threads that run SQL queries"),
    Setting("sql_time_limit_ms", 1000, "Milliseconds after which a SQL query is stopped"),
    Setting(
        "default_facet_size", 30, "Values listed for a facet that does not ask for another number"
    ),
    Setting("facet_time_limit_ms", 200, "Milliseconds that computing one facet may take"),
    Setting(
        "facet_suggest_time_limit_ms",
        50,
        "Milliseconds that looking at one column for a facet suggestion may take",
    ),
    Setting("allow_facet", True, "Whether visitors may choose facets with ?_facet="),
    Setting("allow_download", True, "Whether visitors may download immutable database files"),
    Setting("allow_signed_tokens", True, "Whether signed API tokens can be made and used"),
    Setting("default_allow_sql", True, "Whether everybody may run their own SQL queries"),
    Setting(
        "max_signed_tokens_ttl", 0, "Longest life of a signed API token in seconds; 0 for no limit"
    ),
    Setting("suggest_facets", True, "Whether table pages suggest facets"),
    Setting(
        "default_cache_ttl", 5, "Seconds that clients may cache a response (Cache-Control: max-age)"
    ),
    Setting(
        "cache_size_kb",
        0,
        "Page cache of each SQLite connection in KB; 0 for the default of SQLite",
    ),
    Setting(
        "allow_csv_stream", True, "Whether .csv?_stream=1 may return all rows of a table or query"
    ),
    Setting("max_csv_mb", 100, "Largest CSV export in MB; 0 for no limit"),
    Setting(
        "truncate_cells_html",
        2048,
        "Characters after which HTML tables cut the text of a cell; 0 for no limit",
    ),
    Setting("force_https_urls", False, "Whether absolute URLs always start with https://"),
    Setting("template_debug", False, "Whether ?_context=1 shows what a template was given"),
    Setting("trace_debug", False, "Whether ?_trace=1 lists the SQL queries behind a response"),
    Setting("base_url", "/", "The path under which all URLs of this server start"),
    Setting(
        "table_permissions_in_sql",
        True,
        "Whether SQL of visitors reads only tables that they may view",
    ),
    Setting(
        "max_streamed_rows",
        0,
        "Most rows that one call of the insert or upsert API may stream as CSV or NDJSON; 0 for max_insert_rows",
    ),
    Setting(
        "content_security_policy",
        "default",
        "Policy of pages against foreign scripts: default, off, or directives to add to it",
    ),
)
"""All settings in the order of their listing."""

DEFAULT_SETTINGS = {setting.name: setting.default for setting in SETTINGS}
"""The defaults by name."""
