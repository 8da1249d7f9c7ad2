//! What is asked: everything visible in every way, and everything hidden in every spelling.

use datasette_core::tilde;

use super::sql_requests::{CONDITIONS, STATEMENTS};
use super::world::{CANARY, SHOWN, hidden_names};

/// Pages about the instance and its databases.
const PAGES: &[&str] = &[
    "/",
    "/.json",
    "/-/",
    "/-/.json",
    "/?_sort=relationships",
    "/.json?_sort=relationships",
    "/?_trace=1",
    "/?_context=1",
    "/-/versions.json",
    "/-/plugins.json?all=1",
    "/-/settings",
    "/-/config",
    "/-/config.json",
    "/-/databases",
    "/-/databases.json",
    "/-/actor.json",
    "/-/actions.json",
    "/-/threads.json",
    "/-/tasks",
    "/-/jump",
    "/-/jump?q=can",
    "/-/jump?q=veil",
    "/-/jump?q=a&_trace=1",
    "/-/schema",
    "/-/schema.json",
    "/-/schema.md",
    "/-/allowed",
    "/-/rules.json?action=view-table",
    "/-/check.json?action=view-table&parent=open&child=notes",
    "/-/permissions",
    "/-/allow-debug",
    "/-/messages",
    "/-/patterns",
    "/-/api",
    "/-/create-token",
    "/-/debug/autocomplete",
    "/-/debug/autocomplete?database=open&table=notes",
    "/-/debug/autocomplete?database=open",
    "/-/queries",
    "/-/queries.json",
    "/-/queries.json?q=can",
    "/-/queries.json?is_private=1",
    "/-/queries.json?owner_id=insider",
    "/-/queries.json?_size=1",
    "/-/create-token",
    "/-/nothing",
    "/nothing",
    "/own",
    "/files/own.txt",
    "/files/none.txt",
    "/-/static/app.css",
    "/-/static/none.css",
    "/open",
    "/open.json",
    "/open?_show_hidden=1",
    "/open?_context=1",
    "/open?_trace=1",
    "/open.json?_trace=1",
    "/open.csv",
    "/open.db",
    "/open/-/schema",
    "/open/-/schema.json",
    "/open/-/schema.md",
    "/open/-/foreign-key-targets",
    "/open/-/foreign-key-targets?table=notes",
    "/open/notes/-/foreign-key-suggestions",
    "/open/-/queries",
    "/open/-/queries.json?_trace=1",
    "/frozen",
    "/frozen.json",
    "/frozen.db",
    "/frozen/-/schema.json",
    "/frozen/snow",
    "/frozen/snow/1",
    "/_memory",
    "/_memory.json",
    "/_memory?_context=1",
    "/_memory/-/schema.json",
    "/_internal",
    "/_internal.json",
    "/__INTERNAL__",
    "/__INTERNAL__.json",
    "/__INTERNAL__/catalog_tables.json",
    "/_internal/catalog_tables.json",
    "/open/plainquery",
    "/open/plainquery.json?least=1",
    "/open/plainquery.csv?least=0",
    "/open/plainquery?least=1&_context=1",
    "/open/plainquery/-/definition",
    "/open/plainquery.json?_extra=columns,debug,request,query,metadata,extras,database,private,render_cell",
    "/half",
    "/half.json",
    "/half.db",
    "/half/-/schema.json",
    "/half/-/queries.json",
    "/half/-/query",
    "/half/-/query.json?sql=select+*+from+part",
    "/half/part",
    "/half/part?_labels=on&_facet=hidden",
    "/half/part.json?_extra=expandable_columns,facet_results,suggested_facets,metadata&_facet=hidden",
    "/half/part?_context=1",
    "/half/part/1",
    "/half/part/1.json?_extra=foreign_key_tables",
    "/half/part/-/schema",
    "/half/part/-/schema.json",
    "/half/part.csv?_labels=on",
    "/half/partquery",
    "/half/partquery.json?_extra=metadata,debug,query",
    "/half/partquery?_context=1",
    "/half/partquery/-/definition",
    "/half/nothing",
    "/half/nothing/1",
    "/open/-/query",
    "/open/-/query/parameters?sql=select+:a",
    "/open/-/execute-write",
    "/open/-/execute-write?sql=delete+from+notes+where+id+=+:id",
    "/open/-/execute-write/analyze?sql=delete+from+notes+where+id+=+:id",
    "/open/-/queries/store",
    "/open/-/queries/store?sql=select+title+from+notes",
    "/open/-/queries/analyze?sql=select+title+from+notes",
    "/open/plainquery/-/edit",
    "/open/plainquery/-/delete",
];

