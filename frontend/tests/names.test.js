// Names that styles and scripts of users rely on: where classes, ids and attributes stand on the
// pages. Each selector holds for the original, too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openSite, PHONE, WIDE } from "./site.js";

const PEN = `
  create table bird (id integer primary key, name text not null);
  insert into bird values (1, 'Wren'), (2, 'Rook');
  create table many (n integer);
  insert into many with recursive c(n) as (select 1 union all select n + 1 from c where n < 10001) select n from c;
`;
const ROOT = { id: "root" };
let site;
before(async () => {
  site = await openSite({ pen: PEN }, ["--root"]);
});
after(() => site?.close());

/** All of the selectors that match nothing. */
async function absent(page, selectors) {
  const found = await Promise.all(selectors.map((selector) => page.locator(selector).count()));
  return selectors.filter((_, at) => found[at] === 0);
}

async function shows(path, selectors, options = WIDE, actor = null) {
  const page = await site.visit(path, options, actor);
  assert.deepEqual(await absent(page, selectors), [], path);
  return page;
}

const FULL =
  "/birds/sighting?_search=plover&how_many__gt=3&_sort_desc=how_many&_where=id>3&_where=id<999" +
  "&_facet=species&_facet=habitat_id&_facet_array=tags&_facet_size=2&_size=2";

test("database page", async () => {
  const page = await shows("/birds", [
    "h2#queries + ul.bullets > li > a[title]",
    "h2#tables > a",
    ".db-table > h3 > a",
    ".db-table > p > em",
    "h2#views + ul.bullets > li > a",
  ]);
  await page.context().close();
});

// Proves: CSS-08, HTML-28, HTML-39, HTML-42, HTML-45
test("filter form", async () => {
  const page = await shows(FULL, [
    'form.core.filters[method=get][action="/birds/sighting"]',
    "form.filters > .search-row > label[for=_search] + input#_search[type=search][name=_search]",
    "form.filters > .filter-row.filter-controls-row > .select-wrapper > select[name=_filter_column_1]",
    ".filter-controls-row > .select-wrapper.filter-op > select[name=_filter_op_1]",
    ".filter-controls-row > input.filter-value[type=text][name=_filter_value_1]",
    ".filter-controls-row > .select-wrapper > select[name=_filter_column]",
    ".filter-controls-row > .select-wrapper.filter-op > select[name=_filter_op]",
    ".filter-controls-row > input.filter-value[name=_filter_value]",
    "form.filters > .filter-row.filter-actions-row > .select-wrapper > select#sort_by[name=_sort]",
    ".filter-actions-row > label.sort_by_desc > input[type=checkbox][name=_sort_by_desc]",
    ".filter-actions-row > input[type=hidden][name=_facet]",
    ".filter-actions-row > input[type=submit]",
    ".filter-controls-row > button.filter-row-icon.filter-row-remove[type=button]",
  ]);
  assert.equal(await page.locator("form.filters .search-row input").count(), 1);
  await page.context().close();
  const added = await shows("/birds/sighting?species=Nuthatch&_col=species", []);
  await added.locator("select[name=_filter_column]").selectOption("species");
  await added.locator("button.filter-row-icon.filter-row-add:visible").first().waitFor();
  const options = (name) => added.locator(`select[name=${name}] option`).allInnerTexts();
  assert.deepEqual((await options("_filter_column")).slice(1), [
    "id", "species", "habitat_id", "observer_id", "seen_on", "how_many", "wing_length_mm", "tags", "note", "photo",
  ]);
  assert.deepEqual(await options("_sort"), ["Sort...", "Sort by id", "Sort by species"]);
  await added.context().close();
  const keyless = await shows("/birds/diary", []);
  assert.deepEqual(await keyless.locator("select[name=_filter_column] option").allInnerTexts(), ["- column -", "rowid", "entry"]);
  assert.equal(await keyless.locator(".search-row").count(), 0);
  await keyless.context().close();
});

