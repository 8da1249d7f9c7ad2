//! Cells, facets and filters.

use std::sync::Arc;

use datasette_core::Value;
use datasette_hooks::{
    Answer, CellAnswers, CellBatch, CellContent, ColumnType, Context, Data, FacetKind,
    FacetOutcome, FacetRequest, FacetResult, FacetScope, FacetSql, FacetSuggestion, FacetValue,
    FilterArguments, HookError, HookName, HookSet, Plugin, ready,
};
use datasette_testkit::TestSite;
use futures_util::future::BoxFuture;
use serde_json::{Value as Json, json};

use crate::{SQL, hooks, site};

/// Shows names in capitals, and says how many cells it was asked for at once.
struct Capitals;

impl Plugin for Capitals {
    fn name(&self) -> &str {
        "capitals"
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::RenderCell])
    }
    fn render_cell<'a>(
        &'a self,
        _: &'a Context<'a>,
        cells: &'a CellBatch,
    ) -> BoxFuture<'a, Answer<CellAnswers>> {
        let mut answers = CellAnswers::default();
        assert_eq!(cells.database, "data");
        for (row, cells) in cells.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let json = json!(cell);
                match json.as_str() {
                    Some("ann") => answers.put(row, column, CellContent::Html("<b>ANN</b>".into())),
                    Some("bob") => answers.put(row, column, CellContent::Text("<BOB>".into())),
                    Some("cleo") => answers.put(row, column, CellContent::Text(String::new())),
                    _ => {}
                }
            }
        }
        ready(answers)
    }
}

// Proves: HOOK-63, HOOK-70, HOOK-71, HOOK-73, EXTRA-25
#[tokio::test]
async fn cells_show_what_plugins_say() {
    let site = site(Capitals).await;
    let table = site.get("/data/t").await.with_status(200);
    assert!(table.text().contains("<b>ANN</b>"));
    assert!(table.text().contains("&lt;BOB&gt;"));
    assert!(
        table.text().contains(">cleo<"),
        "a blank answer shows the default"
    );
    let row = site.get("/data/t/1").await.with_status(200);
    assert!(row.text().contains("<b>ANN</b>"));
    let query = site
        .get("/data/-/query?sql=select+name+from+t")
        .await
        .with_status(200);
    assert!(query.text().contains("<b>ANN</b>"));
    assert!(
        !query.text().contains(">cleo<"),
        "here a blank answer counts"
    );
    let shown = json!([{"name": "<b>ANN</b>"}, {"name": "<BOB>"}, {}]);
    let json = site.get("/data/t.json?_extra=render_cell").await.json();
    assert_eq!(json["render_cell"], shown);
    let json = site
        .get("/data/-/query.json?sql=select+name+from+t&_extra=render_cell")
        .await;
    assert_eq!(json.json()["render_cell"], shown);
    let json = site.get("/data/t/2.json?_extra=render_cell").await.json();
    assert_eq!(json["render_cell"], json!([{"name": "<BOB>"}]));
}

/// Facets by the length of a text, and by a count of its own.
struct Lengths {
    fails: bool,
}

impl Plugin for Lengths {
    fn name(&self) -> &str {
        "lengths"
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::RegisterFacetClasses])
    }
    fn register_facet_classes(&self) -> Answer<Vec<Arc<dyn FacetKind>>> {
        let fails = self.fails;
        Ok(vec![Arc::new(Length { fails }), Arc::new(Own { fails })])
    }
}

struct Length {
    fails: bool,
}

impl FacetKind for Length {
    fn name(&self) -> &str {
        "length"
    }
    fn results_sql(&self, scope: &FacetScope, request: &FacetRequest) -> Option<FacetSql> {
        let column = if self.fails {
            "nonsense("
        } else {
            &request.column
        };
        Some(FacetSql {
            sql: format!(
                "select length({column}) as value, count(*) as count from ({}) \
                 where length({column}) >= :least group by 1 order by 2 desc, 1",
                scope.sql
            ),
            params: vec![("least".to_owned(), Value::Integer(1))],
        })
    }
    fn suggest_sql(&self, scope: &FacetScope, column: &str) -> Option<FacetSql> {
        assert!(!self.fails, "a kind that breaks");
        Some(FacetSql {
            sql: format!("select max(length(\"{column}\")) > 10 from ({})", scope.sql),
            params: Vec::new(),
        })
    }
}

