"""The names that plugins import are where they look for them."""

import importlib

import pytest

NAMES = {
    "datasette.permissions": "Action Resource PermissionSQL AllowedResource Permission "
    "SkipPermissions",
    "datasette.resources": "DatabaseResource TableResource QueryResource",
    "datasette.tokens": "TokenHandler TokenRestrictions TokenInvalid SignedTokenHandler",
    "datasette.events": "Event LoginEvent LogoutEvent CreateTokenEvent CreateTableEvent "
    "DropTableEvent AlterTableEvent InsertRowsEvent UpsertRowsEvent UpdateRowEvent "
    "DeleteRowEvent RenameTableEvent",
    "datasette.column_types": "ColumnType SQLiteType",
    "datasette.default_column_types": "UrlColumnType EmailColumnType JsonColumnType "
    "TextareaColumnType",
    "datasette.facets": "Facet ColumnFacet ArrayFacet DateFacet load_facet_configs",
    "datasette.filters": "FilterArguments Filters Filter TemplatedFilter InFilter NotInFilter",
    "datasette.jump": "JumpSQL namespace_sql_params",
    "datasette.utils.asgi": "Request Response NotFound Forbidden BadRequest PayloadTooLarge "
    "Base400 DatabaseNotFound TableNotFound RowNotFound AsgiFileDownload AsgiStream AsgiWriter "
    "AsgiLifespan AsgiRunOnFirstRequest asgi_send asgi_start asgi_send_json asgi_send_html "
    "asgi_send_redirect asgi_send_file asgi_static FormData",
    "datasette.utils.multipart": "FormData UploadedFile MultipartParseError parse_form_data "
    "DEFAULT_MAX_FILE_SIZE DEFAULT_MAX_REQUEST_SIZE DEFAULT_MAX_FIELDS DEFAULT_MAX_FILES "
    "DEFAULT_MAX_FIELD_SIZE DEFAULT_MAX_MEMORY_FILE_SIZE DEFAULT_MAX_PART_HEADER_BYTES "
    "DEFAULT_MAX_PART_HEADER_LINES DEFAULT_MIN_FREE_DISK_BYTES",
    "datasette.utils": "sqlite3 MultiParams CustomRow Column PrefixedUrlString "
    "PaginatedResources StartupError InvalidSql BadMetadataError SpatialiteNotFound "
    "ValueAsBooleanError ConnectionProblem SpatialiteConnectionProblem WriteLimitExceeded "
    "link_or_copy link_or_copy_directory deep_dict_update initial_path_for_datasette "
    "temporary_docker_directory make_dockerfile StaticMount LoadExtension find_spatialite",
    "datasette.utils.sqlite": "sqlite3 using_pysqlite3 sqlite_hidden_table_names",
    "datasette.utils.baseconv": "base62 hexconv bin",
    "datasette.utils.testing": "TestClient",
    "datasette.utils.check_callable": "check_callable",
    "datasette.utils.permissions": "gather_permission_sql_from_hooks",
    "datasette.utils.actions_sql": "build_allowed_resources_sql check_permission_for_resource",
    "datasette.utils.internal_db": "INTERNAL_DB_SCHEMA_TABLES",
    "datasette.utils.sql_analysis": "analyze_sql_tables Operation SQLAnalysis",
    "datasette.views": "Context ContextField from_extra",
    "datasette.views.base": "DatasetteError BaseView View stream_csv",
    "datasette.stored_queries": "StoredQuery StoredQueryPage stored_query_to_dict UNCHANGED",
    "datasette.write_sql": "QueryWriteRejected",
    "datasette.tracer": "trace trace_child_tasks capture_traces get_task_id AsgiTracer",
    "datasette.url_builder": "Urls",
    "datasette.fixtures": "TABLES TABLE_PARAMETERIZED_SQL EXTRA_DATABASE_SQL",
    "datasette.version": "__version__ __version_info__",
    "datasette.publish.common": "add_common_publish_arguments_and_options",
    "datasette.renderer": "json_renderer",
    "datasette.extras": "Extra ExtraScope ExtraRegistry",
    "datasette.csrf": "CrossOriginProtectionMiddleware",
    "datasette.inspect": "inspect_hash inspect_tables",
    "datasette.telemetry": "tracer meter",
    "datasette.telemetry_registry": "SPANS METRICS",
    "datasette.telemetry_testing": "MetricsCollector",
}


# Proves: API-08..API-17, API-19
@pytest.mark.parametrize(
    ("module", "name"),
    [(module, name) for module, names in NAMES.items() for name in names.split()],
)
def test_the_module_has_the_name(module, name):
    assert hasattr(importlib.import_module(module), name)


# Proves: API-08
def test_there_is_no_instance_resource():
    assert not hasattr(importlib.import_module("datasette.resources"), "InstanceResource")


# Proves: API-16
def test_there_is_no_data_view():
    assert not hasattr(importlib.import_module("datasette.views.base"), "DataView")