/// Every extra of tables, and of rows.
const TABLE_EXTRAS: &str = "count,count_truncated,count_sql,facet_results,facets_timed_out,\
suggested_facets,human_description_en,columns,all_columns,primary_keys,column_details,\
display_columns,render_cell,debug,request,query,column_types,set_column_type_ui,metadata,extras,\
database,table,database_color,renderers,custom_table_templates,sorted_facet_results,\
table_definition,view_definition,is_view,private,expandable_columns,form_hidden_args";
const ROW_EXTRAS: &str = "columns,primary_keys,column_details,render_cell,debug,request,query,\
column_types,metadata,extras,database,table,database_color,private,foreign_key_tables";

/// Arguments of tables; what a table lacks is a mistake, and mistakes must tell nothing either.
const ARGUMENTS: &[&str] = &[
    "_labels=on",
    "_label=person",
    "_label=person&_label=kind&_label=boss",
    "_labels=on&_shape=objects",
    "_shape=array",
    "_shape=arrays",
    "_shape=arrayfirst",
    "_shape=object",
    "_shape=array&_nl=on",
    "_facet=person",
    "_facet=person&_facet=kind&_labels=on",
    "_facet=boss&_facet_size=max",
    "_facet_array=tags",
    "_facet_date=day",
    "_facet=nothing",
    "_facet=canarycolumn",
    "_sort=person",
    "_sort_desc=kind",
    "_sort=canarycolumn",
    "_size=2",
    "_size=2&_sort=person",
    "_size=max",
    "_size=2&_next=4",
    "_col=person&_col=kind",
    "_nocol=person",
    "_col=canaryname",
    "_search=note",
    "_search=canary",
    "_search_title=note",
    "_search_canarytext=x",
    "_searchmode=raw&_search=note*",
    "_fts_table=canarydocs_fts&_search=x",
    "_search=dear",
    "person__exact=1",
    "person__gt=1&kind__in=1,2",
    "id__notin=1",
    "nothing=1",
    "canaryname__contains=x",
    "_trace=1",
    "_trace=1&_facet=person&_labels=on",
    "_json=tags",
    "_json_infinity=1",
    "_ttl=5",
    "_timelimit=500",
    "_nofacet=1",
    "_nocount=1",
    "_nosuggest=1",
    "_filter_column=person&_filter_op=exact&_filter_value=1",
    "_extra=nothing",
    "_row=1",
    "_where=id+%3E+3&_trace=1",
];

/// Tables that `_through` goes through, the column and the value.
const THROUGH: &[(&str, &str, &str)] = &[
    ("pairs", "a", "x"),
    ("canarytable", "canarycolumn", "canary value"),
    ("canarytable", "id", "1"),
    ("CANARYTABLE", "id", "1"),
    ("canarypairs", "a", "x"),
    ("nothing", "a", "x"),
    ("canarytable", "nothing", "x"),
    ("veiledpeople", "canaryname", "x"),
];

fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    datasette_core::query_string::encode_form(&mut encoded, text);
    encoded
}

/// What is asked of both sites: it names nothing that is hidden in the path.
pub(crate) fn of_both() -> Vec<String> {
    let mut all: Vec<String> = PAGES.iter().map(|page| (*page).to_owned()).collect();
    for action in [
        "view-instance",
        "view-database",
        "view-table",
        "view-query",
        "execute-sql",
        "insert-row",
    ] {
        all.push(format!("/-/allowed.json?action={action}&_size=max"));
        all.push(format!(
            "/-/allowed.json?action={action}&parent=open&_size=3"
        ));
    }
    for table in SHOWN {
        let path = format!("/open/{table}");
        for suffix in [
            "",
            ".csv",
            ".csv?_stream=on",
            ".csv?_labels=on&_dl=1",
            ".blob",
            "/-/schema",
            "/-/schema.json",
            "/-/schema.md",
            "/-/fragment",
            "/-/fragment?_row=1",
            "/-/fragment?_labels=on&_facet=person",
            "/-/autocomplete?q=n",
            "/-/autocomplete?q=1",
            "/-/definition",
            "?_labels=on&_facet=person&_facet=kind",
            "?_context=1",
            "?_trace=1&_labels=on",
            "?_size=2&_sort=person",
            "?_search=note",
        ] {
            all.push(format!("{path}{suffix}"));
        }
        all.push(format!("{path}.json?_extra={TABLE_EXTRAS}"));
        all.push(format!(
            "{path}.json?_extra={TABLE_EXTRAS}&_labels=on&_facet=person&_facet=kind"
        ));
        all.extend(
            ARGUMENTS
                .iter()
                .map(|arguments| format!("{path}.json?{arguments}")),
        );
        for identifier in ["1", "2", "999", "x,y", "p~2Fq,r~2Cs", "one,two,three"] {
            for suffix in [".json", "", ".csv", ".blob?_blob_column=picture"] {
                all.push(format!("{path}/{identifier}{suffix}"));
            }
            all.push(format!(
                "{path}/{identifier}.json?_extra={ROW_EXTRAS}&_labels=on&_trace=1"
            ));
        }
    }
    all
}

