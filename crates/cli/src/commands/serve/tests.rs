//! What plugins have to say about the start.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use datasette_hooks::{
    Answer, BackgroundTask, BackgroundWork, Context, HookError, HookName, HookSet, Plugin,
    TaskState,
};
use futures_util::future::BoxFuture;

use super::*;
use crate::args::{self, Request};

/// Registers a task at the start, or refuses to start.
#[derive(Clone, Default)]
struct Starter {
    refusal: Option<&'static str>,
    tasks: Arc<Mutex<Vec<Arc<dyn BackgroundTask>>>>,
}

impl Plugin for Starter {
    fn name(&self) -> &str {
        "starter"
    }
    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::Startup])
    }
    fn startup<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            if let Some(words) = self.refusal {
                return Err(HookError::Startup(words.to_owned()));
            }
            let work = BackgroundWork::new("starter.work", |_| async { Ok(()) });
            let task = context.host().add_background_task(work)?;
            self.tasks.lock().unwrap().push(task);
            Ok(())
        })
    }
}

fn arguments(words: &[&str]) -> Box<ServeArguments> {
    let words = words.iter().map(Into::into).collect();
    match args::read(words).unwrap() {
        Request::Serve(arguments) => arguments,
        _ => panic!("not serve"),
    }
}

// Proves: CLI-121, HOOK-08, DIF-02
#[tokio::test]
async fn a_plugin_that_refuses_to_start_ends_the_program_before_there_is_a_socket() {
    let plugin = Starter {
        refusal: Some("boom from plugin"),
        ..Starter::default()
    };
    // Binding this port would be another failure, with another exit code.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let served = arguments(&["--memory", "-p", &port]);
    let serving = serve_until_told(&served, None, vec![Arc::new(plugin.clone())]);
    let failure = serving.await.err().unwrap();
    let expected = (1, "Error: boom from plugin".to_owned());
    assert_eq!((failure.code(), failure.text()), expected);
    let asked = arguments(&["--memory", "--get", "/"]);
    let failure = answer_one(&asked, "/", vec![Arc::new(plugin)])
        .await
        .unwrap_err();
    assert_eq!((failure.code(), failure.text()), expected);
}

// Proves: CLI-110
#[tokio::test]
async fn one_request_launches_no_tasks() {
    let plugin = Starter::default();
    let arguments = arguments(&["--memory", "--get", "/-/versions.json"]);
    let ending = answer_one(
        &arguments,
        "/-/versions.json",
        vec![Arc::new(plugin.clone())],
    );
    assert_eq!(ending.await.unwrap(), Ending::Code(0));
    let tasks = plugin.tasks.lock().unwrap();
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].state(), TaskState::Registered);
    assert_eq!(tasks[0].started_at(), None);
}
