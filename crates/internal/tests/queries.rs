//! Stored queries.

mod fixture;

use datasette_core::{Fault, StoredQuery};
use datasette_internal::mentions;
use fixture::{internal, rows, run};

fn query(database: &str, name: &str) -> StoredQuery {
    StoredQuery {
        database: database.to_owned(),
        name: name.to_owned(),
        sql: "select 1".to_owned(),
        source: "user".to_owned(),
        ..StoredQuery::default()
    }
}

fn full() -> StoredQuery {
    let text = |text: &str| Some(text.to_owned());
    StoredQuery {
        database: "one".to_owned(),
        name: "full".to_owned(),
        sql: "select :x, :y".to_owned(),
        title: text("Title"),
        description: text("d"),
        description_html: text("<b>d</b>"),
        hide_sql: true,
        fragment: text("f"),
        parameters: vec!["y".to_owned(), "x".to_owned()],
        is_write: true,
        is_private: true,
        is_trusted: true,
        source: "plugin".to_owned(),
        owner_id: text("alice"),
        on_success_message: text("sm"),
        on_success_message_sql: text("select 'sm'"),
        on_success_redirect: text("/s"),
        on_error_message: text("é"),
        on_error_redirect: text("/e"),
    }
}

// Proves: INT-31, INT-32
#[tokio::test]
async fn a_query_comes_back_as_it_was_stored() {
    let internal = internal().await;
    internal.save_query(full()).await.unwrap();
    internal.save_query(query("one", "plain")).await.unwrap();
    assert_eq!(
        *internal.query("one", "full").await.unwrap().unwrap(),
        full()
    );
    assert_eq!(
        *internal.query("one", "plain").await.unwrap().unwrap(),
        query("one", "plain")
    );
    assert_eq!(
        rows(
            internal.database(),
            "select options, parameters, is_write, source, owner_id from queries order by name",
        )
        .await,
        [
            r#"{"fragment": "f", "hide_sql": true, "on_error_message": "\u00e9", "on_error_redirect": "/e", "on_success_message": "sm", "on_success_message_sql": "select 'sm'", "on_success_redirect": "/s"}|["y", "x"]|1|plugin|alice"#,
            "{}|[]|0|user|-",
        ]
    );
    assert!(internal.query("one", "FULL").await.unwrap().is_none());
    assert!(internal.query("two", "full").await.unwrap().is_none());
}

// Proves: DEBUG-60
#[tokio::test]
async fn keys_and_lists_have_their_order() {
    let keys = serde_json::to_value(full()).unwrap();
    let keys: Vec<_> = keys.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys.join(" "),
        "database name sql title description description_html hide_sql fragment parameters \
         is_write is_private is_trusted source owner_id on_success_message \
         on_success_message_sql on_success_redirect on_error_message on_error_redirect"
    );
    let internal = internal().await;
    let titled = |name: &str, title: &str| StoredQuery {
        title: Some(title.to_owned()),
        ..query("one", name)
    };
    for stored in [
        query("two", "a"),
        query("one", "m"),
        titled("z", "B"),
        titled("y", "b"),
        titled("c", ""),
        titled("a", "x"),
    ] {
        internal.save_query(stored).await.unwrap();
    }
    let names = |list: Vec<std::sync::Arc<StoredQuery>>| {
        let names: Vec<_> = list.iter().map(|query| query.name.clone()).collect();
        names.join(" ")
    };
    assert_eq!(names(internal.queries("one").await.unwrap()), "y z c m a");
    let all = internal.stored_queries().await.unwrap();
    assert_eq!(names(all.all().cloned().collect()), "y z c m a a");
    assert_eq!(names(internal.queries("none").await.unwrap()), "");
}

// Proves: CONF-71, CONF-72, STORED-03
#[tokio::test]
async fn configured_queries_are_replaced_at_each_start() {
    let internal = internal().await;
    let configured = |name: &str| StoredQuery {
        source: "config".to_owned(),
        is_trusted: true,
        ..query("one", name)
    };
    internal.save_query(query("one", "mine")).await.unwrap();
    internal.save_query(query("one", "taken")).await.unwrap();
    internal
        .store_configured_queries(vec![configured("gone"), configured("taken")])
        .await
        .unwrap();
    internal
        .store_configured_queries(vec![configured("new"), configured("taken")])
        .await
        .unwrap();
    assert_eq!(
        rows(
            internal.database(),
            "select name, source from queries order by name"
        )
        .await,
        ["mine|user", "new|config", "taken|config"]
    );
}

