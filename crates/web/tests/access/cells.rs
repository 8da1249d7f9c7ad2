//! One cell of the matrix per way to read something: the request and the permissions it takes.

/// A permission that a request needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    pub(crate) action: &'static str,
    pub(crate) parent: Option<&'static str>,
    pub(crate) child: Option<&'static str>,
}

/// A request, what it takes, and the status for those who have it.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) kind: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) needs: Vec<Need>,
    pub(crate) status: u16,
    /// What the JSON of a list must agree about with the model.
    pub(crate) list: Option<List>,
}

/// Lists that show what the visitor may view.
#[derive(Clone, Copy, Debug)]
pub(crate) enum List {
    Index,
    Database(&'static str),
    Databases,
    Jump,
    InstanceSchema,
    DatabaseSchema(&'static str),
    Allowed(&'static str),
    Queries(Option<&'static str>),
    Suggestions,
    TokenBoxes,
}

const INSTANCE: Need = Need {
    action: "view-instance",
    parent: None,
    child: None,
};

const DEBUG: Need = Need {
    action: "permissions-debug",
    parent: None,
    child: None,
};

fn on(action: &'static str, parent: &'static str) -> Need {
    Need {
        action,
        parent: Some(parent),
        child: None,
    }
}

fn table(parent: &'static str, child: &'static str) -> Need {
    Need {
        action: "view-table",
        parent: Some(parent),
        child: Some(child),
    }
}

fn query(parent: &'static str, child: &'static str) -> Need {
    Need {
        action: "view-query",
        parent: Some(parent),
        child: Some(child),
    }
}

struct Cells(Vec<Cell>);

impl Cells {
    fn add(&mut self, kind: &'static str, path: impl Into<String>, needs: &[Need]) -> &mut Cell {
        self.0.push(Cell {
            kind,
            method: "GET",
            path: path.into(),
            needs: needs.to_vec(),
            status: 200,
            list: None,
        });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    fn list(&mut self, kind: &'static str, path: impl Into<String>, needs: &[Need], list: List) {
        self.add(kind, path, needs).list = Some(list);
    }

    fn instance(&mut self) {
        for path in ["/", "/-/", "/-/.json"] {
            self.add("index", path, &[INSTANCE]);
        }
        self.list("index", "/.json", &[INSTANCE], List::Index);
        self.add("favicon", "/favicon.ico", &[]);
        self.add("static", "/-/static/app.css", &[]);
        self.add("mounted", "/files/own.txt", &[]);
        self.add("moved", "/:memory:", &[]).status = 301;
        for page in ["versions", "plugins", "settings", "config"] {
            self.add(page, format!("/-/{page}"), &[INSTANCE]);
            self.add(page, format!("/-/{page}.json"), &[INSTANCE]);
        }
        self.add("databases", "/-/databases", &[INSTANCE]);
        self.list(
            "databases",
            "/-/databases.json",
            &[INSTANCE],
            List::Databases,
        );
        self.add("actor", "/-/actor", &[]);
        self.add("actor", "/-/actor.json", &[]);
        for page in ["actions", "threads", "tasks"] {
            self.add(page, format!("/-/{page}"), &[DEBUG]);
            self.add(page, format!("/-/{page}.json"), &[DEBUG]);
        }
        self.add("metrics", "/-/metrics", &[DEBUG]);
        self.list("jump", "/-/jump", &[], List::Jump);
        self.add("auth-token", "/-/auth-token?token=none", &[])
            .status = 403;
        self.add("unknown", "/-/nothing/at/all/here", &[]).status = 404;
    }

    fn tools(&mut self) {
        self.add("allowed", "/-/allowed", &[INSTANCE]);
        for action in ["view-database", "view-table", "view-query", "execute-sql"] {
            let path = format!("/-/allowed.json?_size=max&action={action}");
            self.list("allowed.json", path, &[INSTANCE], List::Allowed(action));
        }
        self.add("rules", "/-/rules", &[INSTANCE, DEBUG]);
        self.add(
            "rules.json",
            "/-/rules.json?action=view-table",
            &[INSTANCE, DEBUG],
        );
        self.add("check", "/-/check", &[DEBUG]);
        self.add(
            "check.json",
            "/-/check.json?action=view-table&parent=one&child=secret",
            &[DEBUG],
        );
        self.add("permissions", "/-/permissions", &[INSTANCE, DEBUG]);
        self.add("allow-debug", "/-/allow-debug", &[]);
        for (kind, path) in [
            ("messages", "/-/messages"),
            ("patterns", "/-/patterns"),
            ("api", "/-/api"),
        ] {
            self.add(kind, path, &[INSTANCE]);
        }
        let kind = "debug autocomplete";
        let path = "/-/debug/autocomplete";
        self.list(kind, path, &[INSTANCE], List::Suggestions);
        let path = "/-/debug/autocomplete?database=one&table=secret";
        self.add(kind, path, &[INSTANCE, table("one", "secret")]);
    }

    fn schemas(&mut self) {
        self.add("instance schema", "/-/schema", &[]);
        self.list(
            "instance schema.json",
            "/-/schema.json",
            &[],
            List::InstanceSchema,
        );
        self.add("instance schema.md", "/-/schema.md", &[]);
        for (kind, suffix) in [("database schema", ""), ("database schema.md", ".md")] {
            self.add(
                kind,
                format!("/one/-/schema{suffix}"),
                &[on("view-database", "one")],
            );
        }
        let path = "/one/-/schema.json";
        let list = List::DatabaseSchema("one");
        self.list(
            "database schema.json",
            path,
            &[on("view-database", "one")],
            list,
        );
        for (kind, suffix) in [
            ("table schema", ""),
            ("table schema.json", ".json"),
            ("table schema.md", ".md"),
        ] {
            let path = format!("/one/secret/-/schema{suffix}");
            self.add(kind, path, &[table("one", "secret")]);
        }
    }

    fn databases(&mut self) {
        self.add("database", "/one", &[on("view-database", "one")]);
        for name in ["one", "two"] {
            let path = format!("/{name}.json");
            self.list(
                "database",
                path,
                &[on("view-database", name)],
                List::Database(name),
            );
        }
        let path = "/one?sql=select+1";
        self.add("database", path, &[on("view-database", "one")])
            .status = 302;
        self.add(
            "download",
            "/two.db",
            &[on("view-database-download", "two")],
        );
        // Refused in other words, since it may change while it is read (DB-20).
        self.add(
            "download",
            "/one.db",
            &[on("view-database-download", "one")],
        )
        .status = 403;
        self.list(
            "instance queries",
            "/-/queries.json",
            &[],
            List::Queries(None),
        );
        self.add("instance queries", "/-/queries", &[]);
        let of_one = List::Queries(Some("one"));
        self.list("database queries", "/one/-/queries.json", &[], of_one);
        self.add("database queries", "/one/-/queries", &[]);
    }

    fn statements(&mut self) {
        let sql = [on("execute-sql", "one")];
        for path in ["/one/-/query", "/one/-/query?sql=select+1"] {
            self.add("query", path, &sql);
        }
        for suffix in ["json", "csv", "blob"] {
            let path = format!("/one/-/query.{suffix}?sql=select+1+as+a&_blob_column=a");
            self.add("query", path, &sql);
        }
        self.add(
            "query",
            "/two/-/query.json?sql=select+1",
            &[on("execute-sql", "two")],
        );
        let path = "/one/-/query/parameters?sql=select+:a";
        self.add("query parameters", path, &sql);
        for suffix in ["", ".json", ".csv", ".blob?_blob_column=a"] {
            let path = format!("/one/secret_q{suffix}");
            self.add("table", path, &[query("one", "secret_q")]);
            let path = format!("/one/asking_q{suffix}");
            let needs = [query("one", "asking_q"), on("execute-sql", "one")];
            self.add("table", path, &needs);
        }
        self.add("table", "/one/q.json", &[query("one", "q")]);
        self.add("table", "/one/own_q.json", &[query("one", "own_q")]);
        self.add("table", "/one/written_q", &[query("one", "written_q")]);
        for name in ["secret_q", "own_q"] {
            let path = format!("/one/{name}/-/definition");
            self.add("definition", path, &[query("one", name)]);
        }
    }

    fn tables(&mut self) {
        let tables = [
            ("one", "t"),
            ("one", "secret"),
            ("one", "v"),
            ("one", "secret_fts"),
            ("one", "secret_words"),
            ("one", "secret_fts_data"),
            ("one", "own_fts_content"),
            ("one", "sqlite_stat1"),
            ("two", "secret"),
        ];
        for (database, name) in tables {
            let path = format!("/{database}/{name}.json");
            self.add("table", path, &[table(database, name)]);
        }
        let secret = [table("one", "secret")];
        for path in [
            "/one/secret",
            "/one/secret.json?_shape=array",
            "/one/secret.json?_extra=count,facet_results,suggested_facets&_facet=name",
            "/one/secret.csv",
            "/one/secret.csv?_stream=on",
            "/one/secret.csv?_dl=1",
            "/one/secret.blob?_blob_column=name",
            "/one/secret?_nofacet=1&_nocount=1",
            "/one/secret.json?id__exact=1&_sort=name",
        ] {
            self.add("table", path, &secret);
        }
        let through = "/one/t.json?_through=%7B%22table%22:%22links%22,%22column%22:%22kind%22,%22value%22:%22a%22%7D";
        self.add(
            "table",
            through,
            &[table("one", "t"), table("one", "links")],
        );
        let path = "/one/secret.json?_search=xq7kept";
        let needs = [table("one", "secret"), table("one", "secret_fts")];
        self.add("table", path, &needs);
        let path = "/one/t.json?_where=id+%3E+0";
        let needs = [table("one", "t"), on("execute-sql", "one")];
        self.add("table", path, &needs);
        self.add(
            "table",
            "/one/secret?_filter_column=id&_filter_op=exact&_filter_value=1",
            &secret,
        )
        .status = 302;
        for suffix in ["", ".json", ".csv", ".blob?_blob_column=name"] {
            self.add("row", format!("/one/secret/1{suffix}"), &secret);
        }
        self.add("row", "/one/secret/999.json", &secret).status = 404;
        self.add("row", "/one/t/1.json", &[table("one", "t")]);
        self.add("autocomplete", "/one/secret/-/autocomplete?q=x", &secret);
        self.add("fragment", "/one/secret/-/fragment", &secret);
        self.add("count", "/one/secret/-/count", &secret).method = "POST";
    }

    /// Calls that write, without a body: who may learns that it is missing.
    fn changes(&mut self) {
        let need = |action| Need {
            action,
            parent: Some("one"),
            child: Some("secret"),
        };
        let (insert, update) = (need("insert-row"), need("update-row"));
        for (kind, path, needs) in [
            ("insert", "/one/secret/-/insert", vec![insert]),
            ("upsert", "/one/secret/-/upsert", vec![insert, update]),
            ("update", "/one/secret/1/-/update", vec![update]),
            (
                "create table",
                "/one/-/create",
                vec![on("create-table", "one")],
            ),
            (
                "alter table",
                "/one/secret/-/alter",
                vec![need("alter-table")],
            ),
            (
                "set column type",
                "/one/secret/-/set-column-type",
                vec![need("set-column-type")],
            ),
        ] {
            let cell = self.add(kind, path, &needs);
            (cell.method, cell.status) = ("POST", 400);
        }
        // Nobody has confirmed it.
        let path = "/one/secret/-/drop";
        let asked = self.add("drop table", path, &[need("drop-table")]);
        asked.method = "POST";
        self.add(
            "foreign key targets",
            "/one/-/foreign-key-targets",
            &[on("create-table", "one")],
        );
        self.add(
            "foreign key suggestions",
            "/one/secret/-/foreign-key-suggestions",
            &[need("alter-table")],
        );
        let gone = self.add("update", "/one/secret/9/-/update", &[update]);
        (gone.method, gone.status) = ("POST", 404);
        let gone = self.add("delete", "/one/secret/9/-/delete", &[need("delete-row")]);
        (gone.method, gone.status) = ("POST", 404);
    }
}

impl Cells {
    /// Pages and calls where SQL is written to be run or kept; calls come without a body.
    fn written(&mut self) {
        let run = [on("execute-write-sql", "one")];
        let keep = [on("execute-sql", "one"), on("store-query", "one")];
        let sql = "sql=delete+from+secret+where+name+=+:name";
        let (kind, path) = ("execute-write", "/one/-/execute-write");
        self.add(kind, path, &run);
        self.add(kind, format!("{path}?{sql}"), &run);
        let call = self.add(kind, path, &run);
        (call.method, call.status) = ("POST", 400);
        self.add(
            "execute-write analyze",
            format!("{path}/analyze?{sql}"),
            &run,
        );
        let (kind, path) = ("store query", "/one/-/queries/store");
        self.add(kind, path, &keep);
        self.add(kind, format!("{path}?sql=select+*+from+secret"), &keep);
        let call = self.add(kind, path, &keep);
        (call.method, call.status) = ("POST", 400);
        let path = "/one/-/queries/analyze?sql=select+*+from+secret";
        self.add("analyze query", path, &keep);
        let may = |action| Need {
            action,
            ..query("one", "asking_q")
        };
        let (update, delete) = ([may("update-query")], [may("delete-query")]);
        self.add("edit query", "/one/asking_q/-/edit", &update);
        self.add("delete query", "/one/asking_q/-/delete", &delete);
        let call = self.add("update query", "/one/asking_q/-/update", &update);
        (call.method, call.status) = ("POST", 400);
        // Nobody changes what the operator vouches for.
        for (kind, path) in [
            ("edit query", "/one/secret_q/-/edit"),
            ("delete query", "/one/secret_q/-/delete"),
        ] {
            self.add(kind, path, &[]).status = 403;
        }
    }
}

/// Every cell.
pub(crate) fn all() -> Vec<Cell> {
    let mut cells = Cells(Vec::new());
    cells.instance();
    cells.tools();
    cells.schemas();
    cells.databases();
    cells.changes();
    cells.written();
    cells.statements();
    cells.tables();
    cells.add("logout", "/-/logout", &[]);
    cells.list("create-token", "/-/create-token", &[], List::TokenBoxes);
    cells.0
}