struct Own {
    fails: bool,
}

impl FacetKind for Own {
    fn name(&self) -> &str {
        "own"
    }
    fn works_alone(&self) -> bool {
        true
    }
    fn results<'a>(
        &'a self,
        context: &'a Context<'a>,
        scope: &'a FacetScope,
    ) -> BoxFuture<'a, Answer<FacetOutcome>> {
        Box::pin(async move {
            if self.fails {
                return Err(HookError::failed("broken"));
            }
            let sql = format!("select count(*) from ({})", scope.sql);
            let params = scope.params.clone();
            let counted = context
                .host()
                .execute(&scope.database, &sql, params)
                .await?;
            let Value::Integer(count) = counted.rows.at(0).get(0).to_value() else {
                return Err(HookError::failed("no number"));
            };
            Ok(FacetOutcome {
                results: vec![FacetResult {
                    name: "name".to_owned(),
                    kind: "own".to_owned(),
                    results: vec![FacetValue {
                        value: Data(Value::from("all")),
                        label: Data(Value::from("All of them")),
                        count: count.unsigned_abs(),
                        toggle_url: "/there".to_owned(),
                        selected: false,
                    }],
                    truncated: false,
                    hideable: true,
                    toggle_url: "/hide".to_owned(),
                }],
                timed_out: vec!["slow".to_owned()],
            })
        })
    }
    fn suggest<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a FacetScope,
    ) -> BoxFuture<'a, Answer<Vec<FacetSuggestion>>> {
        assert!(!self.fails, "a kind that breaks");
        ready(vec![FacetSuggestion {
            name: "proposed".to_owned(),
            toggle_url: "/propose".to_owned(),
            more: [("type".to_owned(), json!("own"))].into_iter().collect(),
        }])
    }
}

// Proves: HOOK-90, HOOK-91, HOOK-92, HOOK-93, HOOK-94
#[tokio::test]
async fn plugins_count_and_propose_facets() {
    let site = site(Lengths { fails: false }).await;
    let path = "/data/t.json?_facet=name&_facet_length=name&n=1&_extra=suggested_facets";
    let json = site.get(path).await.with_status(200).json();
    let facets = &json["facet_results"]["results"];
    // The files of the plugins directory are called before the server's own plugins.
    let keys: Vec<&String> = facets.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["name", "name_2", "name_3"]);
    assert_eq!(facets["name"]["type"], "length");
    assert_eq!(facets["name"]["results"][0]["value"], 3);
    assert_eq!(facets["name"]["results"][0]["count"], 2);
    assert_eq!(facets["name_2"]["type"], "column");
    assert_eq!(facets["name_3"]["results"][0]["label"], "All of them");
    assert_eq!(facets["name_3"]["results"][0]["count"], 2);
    assert_eq!(json["facet_results"]["timed_out"], json!(["slow"]));
    let suggested: Vec<&str> = json["suggested_facets"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|facet| facet["name"].as_str())
        .collect();
    assert!(suggested.contains(&"proposed"), "{suggested:?}");
    assert!(suggested.contains(&"site"), "{suggested:?}");
    let page = site
        .get("/data/t?_facet_length=name")
        .await
        .with_status(200);
    assert!(page.text().contains("All of them"));
}

// Proves: HOOK-90
#[tokio::test]
async fn facets_that_break_are_missing() {
    let site = site(Lengths { fails: true }).await;
    let path = "/data/t.json?_facet=n&_facet_length=name&_extra=suggested_facets";
    let json = site.get(path).await.with_status(200).json();
    let facets = json["facet_results"]["results"].as_object().unwrap();
    assert_eq!(facets.keys().collect::<Vec<_>>(), ["n"]);
    site.get("/data/t?_facet_length=name")
        .await
        .with_status(200);
}

/// Hides rows, with a parameter, a description and a variable.
struct OnlyOne;

impl Plugin for OnlyOne {
    fn name(&self) -> &str {
        "only-one"
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::FiltersFromRequest])
    }
    fn filters_from_request<'a>(
        &'a self,
        context: &'a Context<'a>,
        database: &'a str,
        table: &'a str,
    ) -> BoxFuture<'a, Answer<Option<FilterArguments>>> {
        assert_eq!((database, table), ("data", "t"));
        let arguments = context.request().unwrap().arguments();
        let asked = arguments.get("_only").map(str::to_owned);
        Box::pin(async move {
            let Some(asked) = asked else { return Ok(None) };
            if asked == "fail" {
                return Err(HookError::failed("broken"));
            }
            Ok(Some(FilterArguments {
                where_clauses: vec!["name = :only_name".to_owned()],
                params: vec![("only_name".to_owned(), Data(Value::from(asked.as_str())))],
                human_descriptions: vec![format!("only {asked}")],
                extra_context: [("only_who".to_owned(), json!(asked))]
                    .into_iter()
                    .collect(),
            }))
        })
    }
}

