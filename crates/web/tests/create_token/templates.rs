//! The page of a server with very many tables, and templates in its place.

use datasette_core::Actor;
use datasette_testkit::TestSite;
use serde_json::{Value, json};

use crate::{PAGE, boxes, send};

#[tokio::test]
async fn very_many_tables_are_left_to_a_script() {
    let tables: String = (0..300)
        .map(|number| format!("create table t{number} (a);"))
        .collect();
    let site = TestSite::build()
        .database(
            "data",
            &format!("{tables} create table \"</script>&\" (a);"),
        )
        .template("other.html", "")
        .start()
        .await;
    let ann = Actor::with_id("ann");
    let page = site.get_as(&ann, PAGE).await.with_status(200);
    assert!(
        boxes(&page)
            .iter()
            .all(|name| !name.starts_with("resource:"))
    );
    let (_, rest) = page.text().split_once("id=\"token-table-names\">").unwrap();
    let (names, _) = rest.split_once("</script>").unwrap();
    let names: Value = serde_json::from_str(names).unwrap();
    assert_eq!(
        (&names[0][0], &names[0][1]),
        (&json!("data"), &json!("data"))
    );
    assert_eq!(names[0][2].as_array().unwrap().len(), 301);
    assert_eq!(names[0][2][0], "</script>&");
    // A mistake keeps what was ticked.
    let body = "expire_type=x&resource:data:t7:view-table=on";
    let page = send(&site, &ann, body).await.with_status(200);
    let kept = "data-ticked=\"[&#34;resource:data:t7:view-table&#34;]\"";
    assert!(
        page.text().replace("&quot;", "&#34;").contains(kept),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn templates_of_the_owner_get_all_tables() {
    let tables: String = (0..300)
        .map(|number| format!("create table t{number} (a);"))
        .collect();
    let template = "{{ all_actions|length }} {{ database_actions|length }} \
        {{ child_actions|join(',') }} {% for d in database_with_tables %}{{ d.name }}={{ d.encoded }}:\
        {{ d.tables|length }}:{{ d.tables[0].name }}={{ d.tables[0].encoded }}{% endfor %} \
        {{ errors is defined }} {{ token is defined }} {{ token_bits.a if token }} {{ request.actor.id }}";
    let site = TestSite::build()
        .database("da.ta", &format!("{tables} create table \"a b\" (a);"))
        .template("create_token.html", template)
        .start()
        .await;
    let ann = Actor::with_id("ann");
    let shared = "21 18 view-table,insert-row,delete-row,update-row,alter-table,set-column-type,\
                  drop-table,drop-view,view-query,update-query,delete-query da.ta=da~2Eta:301:a b=a+b";
    let page = site.get_as(&ann, PAGE).await.with_status(200);
    assert_eq!(
        without_note(page.text()),
        format!("{shared} False False  ann")
    );
    let made = send(&site, &ann, "").await;
    assert_eq!(
        without_note(made.text()),
        format!("{shared} True True ann ann")
    );
    let mistaken = send(&site, &ann, "expire_type=x").await;
    assert_eq!(
        without_note(mistaken.text()),
        format!("{shared} True False  ann")
    );
}

fn without_note(text: &str) -> &str {
    text.trim_end()
}
