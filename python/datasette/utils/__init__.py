"""Functions and classes that plugins import from `datasette.utils` (API-225..247).

Each lives in a module named after its noun; this one only gathers them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._actors import actor_matches_allow, display_actor
from ._callables import (
    async_call_with_supported_arguments,
    await_me_maybe,
    call_with_supported_arguments,
    make_slot_function,
)
from ._configuration import (
    deep_dict_update,
    move_plugins_and_allow,
    move_table_config,
    pairs_to_nested_config,
    parse_metadata,
    prune_empty_dicts,
    redact_keys,
    resolve_env_secrets,
)
from ._errors import (
    BadMetadataError,
    ConnectionProblem,
    InvalidSql,
    SpatialiteConnectionProblem,
    SpatialiteNotFound,
    StartupError,
    ValueAsBooleanError,
    WriteLimitExceeded,
)
from ._files import (
    calculate_etag,
    link_or_copy,
    link_or_copy_directory,
    module_from_path,
    sha256_file,
)
from ._http import (
    UNSTABLE_API_MESSAGE,
    add_cors_headers,
    error_body,
    initial_path_for_datasette,
    resolve_routes,
)
from ._introspection import (
    SPATIALITE_FUNCTIONS,
    SPATIALITE_PATHS,
    check_connection,
    detect_fts,
    detect_fts_sql,
    detect_json1,
    detect_primary_keys,
    detect_spatialite,
    find_spatialite,
    get_all_foreign_keys,
    get_outbound_foreign_keys,
    table_column_details,
    table_columns,
)
from ._json_values import (
    CustomJSONEncoder,
    WriteJsonValueError,
    decode_write_json_cell,
    decode_write_json_row,
    decode_write_json_rows,
    remove_infinites,
)
from ._multi_params import MultiParams
from ._names import (
    escape_css_string,
    escape_fts,
    escape_sqlite,
    md5_not_usedforsecurity,
    reserved_words,
    tilde_decode,
    tilde_encode,
    to_css_class,
)
from ._pages import PaginatedResources
from ._paths import (
    append_querystring,
    path_with_added_args,
    path_with_format,
    path_with_removed_args,
    path_with_replaced_args,
)
from ._prefixed import PrefixedUrlString
from ._rows import (
    Column,
    CustomRow,
    compound_keys_after_sql,
    path_from_row_pks,
    row_sql_params_pks,
    urlsafe_components,
)
from ._sql_text import (
    allowed_pragmas,
    derive_named_parameters,
    named_parameters,
    sqlite_timelimit,
    validate_sql_select,
)
from ._text import (
    format_bytes,
    is_url,
    parse_size_limit,
    truncate_url,
    value_as_boolean,
)
from ._writers import EscapeHtmlWriter, LimitedWriter
from .sqlite import sqlite3, supports_table_xinfo

if TYPE_CHECKING:
    from ._click_types import LoadExtension, StaticMount
    from ._docker import make_dockerfile, temporary_docker_directory

# What only commands need is imported when it is asked for: Click is not small.
_LATE = {
    "LoadExtension": "_click_types",
    "StaticMount": "_click_types",
    "make_dockerfile": "_docker",
    "temporary_docker_directory": "_docker",
}


def __getattr__(name: str) -> Any:
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(f".{_LATE[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


#: The digits of the hash of a file that name it.
HASH_LENGTH = 7

__all__ = [
    "HASH_LENGTH",
    "SPATIALITE_FUNCTIONS",
    "SPATIALITE_PATHS",
    "UNSTABLE_API_MESSAGE",
    "BadMetadataError",
    "Column",
    "ConnectionProblem",
    "CustomJSONEncoder",
    "CustomRow",
    "EscapeHtmlWriter",
    "InvalidSql",
    "LimitedWriter",
    "LoadExtension",
    "MultiParams",
    "PaginatedResources",
    "PrefixedUrlString",
    "SpatialiteConnectionProblem",
    "SpatialiteNotFound",
    "StartupError",
    "StaticMount",
    "ValueAsBooleanError",
    "WriteJsonValueError",
    "WriteLimitExceeded",
    "actor_matches_allow",
    "add_cors_headers",
    "allowed_pragmas",
    "append_querystring",
    "async_call_with_supported_arguments",
    "await_me_maybe",
    "calculate_etag",
    "call_with_supported_arguments",
    "check_connection",
    "compound_keys_after_sql",
    "decode_write_json_cell",
    "decode_write_json_row",
    "decode_write_json_rows",
    "deep_dict_update",
    "derive_named_parameters",
    "detect_fts",
    "detect_fts_sql",
    "detect_json1",
    "detect_primary_keys",
    "detect_spatialite",
    "display_actor",
    "error_body",
    "escape_css_string",
    "escape_fts",
    "escape_sqlite",
    "find_spatialite",
    "format_bytes",
    "get_all_foreign_keys",
    "get_outbound_foreign_keys",
    "initial_path_for_datasette",
    "is_url",
    "link_or_copy",
    "link_or_copy_directory",
    "make_dockerfile",
    "make_slot_function",
    "md5_not_usedforsecurity",
    "module_from_path",
    "move_plugins_and_allow",
    "move_table_config",
    "named_parameters",
    "pairs_to_nested_config",
    "parse_metadata",
    "parse_size_limit",
    "path_from_row_pks",
    "path_with_added_args",
    "path_with_format",
    "path_with_removed_args",
    "path_with_replaced_args",
    "prune_empty_dicts",
    "redact_keys",
    "remove_infinites",
    "reserved_words",
    "resolve_env_secrets",
    "resolve_routes",
    "row_sql_params_pks",
    "sha256_file",
    "sqlite3",
    "sqlite_timelimit",
    "supports_table_xinfo",
    "table_column_details",
    "table_columns",
    "temporary_docker_directory",
    "tilde_decode",
    "tilde_encode",
    "to_css_class",
    "truncate_url",
    "urlsafe_components",
    "validate_sql_select",
    "value_as_boolean",
]
