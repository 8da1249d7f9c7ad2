//! A native plugin: one link in every menu and a greeting on the home page.

use std::sync::Arc;

use datasette_core::Actor;
use datasette_hooks::{
    Answer, Bus, Context, HookName, HookSet, MenuItem, Plugin, TemplateSlot, ready,
};
use futures_util::future::BoxFuture;

struct Greeting;

impl Plugin for Greeting {
    fn name(&self) -> &str {
        "greeting"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::MenuLinks, HookName::TopHomepage])
    }

    fn menu_links<'a>(&'a self, _: &'a Context<'a>) -> BoxFuture<'a, Answer<Vec<MenuItem>>> {
        ready(vec![MenuItem::new("/-/hello", "Say hello")])
    }

    fn top_homepage<'a>(
        &'a self,
        context: &'a Context<'a>,
        _: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        ready(context.actor().map(|_| "<p>Welcome back</p>".to_owned()))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), datasette_core::Fault> {
    let bus = Bus::new(vec![Arc::new(Greeting)]);
    let ann = Actor::with_id("ann");
    let context = bus.context(Some(&ann), None);
    assert_eq!(bus.menu_links(&context).await?.len(), 1);
    let html = bus.top(&context, &TemplateSlot::Homepage).await?;
    assert_eq!(html, "<p>Welcome back</p>");
    Ok(())
}
