//! In which order plugins are called.

use super::probe::{bus, now, probe};
use crate::{Bus, HookName, HookSet};

fn order(bus: &Bus, hook: HookName) -> Vec<&str> {
    bus.implementers(hook).map(|plugin| plugin.name()).collect()
}

// Proves: PLUG-67, PLUG-68
#[test]
fn marks_come_first_then_the_latest_registered() {
    let hook = HookName::MenuLinks;
    let bus = bus([
        probe("a", hook),
        probe("b", hook).last(),
        probe("c", hook).first(),
        probe("d", HookName::TopRow),
        probe("e", hook),
        probe("f", hook).last(),
        probe("g", hook).first(),
    ]);
    let expected = ["g", "c", "e", "a", "f", "b"];
    assert_eq!(order(&bus, hook), expected);
    let links = now(bus.menu_links(&bus.context(None, None))).unwrap();
    let labels: Vec<_> = links.iter().map(|link| link.label.as_str()).collect();
    assert_eq!(labels, expected);
}

#[test]
fn a_hook_that_nobody_implements_has_no_list() {
    let bus = bus([probe("a", HookName::MenuLinks)]);
    assert!(bus.implements(HookName::MenuLinks));
    assert!(!bus.implements(HookName::RenderCell));
    assert_eq!(bus.implementers(HookName::RenderCell).count(), 0);
    let answers = now(bus.render_cell(&bus.context(None, None), &crate::CellBatch::default()));
    assert!(answers.unwrap().is_empty());
}

// Proves: PLUG-33, PLUG-37
#[test]
fn listings_are_sorted_and_leave_out_what_is_built_in() {
    let bus = bus([
        probe("b", HookName::MenuLinks),
        probe("B", HookName::TopRow),
        probe("a", HookName::TopRow),
    ]);
    let names: Vec<_> = bus.infos(false).into_iter().map(|info| info.name).collect();
    assert_eq!(names, ["B", "a", "b"]);
    let listed = serde_json::to_string(&bus.infos(true)[2]).unwrap();
    assert_eq!(
        listed,
        r#"{"name":"b","static":false,"templates":false,"version":null,"hooks":["menu_links"]}"#
    );
    let hooks = HookSet::of(&[HookName::TopRow, HookName::AsgiWrapper, HookName::Startup]);
    assert_eq!(hooks.names(), ["asgi_wrapper", "startup", "top_row"]);
}
