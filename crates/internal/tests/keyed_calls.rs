//! Calls under a key of their client.

mod fixture;

use datasette_internal::{CallName, Internal, KeptCall, KeptCalls};
use fixture::{internal, rows};

fn name(actor: &str, key: impl ToString) -> CallName {
    CallName {
        actor: actor.to_owned(),
        key: key.to_string(),
    }
}

fn call(begun_at: i64) -> KeptCall {
    KeptCall {
        request: vec![1, 2],
        body_bytes: Some(3),
        begun_at,
        is_done: false,
        grants: "[]".to_owned(),
        answer: None,
    }
}

async fn answered(internal: &Internal, name: &CallName, at: i64, answer: &[u8]) {
    let begun = internal.begin_call(name, call(at), 0).await;
    assert!(matches!(begun, Ok(true)));
    let ended = internal.end_call(name, "{}".to_owned(), Some(answer.to_vec()));
    assert!(ended.await.is_ok());
}

#[tokio::test]
async fn a_name_is_taken_until_it_is_old() {
    let internal = internal().await;
    let ann = name("ann", "k");
    assert_eq!(internal.keyed_call(&ann).await.unwrap(), None);
    assert!(internal.begin_call(&ann, call(10), 0).await.unwrap());
    assert_eq!(internal.keyed_call(&ann).await.unwrap(), Some(call(10)));
    assert!(!internal.begin_call(&ann, call(20), 10).await.unwrap());
    assert!(
        internal
            .begin_call(&name("bob", "k"), call(20), 10)
            .await
            .unwrap()
    );
    let ended = internal.end_call(&ann, "{}".to_owned(), Some(vec![9]));
    assert!(ended.await.is_ok());
    let done = KeptCall {
        is_done: true,
        grants: "{}".to_owned(),
        answer: Some(vec![9]),
        ..call(10)
    };
    assert_eq!(internal.keyed_call(&ann).await.unwrap(), Some(done));
    assert!(!internal.begin_call(&ann, call(20), 10).await.unwrap());
    let without_body = KeptCall {
        body_bytes: None,
        ..call(20)
    };
    let begun = internal.begin_call(&ann, without_body.clone(), 11).await;
    assert!(begun.unwrap());
    let found = internal.keyed_call(&ann).await.unwrap();
    assert_eq!(found, Some(without_body));
    internal.forget_call(&ann).await.unwrap();
    assert_eq!(internal.keyed_call(&ann).await.unwrap(), None);
}

// Proves: WRITE-160
#[tokio::test]
async fn the_old_and_the_many_go_and_long_answers_are_forgotten() {
    let internal = internal().await;
    for at in 1..=6 {
        answered(&internal, &name("ann", at), at, b"four").await;
    }
    for at in 1..=3 {
        answered(&internal, &name("bob", at), at, b"four").await;
    }
    let kept = KeptCalls {
        since: 2,
        calls: 4,
        bytes: 9,
    };
    while internal.clean_calls(kept).await.unwrap() {}
    let sql = "select actor, key, is_done, length(answer) from keyed_calls order by 1, 2";
    assert_eq!(
        rows(internal.database(), sql).await,
        [
            "ann|3|1|-",
            "ann|4|1|-",
            "ann|5|1|4",
            "ann|6|1|4",
            "bob|2|1|4",
            "bob|3|1|4",
        ]
    );
}

#[tokio::test]
async fn very_many_go_in_parts() {
    let internal = internal().await;
    let many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2500) \
         insert into keyed_calls (actor, key, request, begun_at) select 'ann', i, x'00', i from n";
    fixture::run(internal.database(), many).await;
    let kept = KeptCalls {
        since: 0,
        calls: 100,
        bytes: 0,
    };
    let mut rounds = 1;
    while internal.clean_calls(kept).await.unwrap() {
        rounds += 1;
    }
    assert_eq!(rounds, 3);
    let sql = "select count(*), min(begun_at) from keyed_calls";
    assert_eq!(rows(internal.database(), sql).await, ["100|2401"]);
}