// Proves: HOOK-137, HOOK-138, HOOK-139, HOOK-141
#[tokio::test]
async fn plugins_filter_rows() {
    let site = TestSite::build()
        .database("data", SQL)
        .plugin(Arc::new(OnlyOne))
        .template(
            "table.html",
            "{% extends 'default:table.html' %}{% block content %}who={{ only_who }};{{ super() }}{% endblock %}",
        )
        .start()
        .await;
    let json = site
        .get("/data/t.json?_only=bob&_extra=count,human_description_en,query")
        .await;
    let json = json.with_status(200).json();
    assert_eq!(json["rows"].as_array().unwrap().len(), 1);
    assert_eq!(json["count"], 1);
    assert_eq!(json["query"]["params"]["only_name"], "bob");
    assert!(
        json["human_description_en"]
            .as_str()
            .unwrap()
            .contains("only bob")
    );
    let page = site.get("/data/t?_only=bob").await.with_status(200);
    assert!(page.text().contains("who=bob;"));
    assert!(!page.text().contains(">cleo<"));
    let csv = site.get("/data/t.csv?_only=ann&_col=name").await;
    assert_eq!(csv.text(), "id,name\r\n1,ann\r\n");
    let all = site.get("/data/t.json").await.json();
    assert_eq!(all["rows"].as_array().unwrap().len(), 3);
    // Going on without a filter would show what it hides.
    site.get("/data/t.json?_only=fail").await.with_status(500);
}

/// Texts as lists of their letters.
struct Letters;

impl Plugin for Letters {
    fn name(&self) -> &str {
        "letters"
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::RegisterColumnTypes])
    }
    fn register_column_types(&self, _: &Context<'_>) -> Answer<Vec<Arc<dyn ColumnType>>> {
        Ok(vec![Arc::new(Letters)])
    }
}

impl ColumnType for Letters {
    fn name(&self) -> &str {
        "letters"
    }
    fn description(&self) -> &str {
        "Letters"
    }
    fn transforms(&self) -> bool {
        true
    }
    fn transform_values<'a>(
        &'a self,
        _: &'a Context<'a>,
        config: &'a Json,
        values: &'a [Value],
    ) -> BoxFuture<'a, Answer<Vec<Json>>> {
        if config["fails"] == true {
            panic!("a type that breaks");
        }
        let letters = |value: &Value| match value {
            Value::Text(text) => text.chars().map(|letter| json!(letter)).collect(),
            _ => Json::Null,
        };
        ready(values.iter().map(letters).collect())
    }
}

async fn lettered(config: Json) -> TestSite {
    let given = json!({"name": {"type": "letters", "config": config}, "n": "letters"});
    TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"tables": {"t": {"column_types": given}}}}}))
        .plugin(Arc::new(Letters))
        .start()
        .await
}

#[tokio::test]
async fn column_types_change_values_of_table_json() {
    let site = lettered(json!({})).await;
    let json = site.get("/data/t.json?_size=1").await.json();
    let row = &json["rows"][0];
    assert_eq!(row["name"], json!(["a", "n", "n"]));
    assert_eq!(
        (&row["id"], &row["n"], &row["site"]),
        (&json!(1), &Json::Null, &json!("https://a.example/"))
    );
    let object = site.get("/data/t.json?_shape=object&_col=name").await;
    assert_eq!(object.json()["2"]["name"], json!(["b", "o", "b"]));
    // Neither rows, queries nor CSV are changed.
    let row = site.get("/data/t/1.json").await.json();
    assert_eq!(row["rows"][0]["name"], "ann");
    let csv = site.get("/data/t.csv?_size=1&_col=name").await;
    assert_eq!(csv.text(), "id,name\r\n1,ann\r\n");
    let broken = lettered(json!({"fails": true})).await;
    let json = broken.get("/data/t.json?_size=1").await.json();
    assert_eq!(json["rows"][0]["name"], "ann");
}