// Proves: CSS-09, HTML-26, HTML-29, HTML-30, HTML-31, HTML-35, HTML-37
test("table page, around the rows", async () => {
  const page = await shows(FULL, [
    "h3.table-summary > span.table-summary-description",
    ".extra-wheres > h3",
    ".extra-wheres > ul > li > code",
    ".extra-wheres li > a",
    "p.export-links > a[href*='/birds/sighting.json']",
    "p.export-links > a[href*='/birds/sighting.csv'][href*='_size=max']",
    "p.export-links > a[href='#export']",
    "a.not-underlined[title][href^='/birds?sql='] > span.underlined",
    "div#export.advanced-export > h3",
    "div#export > p > a[href*='_shape=object']",
    "div#export > form.core[method=get][action='/birds/sighting.csv']",
    "pre.wrapped-sql",
  ]);
  assert.match(await page.locator(".extra-wheres").innerText(), /^2 extra where clauses\s+id>3 \[remove\]\s+id<999 \[remove\]$/);
  assert.match(await page.locator("h3.table-summary").innerText(), /^\d+ rows? where /);
  assert.match(await page.locator("p.export-links").first().innerText(), /^This data as json, CSV \(advanced\)$/);
  for (const link of await page.locator("p.export-links a:not([href='#export'])").all()) {
    assert.match(await link.getAttribute("href"), /_labels=on/);
  }
  assert.match(await page.locator("pre.wrapped-sql").innerText(), /^CREATE TABLE sighting /i);
  await page.locator(".extra-wheres li a").first().click();
  await page.waitForURL((url) => url.searchParams.getAll("_where").join() === "id<999");
  await page.context().close();

  const capped = await shows("/birds/ledger", [
    "h3.table-summary > span.table-count",
    "h3.table-summary > button.count-all[data-count-url='/birds/ledger/-/count']",
    "h3.table-summary > span.count-error[role=alert]",
  ]);
  await capped.context().close();
  const empty = await shows("/birds/nothing_yet", ["table.rows-and-columns > thead th.col-name", "p.zero-results"]);
  assert.deepEqual(await absent(empty, ["h3.table-summary", "#export", "a[href='#export']"]), ["h3.table-summary", "#export", "a[href='#export']"]);
  await empty.context().close();
  const view = await shows("/birds/sightings_per_species", ["pre.wrapped-sql", "#export"]);
  assert.match(await view.locator("pre.wrapped-sql").innerText(), /^CREATE VIEW sightings_per_species/i);
  assert.equal(await view.locator("#export a[href*='_shape=object']").count(), 0);
  await view.context().close();
});

// Proves: CSS-10, HTML-32, HTML-73
test("facets", async () => {
  const page = await shows(FULL, [
    "p.suggested-facets > a[href*='#facet-']",
    ".facet-results > div.facet-info.facet-birds-sighting-species#facet-species[data-column=species]",
    ".facet-info > p.facet-info-name > strong",
    "p.facet-info-name span.facet-info-total",
    "p.facet-info-name > a.cross",
    ".facet-info > ul.tight-bullets > li > a[data-facet-value]",
    "ul.tight-bullets > li > span.facet-count",
    "ul.tight-bullets > li.facet-truncated:last-child > a[href*='_facet_size=max']",
  ]);
  await page.context().close();
  const all = await site.visit("/birds/sighting?_facet=species&species=Nuthatch&_facet_size=max");
  assert.deepEqual(await absent(all, [".facet-truncated a", "li > span.facet-count + a.cross"]), [".facet-truncated a"]);
  await all.context().close();
  const hasty = await openSite({}, ["--setting", "facet_time_limit_ms", "100", "--setting", "facet_suggest_time_limit_ms", "50"]);
  try {
    const slow = await hasty.visit("/birds/endless?_facet=i");
    assert.equal(await slow.locator("p.facets-timed-out").innerText(), "These facets timed out: i");
  } finally {
    await hasty.close();
  }
});

