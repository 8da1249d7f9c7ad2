//! Paths and what they name.

use super::*;

fn table(database: &str, table: &str, format: Option<&str>) -> Route {
    Route::Table {
        database: database.to_owned(),
        table: table.to_owned(),
        format: format.map(str::to_owned),
    }
}

fn row(database: &str, table: &str, identifier: &str, format: Option<&str>) -> Route {
    Route::Row {
        database: database.to_owned(),
        table: table.to_owned(),
        identifier: identifier.to_owned(),
        format: format.map(str::to_owned),
    }
}

// Proves: ROUTE-01, ROUTE-02, ROUTE-03, ROUTE-05
#[test]
fn fixed_paths() {
    assert_eq!(
        Route::parse("/"),
        Route::Index {
            json: false,
            built_in: false
        }
    );
    assert_eq!(
        Route::parse("/-/.json"),
        Route::Index {
            json: true,
            built_in: true
        }
    );
    assert_eq!(
        Route::parse("/-"),
        Route::Moved {
            to: "-/".to_owned()
        }
    );
    assert_eq!(
        Route::parse("/:memory:/x.json"),
        Route::Moved {
            to: "_memory/x.json".to_owned()
        }
    );
    assert_eq!(Route::parse("/favicon.ico"), Route::Favicon);
}

// Proves: ROUTE-13, ROUTE-14, ROUTE-15, ROUTE-16, ROUTE-28
#[test]
fn database_paths() {
    let database = |format: Option<&str>| Route::Database {
        database: "data".to_owned(),
        format: format.map(str::to_owned),
    };
    assert_eq!(Route::parse("/data"), database(None));
    assert_eq!(Route::parse("/data.json"), database(Some("json")));
    assert_eq!(
        Route::parse("/data.db"),
        Route::Download {
            database: "data".to_owned()
        }
    );
    assert_eq!(
        Route::parse("/my~2Edots"),
        Route::Database {
            database: "my.dots".to_owned(),
            format: None
        }
    );
    assert_eq!(
        Route::parse("/data/-/query.csv"),
        Route::Query {
            database: "data".to_owned(),
            format: Some("csv".to_owned())
        }
    );
    assert_eq!(
        Route::parse("/data/-/query/parameters"),
        Route::QueryParameters {
            database: "data".to_owned()
        }
    );
    assert_eq!(Route::parse("/my.dots/t"), Route::Unknown);
}

// Proves: ROUTE-18, ROUTE-20
#[test]
fn table_and_row_paths() {
    assert_eq!(Route::parse("/data/t"), table("data", "t", None));
    assert_eq!(
        Route::parse("/data/a~2Fb.json"),
        table("data", "a/b", Some("json"))
    );
    assert_eq!(Route::parse("/data/t/1"), row("data", "t", "1", None));
    assert_eq!(
        Route::parse("/data/t/1.5.json"),
        row("data", "t", "1.5", Some("json"))
    );
    assert_eq!(
        Route::parse("/data/t/a~2Cb,c.blob"),
        row("data", "t", "a~2Cb,c", Some("blob"))
    );
    assert_eq!(Route::parse("/data/t/"), Route::Unknown);
    assert_eq!(Route::parse("/data/t/1/2"), Route::Unknown);
}

// Proves: ROUTE-12, ROUTE-21
#[test]
fn tools_without_a_suffix() {
    let (database, table) = ("my.data".to_owned(), "a/b".to_owned());
    assert_eq!(
        Route::parse("/my~2Edata/a~2Fb/-/fragment"),
        Route::Fragment {
            database: database.clone(),
            table: table.clone()
        }
    );
    assert_eq!(
        Route::parse("/my~2Edata/a~2Fb/-/autocomplete"),
        Route::Autocomplete { database, table }
    );
    assert_eq!(
        Route::parse("/-/debug/autocomplete"),
        Route::DebugAutocomplete
    );
    for path in ["/data/t/-/fragment.json", "/data/t/-/autocomplete.json"] {
        assert_eq!(Route::parse(path), Route::Unknown, "{path}");
    }
}

// Proves: ROUTE-09, ROUTE-17
#[test]
fn stored_queries() {
    let list = |database: Option<&str>, json| Route::Queries {
        database: database.map(str::to_owned),
        json,
    };
    assert_eq!(Route::parse("/-/queries"), list(None, false));
    assert_eq!(Route::parse("/-/queries.json"), list(None, true));
    assert_eq!(Route::parse("/a~2Fb/-/queries"), list(Some("a/b"), false));
    assert_eq!(
        Route::parse("/data/-/queries.json"),
        list(Some("data"), true)
    );
    assert_eq!(
        Route::parse("/data/-/queries.csv"),
        row("data", "-", "queries", Some("csv"))
    );
    assert_eq!(
        Route::parse("/data/a~2Fb/-/definition"),
        Route::Definition {
            database: "data".to_owned(),
            query: "a/b".to_owned()
        }
    );
    assert_eq!(Route::parse("/data/q/-/definition.json"), Route::Unknown);
}

// Proves: ROUTE-06, ROUTE-08, ROUTE-10, ROUTE-22
#[test]
fn tools() {
    assert_eq!(
        Route::parse("/-/versions.json"),
        Route::About {
            page: About::Versions,
            json: true
        }
    );
    assert_eq!(Route::parse("/-/jump"), Route::Jump);
    assert_eq!(
        Route::parse("/data/t/-/schema.md"),
        Route::Schema {
            database: Some("data".to_owned()),
            table: Some("t".to_owned()),
            format: SchemaFormat::Markdown
        }
    );
    assert_eq!(
        Route::parse("/data/t/-/count"),
        Route::Count {
            database: "data".to_owned(),
            table: "t".to_owned()
        }
    );
    assert_eq!(
        Route::parse("/data/-/nothing"),
        row("data", "-", "nothing", None)
    );
}

// Proves: WRITE-132, WRITE-152, STORED-40, STORED-52, STORED-56, STORED-57, STORED-67
#[test]
fn pages_where_sql_is_written() {
    let of = |page| Route::Write {
        database: "d".to_owned(),
        page,
    };
    let cases = [
        ("/d/-/execute-write", WritePage::Execute),
        ("/d/-/execute-write/analyze", WritePage::Analyze),
        ("/d/-/queries/store", WritePage::Store),
        ("/d/-/queries/analyze", WritePage::AnalyzeQuery),
        ("/d/a~2Fb/-/edit", WritePage::EditQuery("a/b".to_owned())),
        ("/d/q/-/update", WritePage::UpdateQuery("q".to_owned())),
        ("/d/q/-/delete", WritePage::DeleteQuery("q".to_owned())),
    ];
    for (path, page) in cases {
        assert_eq!(Route::parse(path), of(page), "{path}");
    }
    // A table may be called `-`.
    let schema = Route::parse("/d/-/-/schema");
    assert!(matches!(schema, Route::Schema { table: Some(table), .. } if table == "-"));
    assert_eq!(Route::parse("/d/-/execute-write/x"), Route::Unknown);
    assert_eq!(Route::parse("/d.x/-/execute-write/analyze"), Route::Unknown);
}
