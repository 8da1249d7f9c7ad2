//! What one plugin's failure costs the others.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use datasette_core::Fault;

use super::probe::{Mood, Probe, bus, now, probe};
use crate::{Bus, Event, HookError, HookName, PageInfo};

fn with_bad(hook: HookName, mood: Mood) -> Bus {
    bus([
        probe("a", hook),
        probe("bad", hook).mood(mood),
        probe("c", hook),
    ])
}

#[test]
fn a_failure_costs_its_contribution_and_not_the_page() {
    for mood in [Mood::Fails, Mood::Panics, Mood::PanicsAtOnce] {
        let bus = with_bad(HookName::MenuLinks, mood);
        let links = now(bus.menu_links(&bus.context(None, None))).unwrap();
        let labels: Vec<_> = links.iter().map(|link| link.label.as_str()).collect();
        assert_eq!(labels, ["c", "a"], "{mood:?}");
        let bus = with_bad(HookName::ExtraTemplateVars, mood);
        let page = PageInfo::default();
        let variables = now(bus.extra_template_vars(&bus.context(None, None), &page)).unwrap();
        assert_eq!(variables.len(), 3, "{mood:?}");
    }
}

// Proves: PLUG-71, HOOK-142, HOOK-195
#[test]
fn where_going_on_would_be_wrong_a_failure_is_the_callers() {
    for mood in [Mood::Fails, Mood::Panics, Mood::PanicsAtOnce] {
        let bus = with_bad(HookName::FiltersFromRequest, mood);
        let context = bus.context(None, None);
        let fault = now(bus.filters_from_request(&context, "data", "t")).unwrap_err();
        assert_eq!(fault.status(), 500);
        assert_eq!(fault.message(), "Internal server error");
        assert!(
            fault.cause().unwrap().to_string().contains("bad"),
            "{mood:?}"
        );
        let bus = with_bad(HookName::PermissionResourcesSql, mood);
        let context = bus.context(None, None);
        let asked = now(bus.permission_resources_sql(&context, "view-table", true));
        assert!(asked.is_err(), "{mood:?}");
        let bus = with_bad(HookName::TrackEvent, mood);
        let context = bus.context(None, None);
        let event = Event::new("login", None, Duration::ZERO);
        assert!(now(bus.track_event(&context, &event)).is_err(), "{mood:?}");
    }
    let bus = with_bad(HookName::WriteWrapper, Mood::Panics);
    assert!(
        bus.write_wrapper(&bus.context(None, None), "data", true)
            .is_err()
    );
    let bus = with_bad(HookName::WriteWrapper, Mood::SaysNothing);
    let wrappers = bus
        .write_wrapper(&bus.context(None, None), "data", true)
        .unwrap();
    assert_eq!(wrappers.len(), 2);
}

#[test]
fn a_refusal_on_purpose_is_heard_everywhere() {
    let bus = with_bad(HookName::MenuLinks, Mood::Refuses);
    let fault = now(bus.menu_links(&bus.context(None, None))).unwrap_err();
    assert_eq!(fault.status(), 404);
    assert_eq!(fault.message(), "nothing here");
}

#[test]
fn a_start_that_fails_stops_at_once() {
    let hook = HookName::Startup;
    let later = probe("later", hook);
    let calls = Arc::clone(&later.calls);
    let bus = bus([later, probe("bad", hook).mood(Mood::Fails)]);
    assert!(now(bus.startup(&bus.context(None, None))).is_err());
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    let words = HookError::Startup("no database".to_owned()).into_fault("p", "startup");
    assert_eq!(words.message(), "no database");
}

// Proves: HOOK-13
#[test]
fn a_stop_that_fails_goes_on() {
    let hook = HookName::Shutdown;
    for mood in [Mood::Fails, Mood::Refuses, Mood::Panics, Mood::PanicsAtOnce] {
        let later = probe("later", hook);
        let calls = Arc::clone(&later.calls);
        let bus = bus([later, probe("bad", hook).mood(mood)]);
        now(bus.shutdown(&bus.context(None, None)));
        assert_eq!(calls.load(Ordering::Relaxed), 1, "{mood:?}");
    }
}

#[test]
fn the_services_of_a_server_that_is_not_there_are_refused() {
    let bus = bus(None::<Probe>);
    let context = bus.context(None, None);
    let asked = now(context.host().execute("data", "select 1", Vec::new()));
    assert_eq!(asked.unwrap_err().status(), 503);
    let fault = HookError::from(Fault::internal("secret")).into_fault("p", "startup");
    assert_eq!(fault.message(), "Internal server error");
}