// Proves: CSS-11, HTML-48, HTML-49, HTML-50, HTML-53
test("rows", async () => {
  const page = await shows("/birds/sighting?_size=12", [
    "div.above-table-panel",
    "div.table-wrapper > table.rows-and-columns > thead > tr > th.col-id[scope=col][data-column=id][data-is-pk='1'][data-column-type=integer]",
    "th.col-species[data-column-not-null='1'][data-is-pk='0'][data-column-description='Common name of the bird'] > a[rel=nofollow]",
    "th.col-note[data-column-not-null='0']:not([data-column-description])",
    "tbody > tr[data-row='1'] > td.col-id.type-pk:first-child > a[href='/birds/sighting/1']",
    "td.col-species.type-str",
    "td.col-how_many.type-int",
    "td.col-wing_length_mm.type-float",
    "td.col-photo.type-bytes > a.blob-download",
    "td.col-how_many.type-none",
  ]);
  const order = await page.locator(".above-table-panel, .table-wrapper").evaluateAll((all) => all.map((each) => each.className));
  assert.deepEqual(order, ["above-table-panel", "table-wrapper"]);
  await page.context().close();
  const compound = await shows("/birds/ring", [
    "th.col-Link[data-is-link-column='1'][data-is-pk='0']:first-child",
    "tr[data-row='NO,A~2F1~2C2'] > td.col-Link.type-pk:first-child > a[href='/birds/ring/NO,A~2F1~2C2']",
  ]);
  assert.equal(await compound.locator("td.col-Link a").first().innerText(), "GB,X 99");
  await compound.context().close();
  const keyless = await shows("/birds/diary", ["th.col-Link:first-child", "td.col-rowid", "tr[data-row='1'] td.col-Link > a[href='/birds/diary/1']"]);
  await keyless.context().close();
  const view = await shows("/birds/sightings_per_species", ["tbody > tr:not([data-row])"]);
  assert.equal(await view.locator(".col-Link, .type-pk").count(), 0);
  await view.context().close();
  const empty = await shows("/birds/nothing_yet", ["div.above-table-panel"]);
  assert.equal(await empty.locator("p.zero-results").innerText(), "0 records");
  await empty.context().close();
});

// Proves: CSS-13
test("column tools", async () => {
  const page = await shows("/birds/sighting", [
    "button.choose-columns-mobile.small-screen-only",
    "button.column-actions-mobile.small-screen-only",
    "th[data-column=species] .dropdown-menu-icon",
  ]);
  await page.locator("th[data-column=species] .dropdown-menu-icon").click();
  assert.deepEqual(
    await absent(page, [
      ".dropdown-menu.anim-scale-in .dropdown-actions",
      ".dropdown-menu .dropdown-column-type",
      ".dropdown-menu .dropdown-column-description",
    ]),
    []
  );
  assert.equal(await page.locator("button.choose-columns-mobile").isVisible(), false);
  await page.context().close();
  const phone = await site.visit("/birds/sighting", PHONE);
  assert.equal(await phone.locator("button.choose-columns-mobile").isVisible(), true);
  assert.equal(await phone.locator("button.column-actions-mobile").isVisible(), true);
  await phone.context().close();
});

test("query page", async () => {
  const page = await shows("/birds/-/query?sql=select+:a&a=1", [
    "form.sql.core[data-parameters-url='/birds/-/query/parameters'] > h3 > span.show-hide-sql > a",
    "form.sql > p.sql-editor > textarea#sql-editor[name=sql]",
    "form.sql button#sql-format[type=button]",
    "#sql-parameters-section.sql-parameters-section > p.sql-parameter-row > label[for=qp1] + input#qp1[name=a]",
  ]);
  await page.context().close();
  const stored = await shows("/birds/by_species?species=Nuthatch&least=3", [
    "form.sql > pre#sql-query",
    "form.sql button#sql-format",
    "p.sql-parameter-row > input#qp2[name=least]",
    "form.sql a.stored-query-edit-sql[href^='/birds/-/query?sql=']",
  ]);
  await stored.context().close();
});

test("dialogs", async () => {
  const page = await site.visit("/birds/sighting", PHONE);
  await page.locator("button.choose-columns-mobile").click();
  const parts = [
    "dialog[open] .modal-header .modal-title",
    "dialog[open] .modal-meta",
    "dialog[open] .modal-body",
    "dialog[open] .modal-footer button.modal-btn.modal-btn-primary",
    "dialog[open] button.modal-btn.modal-btn-ghost",
  ];
  await page.locator(parts[0]).waitFor();
  assert.deepEqual(await absent(page, parts), []);
  await page.goto(page.url());
  await page.locator("button.column-actions-mobile").click();
  await page.locator("dialog#mobile-column-actions-dialog.mobile-column-actions-dialog[open] .modal-body").waitFor();
  await page.context().close();
});

