//! Hooks of earlier releases: what opens a gate has to be said.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::probe::now;
use crate::{Answer, Bus, Context, EarlierHooks, HookError, HookSet, Plugin, ready};

struct Old(fn() -> Answer<bool>);

impl Plugin for Old {
    fn name(&self) -> &str {
        "old"
    }

    fn implements(&self) -> HookSet {
        HookSet::EMPTY
    }

    fn earlier(&self) -> Option<&dyn EarlierHooks> {
        Some(self)
    }
}

impl EarlierHooks for Old {
    fn skip_csrf<'a>(&'a self, _context: &'a Context<'a>) -> BoxFuture<'a, Answer<bool>> {
        let said = (self.0)();
        Box::pin(async { said })
    }

    fn canned_queries<'a>(&'a self, _context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        ready(())
    }
}

fn says(answers: &[fn() -> Answer<bool>]) -> bool {
    let plugins = answers.iter().map(|one| Arc::new(Old(*one)) as _).collect();
    let bus = Bus::new(plugins);
    now(bus.skip_csrf(&bus.context(None, None)))
}

#[test]
fn a_request_of_another_site_passes_where_one_plugin_says_so() {
    assert!(!says(&[]));
    assert!(!says(&[|| Ok(false), || Ok(false)]));
    assert!(says(&[|| Ok(false), || Ok(true)]));
}

#[test]
fn a_plugin_that_fails_lets_nothing_pass() {
    assert!(!says(&[|| Err(HookError::failed("broken"))]));
    assert!(!says(&[|| panic!("broken")]));
    assert!(says(&[|| Err(HookError::failed("broken")), || Ok(true)]));
}
