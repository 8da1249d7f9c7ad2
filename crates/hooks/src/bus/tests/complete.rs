//! The hooks of the contract, of the enum and of the trait are the same ones.

use std::collections::BTreeSet;

use crate::{Drawer, HookName, HookSet};

const CONTRACT: &str = include_str!("../../../../../docs/spec/plugins.md");
const TRAIT: &str = include_str!("../../plugin.rs");

/// Name and kind of each row of the table in section 2.0.
fn documented() -> Vec<(String, String)> {
    let section = CONTRACT.split("### 2.0 Overview").nth(1).unwrap();
    let section = section.split("### 2.1").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let name = row.split('(').next().unwrap().to_owned();
        let kind = row.split(" | ").nth(1).unwrap().to_owned();
        (name, kind)
    })
    .collect()
}

// Proves: HOOK-01, HOOK-02
#[test]
fn every_documented_hook_has_a_name_here() {
    let documented: Vec<_> = documented().into_iter().map(|(name, _)| name).collect();
    let named: Vec<_> = HookName::ALL.iter().map(|hook| hook.name()).collect();
    assert_eq!(documented, named);
    assert_eq!(named.len(), 43);
    assert!(HookName::ALL.len() <= u64::BITS as usize);
    for removed in [
        "canned_queries",
        "skip_csrf",
        "top_canned_query",
        "get_metadata",
    ] {
        assert_eq!(HookName::from_name(removed), None);
    }
    for hook in HookName::ALL {
        assert_eq!(HookName::from_name(hook.name()), Some(*hook));
        assert!(HookSet::of(&[*hook]).contains(*hook));
    }
}

// Proves: HOOK-01, PLUG-76
#[test]
fn every_hook_is_a_method_and_waits_only_where_it_may() {
    let mut methods = BTreeSet::new();
    let mut waiting = BTreeSet::new();
    for method in TRAIT.split("\n    fn ").skip(1) {
        let name: String = method
            .chars()
            .take_while(|character| character.is_alphanumeric() || *character == '_')
            .collect();
        let head = method.split('{').next().unwrap();
        if head.contains("BoxFuture") {
            waiting.insert(name.clone());
        }
        methods.insert(name);
    }
    for (name, kind) in documented() {
        assert!(methods.contains(&name), "{name}");
        assert_eq!(
            waiting.contains(&name),
            // An implementation must not wait, but another process has to be waited for.
            kind == "A" || name == "prepare_connection",
            "{name}"
        );
    }
}

#[test]
fn every_drawer_is_used() {
    for drawer in [Drawer::Answer, Drawer::Register, Drawer::Handle] {
        assert!(HookName::ALL.iter().any(|hook| hook.drawer() == drawer));
    }
}