#[tokio::test]
async fn a_taken_name_is_refused() {
    let internal = internal().await;
    internal.add_query(query("one", "q")).await.unwrap();
    let fault = internal.add_query(full_named("q")).await.unwrap_err();
    assert_eq!(
        (fault.status(), fault.message()),
        (409, "Query already exists".to_owned())
    );
    assert_eq!(
        *internal.query("one", "q").await.unwrap().unwrap(),
        query("one", "q")
    );
}

fn full_named(name: &str) -> StoredQuery {
    StoredQuery {
        name: name.to_owned(),
        ..full()
    }
}

#[tokio::test]
async fn an_update_changes_what_it_says_and_nothing_when_refused() {
    let internal = internal().await;
    internal.add_query(full()).await.unwrap();
    run(
        internal.database(),
        "update queries set created_at = '2001-01-01 00:00:00', updated_at = '2001-01-01 00:00:00'",
    )
    .await;
    let updated = internal
        .update_query("one", "full", |query| {
            query.title = None;
            query.name = "other".to_owned();
            Ok(())
        })
        .await
        .unwrap()
        .unwrap();
    let expected = StoredQuery {
        title: None,
        ..full()
    };
    assert_eq!(updated, expected);
    assert_eq!(
        *internal.query("one", "full").await.unwrap().unwrap(),
        expected
    );
    assert_eq!(
        rows(
            internal.database(),
            "select created_at, updated_at > '2020' from queries",
        )
        .await,
        ["2001-01-01 00:00:00|1"]
    );
    let refused = internal
        .update_query("one", "full", |query| {
            query.sql.clear();
            Err(Fault::forbidden("no"))
        })
        .await;
    assert_eq!(refused.unwrap_err().status(), 403);
    assert_eq!(
        *internal.query("one", "full").await.unwrap().unwrap(),
        expected
    );
    let missing = internal
        .update_query("one", "none", |_| Ok(()))
        .await
        .unwrap();
    assert_eq!(missing, None);
}

#[tokio::test]
async fn removing_can_insist_on_a_source() {
    let internal = internal().await;
    internal.add_query(query("one", "q")).await.unwrap();
    assert!(
        !internal
            .remove_query("one", "q", Some("plugin"))
            .await
            .unwrap()
    );
    assert!(internal.query("one", "q").await.unwrap().is_some());
    assert!(
        internal
            .remove_query("one", "q", Some("user"))
            .await
            .unwrap()
    );
    assert!(!internal.remove_query("one", "q", None).await.unwrap());
    assert!(internal.query("one", "q").await.unwrap().is_none());
}

#[tokio::test]
async fn what_others_stored_badly_is_read_as_far_as_it_goes() {
    let internal = internal().await;
    run(
        internal.database(),
        "insert into queries (database_name, name, sql, options, parameters) values \
         ('one', 'a', 'select 1', 'no json', '[1]'), \
         ('one', 'b', 'select 1', '{\"hide_sql\": false, \"fragment\": 5}', '[\"p\"]')",
    )
    .await;
    let a = internal.query("one", "a").await.unwrap().unwrap();
    assert_eq!(*a, query("one", "a"));
    let b = internal.query("one", "b").await.unwrap().unwrap();
    assert!(!b.hide_sql);
    assert_eq!(b.fragment.as_deref(), Some("5"));
    assert_eq!(b.parameters, ["p"]);
}

// Proves: DEBUG-63
#[tokio::test]
async fn searching_compares_as_sqlite_does() {
    let internal = internal().await;
    let texts = [
        "",
        "a",
        "A",
        "abc",
        "aXbXc",
        "é",
        "Éa",
        "a_b",
        "a%b",
        "100 % 7",
        "ab\nab",
        "aaaaaaaaab",
        "日本語",
        "ſ",
        "K",
    ];
    let parts = [
        "", "a", "B", "%", "_", "__", "a_", "_b", "a%b", "A%C", "%%a", "é", "É", "日_語", "_語",
        "a%a%a%ab", "x", "k", "\n", "s", "0 % 7", "%b_", "a\\_b",
    ];
    for text in texts {
        for part in parts {
            let stored = StoredQuery {
                sql: text.to_owned(),
                ..StoredQuery::default()
            };
            let quoted = |text: &str| text.replace('\'', "''");
            let sql = format!(
                "select '{}' like '%' || '{}' || '%'",
                quoted(text),
                quoted(part)
            );
            let expected = rows(internal.database(), &sql).await == ["1"];
            // The blank name of this query is found by whatever finds nothing in particular.
            let blank = part.bytes().all(|byte| byte == b'%');
            assert_eq!(
                mentions(&stored, part),
                expected || blank,
                "{text:?} {part:?}"
            );
        }
    }
    assert!(mentions(&full(), "TITLE"), "the title");
    assert!(mentions(&full(), "fuLL"), "the name");
    assert!(!mentions(&full(), "<b>"), "not what is shown as HTML");
}
