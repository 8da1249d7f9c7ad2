//! What plugins hear of, and what they add.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::Method;
use datasette_core::Actor;
use datasette_hooks::{
    Answer, AssetUrl, Context, Event, HookName, HookSet, PageInfo, Plugin, PluginAction, Priority,
    TokenHandler, TokenRequest, ready,
};
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use crate::{NOW, PAGE, SQL, actor, boxes, clock, payload, send};

/// Notes events; has an action, a handler that comes first, and a style for the page.
#[derive(Clone, Default)]
struct Witness {
    events: Arc<Mutex<Vec<Event>>>,
    views: Arc<Mutex<Vec<Option<String>>>>,
}

impl Plugin for Witness {
    fn name(&self) -> &str {
        "witness"
    }
    fn implements(&self) -> HookSet {
        HookSet::of(&[
            HookName::TrackEvent,
            HookName::RegisterActions,
            HookName::RegisterTokenHandler,
            HookName::ExtraCssUrls,
        ])
    }
    fn priority(&self, _: HookName) -> Priority {
        Priority::First
    }
    fn track_event<'a>(
        &'a self,
        _: &'a Context<'a>,
        event: &'a Event,
    ) -> BoxFuture<'a, Answer<()>> {
        self.events.lock().unwrap().push(event.clone());
        ready(())
    }
    fn register_actions(&self, _: &Context<'_>) -> Answer<Vec<PluginAction>> {
        Ok(vec![PluginAction {
            name: "feed-birds".to_owned(),
            abbreviation: Some("fb".to_owned()),
            description: None,
            takes_parent: true,
            takes_child: false,
            resource_class: Some("DatabaseResource".to_owned()),
            case_insensitive_child: false,
            also_requires: None,
        }])
    }
    fn register_token_handler(&self, _: &Context<'_>) -> Answer<Vec<Arc<dyn TokenHandler>>> {
        Ok(vec![Arc::new(Other)])
    }
    fn extra_css_urls<'a>(
        &'a self,
        _: &'a Context<'a>,
        page: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<Vec<AssetUrl>>> {
        self.views.lock().unwrap().push(page.view_name.clone());
        ready(Vec::new())
    }
}

struct Other;

impl TokenHandler for Other {
    fn name(&self) -> &str {
        "other"
    }
    fn create_token<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a TokenRequest,
    ) -> BoxFuture<'a, Answer<String>> {
        ready("other_1".to_owned())
    }
    fn verify_token<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a str,
    ) -> BoxFuture<'a, Answer<Option<Actor>>> {
        ready(None)
    }
}

// Proves: TOK-35, EVT-06, HOOK-198, TOK-32
#[tokio::test]
async fn plugins_hear_of_a_token_and_their_actions_are_among_those_to_tick() {
    let witness = Witness::default();
    let site = TestSite::build()
        .database("data", SQL)
        .plugin(Arc::new(witness.clone()))
        .clock(clock())
        .start()
        .await;
    let ann = actor(json!({"id": "ann", "name": "Ann"}));
    let page = site.get_as(&ann, PAGE).await.with_status(200);
    let found = boxes(&page);
    assert!(found.contains(&"all:feed-birds".to_owned()));
    assert!(found.contains(&"database:data:feed-birds".to_owned()));
    assert!(!found.contains(&"resource:data:t:feed-birds".to_owned()));
    assert_eq!(
        *witness.views.lock().unwrap(),
        [Some("create_token".to_owned())]
    );
    send(&site, &ann, "expire_type=days").await.with_status(200);
    site.get_as(&actor(json!({"id": "ann", "_r": {}})), PAGE)
        .await
        .with_status(403);
    assert!(witness.events.lock().unwrap().is_empty());

    let body = "expire_type=minutes&expire_duration=3&all:feed-birds=on&all:fly=on\
                &database:data:insert-row=on&resource:data:t:vt=on&resource:data:t:update-row=on";
    let made = send(&site, &ann, body).await.with_status(200);
    assert_eq!(
        payload(&site, &made)["_r"],
        json!({"a": ["fb", "fly"], "d": {"data": ["ir"]}, "r": {"data": {"t": ["vt", "ur"]}}})
    );
    send(&site, &ann, "").await.with_status(200);
    let events = witness.events.lock().unwrap();
    let expected = [
        json!({
            "expires_after": 180,
            "restrict_all": ["feed-birds", "fly"],
            "restrict_database": {"data": ["insert-row"]},
            "restrict_resource": {"data": {"t": ["vt", "update-row"]}},
        }),
        json!({
            "expires_after": null,
            "restrict_all": [],
            "restrict_database": {},
            "restrict_resource": {},
        }),
    ];
    assert_eq!(events.len(), 2);
    for (event, properties) in events.iter().zip(expected) {
        assert_eq!(event.name, "create-token");
        assert_eq!(event.actor.as_ref(), Some(&ann));
        assert_eq!(event.created, Duration::from_secs(NOW));
        assert_eq!(
            Value::from(event.properties.clone()).to_string(),
            properties.to_string()
        );
    }
}

// Proves: TOK-37
#[tokio::test]
async fn other_sites_cannot_send_the_form() {
    let witness = Witness::default();
    let site = TestSite::build()
        .plugin(Arc::new(witness.clone()))
        .start()
        .await;
    let cookie = format!("ds_actor={}", site.cookie(&Actor::with_id("ann")));
    let ask = |name: &str, value: &str| {
        let mut question = Question::get(PAGE)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", &cookie)
            .header(name, value);
        question.method = Method::POST;
        question.body = "expire_type=".into();
        site.ask(question)
    };
    ask("sec-fetch-site", "cross-site").await.with_status(403);
    ask("origin", "https://other.example")
        .await
        .with_status(403);
    assert!(witness.events.lock().unwrap().is_empty());
    ask("sec-fetch-site", "same-origin").await.with_status(200);
    assert_eq!(witness.events.lock().unwrap().len(), 1);
}