// Proves: CSS-12
test("rows that can be changed", async () => {
  const page = await shows("/pen/bird", [
    "td .row-link-with-actions > a",
    ".row-link-with-actions .row-inline-actions",
    "button.row-inline-action.row-inline-action-edit[data-row-action=edit]",
    "button.row-inline-action.row-inline-action-delete[data-row-action=delete]",
    ".row-inline-action svg.row-inline-action-icon",
    ".table-row-toolbar button.table-insert-row[data-table-action=insert-row]",
  ], WIDE, ROOT);
  await page.locator('tr[data-row="1"] [data-row-action="edit"]').click();
  await page.locator('dialog[open] .row-edit-input[name="name"]').fill("Kite");
  // The row is changed, and cannot be read again; another one is deleted.
  await page.route("**/-/fragment**", (route) => route.fulfill({ status: 500, body: "" }));
  await page.locator("dialog[open]").getByRole("button", { name: "Save" }).click();
  await page.locator(".row-mutation-status.row-mutation-status-error").waitFor();
  await page.locator('tr[data-row="2"] [data-row-action="delete"]').click();
  await page.locator("dialog[open]").getByRole("button", { name: "Delete row" }).click();
  await page.locator(".row-mutation-status:not(.row-mutation-status-error)").waitFor();
  await page.context().close();
});

// Proves: CSS-15
test("dialogs of those who may change something", async () => {
  const press = (page, selector) => page.evaluate((each) => document.querySelector(each).click(), selector);
  const parts = [
    ".modal-header .modal-title", ".modal-body", ".modal-footer", ".modal-footer .modal-btn.modal-btn-ghost",
  ];
  for (const [path, selector, dialog, primary] of [
    ["/pen/bird", "[data-row-action=edit]", "#row-edit-dialog", ".modal-btn.modal-btn-primary"],
    ["/pen/bird", "[data-row-action=delete]", "#row-delete-dialog", ".modal-btn.modal-btn-danger"],
    ["/pen/bird", "[data-table-action=alter-table]", "#table-alter-dialog", ".modal-btn.modal-btn-danger"],
    ["/pen", "[data-database-action=create-table]", "#table-create-dialog", ".modal-btn.modal-btn-primary"],
  ]) {
    const page = await site.visit(path, WIDE, ROOT);
    await press(page, selector);
    const open = `dialog${dialog}[open]`;
    await page.locator(`${open} .modal-title`).waitFor();
    assert.deepEqual(await absent(page, [...parts, primary].map((part) => `${open} ${part}`)), [], dialog);
    await page.context().close();
  }
  const page = await site.visit("/pen/bird", WIDE, ROOT);
  await page.locator('th[data-column="name"] .dropdown-menu-icon').click();
  await page.getByRole("menuitem", { name: "Set custom type" }).click();
  await page.locator("dialog#set-column-type-dialog[open] .modal-footer .modal-btn-primary").waitFor();
  await page.context().close();
  const phone = await site.visit("/birds/sighting", PHONE);
  await phone.locator("button.choose-columns-mobile").click();
  await phone.locator("dialog[open] .modal-meta").waitFor();
  await phone.goto(phone.url());
  await phone.locator("button.column-actions-mobile").click();
  await phone.locator("dialog.mobile-column-actions-dialog[open]").waitFor();
  await phone.context().close();
});

// Proves: CSS-19
test("attributes that scripts read", async () => {
  for (const [path, selectors] of [
    ["/birds/sighting?_facet=species", [
      "th[data-column=species][data-column-type=text][data-column-not-null][data-is-pk='0']",
      "th[data-column=id][data-is-pk='1']",
      "th[data-column=species][data-column-description='Common name of the bird']",
      "tr[data-row='1']",
      "a[data-facet-value=Nuthatch]",
    ]],
    ["/pen/bird", [
      "tr[data-row='1'][data-row-label]",
      "button[data-row-action=edit]",
      "button[data-table-action=insert-row]",
      "button[data-table-action=alter-table]",
      "[data-navigation-search-open]",
    ]],
    ["/pen/many", ["th[data-is-link-column='1']", "[data-count-url='/pen/many/-/count']"]],
    ["/pen", ["button[data-database-action=create-table]", "[data-parameters-url]"]],
  ]) {
    const page = await shows(path, selectors, WIDE, ROOT);
    await page.context().close();
  }
});

// Proves: CSS-18
test("elements that scripts define", async () => {
  const everywhere = ["datasette-modal", "navigation-search"];
  const elements = [...everywhere, "column-chooser", "datasette-autocomplete"];
  for (const [path, wanted] of [
    ["/", everywhere],
    ["/birds", everywhere],
    ["/birds/sighting", elements],
    ["/birds/sighting/1", everywhere],
    ["/birds/-/query?sql=select+1", everywhere],
  ]) {
    const page = await shows(path, ["navigation-search[url='/-/jump']"]);
    const known = await page.evaluate((names) => names.filter((name) => customElements.get(name)), elements);
    assert.deepEqual(known, wanted, path);
    await page.context().close();
  }
});
