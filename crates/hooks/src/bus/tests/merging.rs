//! How the answers of several plugins become one.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use datasette_core::{Actor, Fault, Value};
use serde_json::json;

use super::probe::{Mood, Probe, bus, now, probe};
use crate::{
    ActionTarget, Body, CellBatch, CellContent, HookName, HttpResponse, PageInfo, TemplateSlot,
    TemplateValue,
};

fn three(hook: HookName) -> [Probe; 3] {
    // Call order: ccc, bb, a.
    [probe("a", hook), probe("bb", hook), probe("ccc", hook)]
}

fn text(response: Option<HttpResponse>) -> String {
    match response.unwrap().body {
        Body::Full(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
        Body::Stream(_) => panic!("not a stream"),
    }
}

// Proves: HOOK-46
#[test]
fn of_one_url_the_first_stays() {
    let bus = bus(three(HookName::ExtraCssUrls));
    let context = bus.context(None, None);
    let urls = now(bus.extra_css_urls(&context, &PageInfo::default())).unwrap();
    let listed: Vec<_> = urls.iter().map(|url| url.url.as_str()).collect();
    assert_eq!(listed, ["/shared.css", "/ccc.css", "/bb.css", "/a.css"]);
    assert_eq!(urls[0].sri.as_deref(), Some("ccc"));
}

// Proves: HOOK-03, HOOK-56
#[test]
fn of_one_variable_the_last_stays() {
    let bus = bus(three(HookName::ExtraTemplateVars));
    let context = bus.context(None, None);
    let variables = now(bus.extra_template_vars(&context, &PageInfo::default())).unwrap();
    assert_eq!(variables.len(), 4);
    assert!(matches!(&variables["who"], TemplateValue::Data(who) if who == "a"));
}

// Proves: HOOK-65
#[test]
fn of_one_cell_the_first_answer_stays() {
    let bus = bus(three(HookName::RenderCell));
    let context = bus.context(None, None);
    let row = || vec![Value::Null.into(); 5];
    let cells = CellBatch {
        rows: vec![row(), row()],
        ..CellBatch::default()
    };
    let answers = now(bus.render_cell(&context, &cells)).unwrap();
    let text = |name: &str| CellContent::Text(name.to_owned());
    let html = |name: &str| CellContent::Html(name.to_owned());
    for row in 0..2 {
        assert_eq!(answers.get(row, 0), Some(&text("ccc")));
        assert_eq!(answers.get(row, 1), Some(&html("a")));
        assert_eq!(answers.get(row, 2), Some(&html("bb")));
        assert_eq!(answers.get(row, 4), None);
    }
}

// Proves: HOOK-130
#[test]
fn the_first_actor_that_is_not_empty_counts_and_all_are_asked() {
    let hook = HookName::ActorFromRequest;
    let [a, bb, ccc] = three(hook);
    let calls = Arc::clone(&a.calls);
    let bus = bus([a, bb, ccc.mood(Mood::SaysNothing)]);
    let context = bus.context(None, None);
    let actor = now(bus.actor_from_request(&context)).unwrap();
    assert_eq!(actor, Some(Actor::with_id("bb")));
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

// Proves: PLUG-69, HOOK-136
#[test]
fn the_first_who_knows_actors_says() {
    let hook = HookName::ActorsFromIds;
    let [a, bb, ccc] = three(hook);
    let unasked = Arc::clone(&a.calls);
    let asked = bus([a, bb, ccc.mood(Mood::SaysNothing)]);
    let ids = [json!(1), json!("x")];
    let actors = now(asked.actors_from_ids(&asked.context(None, None), &ids)).unwrap();
    assert_eq!(actors[0], (json!(1), Some(Actor::with_id("bb"))));
    assert_eq!(unasked.load(Ordering::Relaxed), 0);
    let nobody = bus([]);
    let actors = now(nobody.actors_from_ids(&nobody.context(None, None), &ids)).unwrap();
    assert_eq!(actors[0].1.as_ref().unwrap().properties()["id"], json!(1));
    assert_eq!(actors[1].1.as_ref().unwrap().id(), Some("x"));
}

// Proves: HOOK-139
#[test]
fn filters_add_up_and_a_later_parameter_wins() {
    let bus = bus(three(HookName::FiltersFromRequest));
    let context = bus.context(None, None);
    let filters = now(bus.filters_from_request(&context, "data", "t")).unwrap();
    assert_eq!(filters.where_clauses, ["ccc = :p", "bb = :p", "a = :p"]);
    assert_eq!(filters.human_descriptions, ["ccc", "bb", "a"]);
    assert_eq!(filters.params.len(), 1);
    assert_eq!(filters.params[0].1.0, Value::from("a"));
}

// Proves: HOOK-163
#[test]
fn the_first_refusal_page_is_sent() {
    let hook = HookName::Forbidden;
    let [a, bb, ccc] = three(hook);
    let unasked = Arc::clone(&a.calls);
    let bus = bus([a, bb, ccc.mood(Mood::SaysNothing)]);
    let page = now(bus.forbidden(&bus.context(None, None), "no")).unwrap();
    assert_eq!(text(page), "bb");
    assert_eq!(unasked.load(Ordering::Relaxed), 0);
}

// Proves: HOOK-167, HOOK-168
#[test]
fn everybody_hears_of_a_failure_and_the_first_answer_is_sent() {
    let probes = three(HookName::HandleException);
    let heard: Vec<_> = probes
        .iter()
        .map(|probe| Arc::clone(&probe.calls))
        .collect();
    let bus = bus(probes);
    let fault = Fault::not_found("gone");
    let page = now(bus.handle_exception(&bus.context(None, None), &fault)).unwrap();
    assert_eq!(text(page), "ccc");
    assert!(heard.iter().all(|calls| calls.load(Ordering::Relaxed) == 1));
}

// Proves: HOOK-193
#[test]
fn slots_are_joined_in_call_order() {
    let [a, bb, ccc] = three(HookName::TopTable);
    let bus = bus([a, bb.mood(Mood::SaysNothing), ccc]);
    let slot = TemplateSlot::Table {
        database: "data".to_owned(),
        table: "t".to_owned(),
    };
    let context = bus.context(None, None);
    assert_eq!(now(bus.top(&context, &slot)).unwrap(), "<b>ccc</b><b>a</b>");
    assert_eq!(now(bus.top(&context, &TemplateSlot::Homepage)).unwrap(), "");
}

#[test]
fn a_view_has_actions_of_its_own() {
    let bus = bus(three(HookName::ViewActions));
    let context = bus.context(None, None);
    let view = ActionTarget::View {
        database: "data".to_owned(),
        view: "v".to_owned(),
    };
    assert_eq!(now(bus.actions(&context, &view)).unwrap().len(), 3);
    let table = ActionTarget::Table {
        database: "data".to_owned(),
        table: "v".to_owned(),
    };
    assert!(now(bus.actions(&context, &table)).unwrap().is_empty());
}

// Proves: HOOK-03
#[test]
fn of_one_extension_or_prefix_the_last_stays() {
    let renderers = bus(three(HookName::RegisterOutputRenderer));
    let context = renderers.context(None, None);
    let registered = renderers.register_output_renderer(&context).unwrap();
    assert_eq!(registered.len(), 1);
    let rows = datasette_core::RowBatch::new();
    let input = crate::RendererInput {
        scope: crate::RenderScope {
            database: "data",
            table: None,
            query_name: None,
            sql: None,
            view_name: "table",
            rows: &rows,
        },
        labels: Vec::new(),
        truncated: false,
        error: None,
        arguments: &[],
        data: json!({}),
    };
    let response = now(registered["txt"].render(&context, &input)).unwrap();
    assert_eq!(text(response), "a");
    let magic = bus(three(HookName::RegisterMagicParameters));
    let context = magic.context(None, None);
    let registered = magic.register_magic_parameters(&context).unwrap();
    let value = now(registered["now"].resolver.value(&context, "epoch")).unwrap();
    assert_eq!(value, Value::from("a epoch"));
}

#[test]
fn routes_are_tried_in_call_order() {
    let bus = bus(three(HookName::RegisterRoutes));
    let routes = bus.register_routes(&bus.context(None, None)).unwrap();
    let patterns: Vec<_> = routes
        .iter()
        .map(|route| route.value.pattern.as_str())
        .collect();
    assert_eq!(patterns, ["^/ccc$", "^/bb$", "^/a$"]);
    assert_eq!(routes[0].plugin, "ccc");
}

// Proves: HOOK-97, HOOK-103
#[test]
fn two_definitions_of_one_name_stop_the_start() {
    let [a, bb, _] = three(HookName::RegisterActions);
    let two = bus([a, bb]);
    let fault = two.register_actions(&two.context(None, None)).unwrap_err();
    assert_eq!(fault.message(), "Duplicate action name: export");
    let hook = HookName::RegisterActions;
    let same = bus([probe("a", hook), probe("a", hook)]);
    assert_eq!(
        same.register_actions(&same.context(None, None))
            .unwrap()
            .len(),
        1
    );
    let [a, bb, _] = three(HookName::RegisterColumnTypes);
    let types = bus([a, bb]);
    let fault = types.register_column_types(&types.context(None, None));
    assert_eq!(
        fault.err().unwrap().message(),
        "Duplicate column type name: url"
    );
}

// Proves: HOOK-36
#[test]
fn the_last_template_overlay_wins() {
    let bus = bus(three(HookName::Jinja2EnvironmentFromRequest));
    let overlay = bus
        .jinja2_environment_from_request(&bus.context(None, None))
        .unwrap();
    assert_eq!(overlay.unwrap().loader.names(), ["a"]);
}

#[test]
fn rules_without_a_source_come_from_their_plugin() {
    let bus = bus(three(HookName::PermissionResourcesSql));
    let context = bus.context(None, None);
    let answer = now(bus.permission_resources_sql(&context, "view-table", true)).unwrap();
    let sources: Vec<_> = answer
        .rules
        .iter()
        .map(|rule| rule.source.as_str())
        .collect();
    assert_eq!(sources, ["ccc", "bb", "a"]);
    assert!(bus.has_added_permissions());
}
