//! Who may use the page, and what it lists for them.

use datasette_core::Actor;
use datasette_testkit::TestSite;
use serde_json::json;

use crate::{PAGE, SQL, actor, boxes, send, token, with_token};

// Proves: TOK-26, TOK-27
#[tokio::test]
async fn the_first_reason_against_a_token_is_told() {
    let site = TestSite::with(SQL).await;
    let no_id = "You must be logged in as an actor with an ID to create a token";
    let no_more = "Token authentication cannot be used to create additional tokens";
    let restricted = "Restricted actors cannot create API tokens";
    for (who, reason) in [
        (json!({"name": "x"}), no_id),
        (json!({"id": "", "token": "t", "_r": {}}), no_id),
        (json!({"id": null}), no_id),
        (json!({"id": 0}), no_id),
        (json!({"id": "ann", "token": "t", "_r": {}}), no_more),
        (json!({"id": "ann", "_r": {"a": ["vi"]}}), restricted),
        (json!({"id": "ann", "_r": {}}), restricted),
        (json!({"id": "ann", "_r": null}), restricted),
    ] {
        let who = actor(who);
        for answer in [
            site.get_as(&who, PAGE).await,
            send(&site, &who, "expire_type=").await,
        ] {
            let answer = answer.with_status(403);
            assert!(answer.text().contains(reason), "{who:?}");
            assert!(!answer.text().contains("dstok_"));
        }
    }
    let nobody = site.get(PAGE).await.with_status(403);
    assert!(
        nobody
            .text()
            .contains("You must be logged in to create a token")
    );
    let made = send(&site, &Actor::with_id("ann"), "")
        .await
        .with_status(200);
    let again = with_token(&site, PAGE, &token(&made))
        .await
        .with_status(403);
    assert!(again.text().contains(no_more));
    for fine in [json!({"id": 5}), json!({"id": "ann", "token": ""})] {
        site.get_as(&actor(fine), PAGE).await.with_status(200);
    }
    let off = TestSite::build()
        .setting("allow_signed_tokens", "off")
        .start()
        .await;
    let refused = off.get(PAGE).await.with_status(403);
    let reason = "Signed tokens are not enabled for this Datasette instance";
    assert!(refused.text().contains(reason));
}

// Proves: TOK-28, TOK-34
#[tokio::test]
async fn only_what_may_be_viewed_is_listed_and_nothing_else_is_asked_for() {
    let ann = Actor::with_id("ann");
    let site = TestSite::build()
        .database("zoo", SQL)
        .database("data", SQL)
        .database("closed", SQL)
        .memory()
        .config(json!({"databases": {
            "closed": {"allow": {"id": "root"}},
            "data": {"tables": {"sealed": {"allow": {"id": "root"}}}},
        }}))
        .start()
        .await;
    let page = site.get_as(&ann, PAGE).await.with_status(200);
    for hidden in ["closed", "_memory", "resource:data:sealed:"] {
        assert!(!page.text().contains(hidden), "{hidden}");
    }
    let found = boxes(&page);
    let all = found.iter().filter(|name| name.starts_with("all:"));
    assert_eq!(all.count(), 21);
    assert_eq!(found[0], "all:view-instance");
    assert!(found.contains(&"database:zoo:create-table".to_owned()));
    assert!(!found.contains(&"database:zoo:view-instance".to_owned()));
    let of_table: Vec<&String> = found
        .iter()
        .filter(|name| name.starts_with("resource:data:a+b~3Ac~2Fd:"))
        .collect();
    assert_eq!(of_table.len(), 11, "{of_table:?}");
    assert!(of_table.iter().all(|name| !name.ends_with(":create-table")));
    let place = |name: &str| found.iter().position(|known| known == name).unwrap();
    assert!(place("resource:data:v:view-table") < place("resource:zoo:t:view-table"));
    assert!(place("resource:zoo:sealed:view-table") < place("resource:zoo:t:view-table"));

    // Nobody may view anything, and who is signed in gets a token all the same.
    let denied = TestSite::build()
        .database("data", SQL)
        .default_deny()
        .start()
        .await;
    let page = denied.get_as(&ann, PAGE).await.with_status(200);
    assert!(boxes(&page).iter().all(|name| name.starts_with("all:")));
    let made = send(&denied, &ann, "all:view-table=on")
        .await
        .with_status(200);
    let who = with_token(&denied, "/-/actor.json", &token(&made)).await;
    assert_eq!(
        who.with_status(200).json()["actor"]["_r"],
        json!({"a": ["vt"]})
    );
}
