//! Stable ids, classes and elements (CSS rows of the specification): which of them are present.

use scraper::ElementRef;
use serde_json::Value;

use super::all;

/// Classes that custom styles, plugins and tests may rely on. The fields of the rows table
/// (`col-x`, `type-x`) are facts of their own.
const CLASSES: [&str; 110] = [
    "above-table-panel",
    "action-menu-button",
    "actions-menu-links",
    "actor",
    "advanced-export",
    "anim-scale-in",
    "blob-download",
    "bullets",
    "button-as-link",
    "choose-columns-mobile",
    "column-actions-mobile",
    "column-descriptions",
    "content",
    "core",
    "count-all",
    "count-error",
    "cross",
    "crumbs",
    "db-table",
    "details-menu",
    "download-sqlite",
    "dropdown-actions",
    "dropdown-column-description",
    "dropdown-column-type",
    "dropdown-description",
    "dropdown-menu",
    "dropdown-menu-icon",
    "export-links",
    "extra-wheres",
    "facet-count",
    "facet-info",
    "facet-info-name",
    "facet-info-total",
    "facet-results",
    "facet-truncated",
    "facets-timed-out",
    "filter-actions-row",
    "filter-controls-row",
    "filter-op",
    "filter-row",
    "filter-row-add",
    "filter-row-icon",
    "filter-row-remove",
    "filter-value",
    "filters",
    "ft",
    "hd",
    "hook",
    "icon-text",
    "keyboard-shortcut",
    "message-error",
    "message-info",
    "message-warning",
    "metadata-description",
    "mobile-column-actions-dialog",
    "modal-body",
    "modal-btn",
    "modal-btn-danger",
    "modal-btn-ghost",
    "modal-btn-primary",
    "modal-footer",
    "modal-header",
    "modal-meta",
    "modal-title",
    "nav-menu",
    "nav-menu-inner",
    "nav-menu-logout",
    "not-footer",
    "not-underlined",
    "page-action-menu",
    "page-header",
    "pagination",
    "permission-form-result",
    "permissions-debug-tabs",
    "query-list-description",
    "query-list-facet",
    "query-list-facet-count",
    "query-list-facet-link",
    "query-list-facet-link-active",
    "query-list-facets",
    "query-list-filters",
    "query-list-flags",
    "query-list-owner",
    "query-list-page",
    "query-list-pagination",
    "query-list-pill",
    "query-list-results",
    "query-list-search",
    "query-list-title",
    "results-table",
    "row-inline-action",
    "row-inline-action-delete",
    "row-inline-action-edit",
    "row-inline-action-icon",
    "row-inline-actions",
    "row-link-with-actions",
    "row-mutation-status",
    "row-mutation-status-error",
    "rows-and-columns",
    "save-query",
    "search-row",
    "select-wrapper",
    "show-hide-sql",
    "small-screen-only",
    "sort_by_desc",
    "sql",
    "sql-editor",
    "sql-parameter-row",
    "sql-parameters-section",
    "stored-query-edit-sql",
];
/// The rest of the classes, from `suggested-facets` on.
const MORE_CLASSES: [&str; 12] = [
    "suggested-facets",
    "table-count",
    "table-insert-row",
    "table-row-toolbar",
    "table-summary",
    "table-summary-description",
    "table-wrapper",
    "tight-bullets",
    "truncated",
    "underlined",
    "wrapped-sql",
    "zero-results",
];
/// Ids, apart from numbered and named ones.
const IDS: [&str; 15] = [
    "_search",
    "export",
    "queries",
    "row-delete-dialog",
    "row-edit-dialog",
    "set-column-type-dialog",
    "sort_by",
    "sql-editor",
    "sql-format",
    "sql-parameters-section",
    "sql-query",
    "table-alter-dialog",
    "table-create-dialog",
    "tables",
    "views",
];
/// Custom elements.
const ELEMENTS: [&str; 4] = [
    "column-chooser",
    "datasette-autocomplete",
    "datasette-modal",
    "navigation-search",
];

/// Whether a class belongs to the contract.
pub(super) fn is_stable(class: &str) -> bool {
    CLASSES.contains(&class) || MORE_CLASSES.contains(&class)
}

/// The stable classes (`.x`) and ids (`#x`) of a page, sorted.
pub(super) fn present(root: ElementRef<'_>) -> Value {
    let mut names: Vec<String> = Vec::new();
    for element in all(root, "[class], [id]") {
        let classes = element.value().classes().filter(|class| is_stable(class));
        names.extend(classes.map(|class| format!(".{class}")));
        let id = element.value().id().filter(|id| IDS.contains(id));
        names.extend(id.map(|id| format!("#{id}")));
    }
    names.sort();
    names.dedup();
    names.into_iter().map(Value::from).collect()
}

/// The custom elements of a page with their attributes.
pub(super) fn elements(root: ElementRef<'_>) -> Value {
    let custom = all(root, "*")
        .into_iter()
        .filter(|found| ELEMENTS.contains(&found.value().name()));
    custom
        .map(|found| Value::from(super::text::start_tag(found)))
        .collect()
}