/// What names hidden things themselves: paths of every kind below hidden names, in spellings that
/// might slip through, and near misses.
pub(crate) fn by_name() -> Vec<String> {
    let mut all = Vec::new();
    for name in hidden_names() {
        let plain = tilde::encode(&name);
        for suffix in [
            "",
            ".json",
            ".csv",
            ".csv?_stream=on",
            ".blob?_blob_column=id",
            ".json?_shape=array",
            ".json?_facet=id&_trace=1",
            "?_context=1",
            "/1",
            "/1.json",
            "/999.json",
            "/1.blob?_blob_column=id",
            "/-/schema",
            "/-/schema.json",
            "/-/schema.md",
            "/-/autocomplete?q=c",
            "/-/fragment",
            "/-/definition",
            "/-/count",
        ] {
            all.push(format!("/open/{plain}{suffix}"));
        }
        let percent = format!("%{:02X}{}", plain.as_bytes()[0], &plain[1..]);
        let tilded = format!("~{:02X}{}", plain.as_bytes()[0], &plain[1..]);
        for spelled in [
            plain.to_uppercase(),
            percent,
            tilded,
            format!("{plain}~0A"),
            format!("{plain}~20"),
            format!("{plain}~00"),
            format!("~22{plain}~22"),
            format!("main~2E{plain}"),
            format!("{plain}x"),
            plain[1..].to_owned(),
        ] {
            all.push(format!("/open/{spelled}"));
            all.push(format!("/open/{spelled}.json"));
            all.push(format!("/open/{spelled}/1.json"));
            all.push(format!("/open/{spelled}/-/schema.json"));
        }
        all.push(format!("/-/debug/autocomplete?database=open&table={plain}"));
        all.push(format!(
            "/-/allowed.json?action=view-table&parent=open&child={plain}"
        ));
        all.push(format!("/open.json?sql=select+*+from+{plain}"));
    }
    for database in ["shut", "frost"] {
        let name = format!("{CANARY}{database}");
        for suffix in [
            "",
            ".json",
            ".db",
            ".csv",
            "?sql=select+1",
            "/-/schema",
            "/-/schema.json",
            "/-/queries",
            "/-/queries.json",
            "/-/query",
            "/-/query.json?sql=select+1",
            "/-/query/parameters?sql=select+1",
            "/canarysafe",
            "/canarysafe.json",
            "/canarysafe/1.json",
            "/canarysafe/-/schema.json",
            "/nothing.json",
            "/nothing/1.json",
            "/canaryfrozenquery.json",
            "/canaryfrozenquery/-/definition",
            "/canarysafe/-/count",
        ] {
            all.push(format!("/{name}{suffix}"));
        }
        all.push(format!("/{}.json", name.to_uppercase()));
        all.push(format!("/{name}~0A.json"));
        all.push(format!("/{name}x.json"));
        all.push(format!(
            "/-/debug/autocomplete?database={name}&table=canarysafe"
        ));
        all.push(format!("/-/allowed.json?action=view-table&parent={name}"));
    }
    for table in SHOWN {
        for (through, column, value) in THROUGH {
            let json = format!(r#"{{"table":"{through}","column":"{column}","value":"{value}"}}"#);
            all.push(format!("/open/{table}.json?_through={}", encoded(&json)));
        }
    }
    for table in ["canaryletters_fts", "canarydocs_fts", "nothing"] {
        all.push(format!(
            "/open/letters.json?_fts_table={table}&_search=dear"
        ));
    }
    all.push("/frozen/canaryice.json".to_owned());
    all.push("/frozen/canaryice/1".to_owned());
    all
}

/// Requests in which visitors write SQL.
pub(crate) fn with_sql() -> Vec<String> {
    let mut all = Vec::new();
    for sql in STATEMENTS {
        for (place, format) in [
            ("open", ".json"),
            ("open", ""),
            ("open", ".csv"),
            ("_memory", ".json"),
        ] {
            all.push(format!(
                "/{place}/-/query{format}?sql={}&_trace=1",
                encoded(sql)
            ));
        }
    }
    for database in ["open", "canaryshut", "frozen"] {
        let sql = format!("select * from [{database}].sqlite_master");
        all.push(format!("/_memory/-/query.json?sql={}", encoded(&sql)));
    }
    for condition in CONDITIONS {
        for page in [
            "notes.json",
            "notes",
            "notes.csv",
            "plainview.json",
            "notes/-/fragment",
        ] {
            let condition = encoded(condition);
            all.push(format!(
                "/open/{page}?_where={condition}&_facet=person&_labels=on"
            ));
        }
    }
    all
}
