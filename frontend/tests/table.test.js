// Table pages: filters with and without scripts, sorting, facets, paging, cards, counts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openSite, PHONE, WIDE } from "./site.js";
import { focusBecomes } from "./focus.js";

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

const rowCount = (page) => page.locator("table.rows-and-columns tbody tr").count();
const parameters = (page) => Object.fromEntries(new URL(page.url()).searchParams);

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with scripts" : "without scripts";

  // Proves: HTML-13, HTML-38, HTML-40, HTML-41
  test(`filter form, ${how}`, async () => {
    const page = await site.visit("/birds/sighting", { ...WIDE, javaScriptEnabled });
    await page.selectOption('select[name="_filter_column"]', "species");
    await page.selectOption('select[name="_filter_op"]', "contains");
    await page.fill('input[name="_filter_value"]', "tit");
    await page.getByRole("button", { name: "Apply filters" }).click();
    await page.waitForURL("**species__contains=tit*");
    assert.match(await page.locator(".table-summary-description").innerText(), /species contains "tit"/);
    const species = await page.locator("td.col-species").allInnerTexts();
    assert.deepEqual([...new Set(species)], ["Bearded tit"]);
    assert.equal(await page.locator('select[name="_filter_column_1"]').inputValue(), "species");
    assert.equal(await page.locator('select[name="_filter_op_1"]').inputValue(), "contains");
    assert.equal(await page.locator('input[name="_filter_value_1"]').inputValue(), "tit");

    await page.selectOption('select[name="_filter_column_1"]', "");
    await page.getByRole("button", { name: "Apply filters" }).click();
    await page.waitForURL((url) => !url.search.includes("species"));
    await page.context().close();
  });

  // Proves: HTML-13, HTML-44
  test(`sorting by the form, ${how}`, async () => {
    const page = await site.visit("/birds/sighting", { ...WIDE, javaScriptEnabled });
    await page.selectOption("#sort_by", "wing_length_mm");
    await page.check("input[name=_sort_by_desc]");
    await page.getByRole("button", { name: "Apply filters" }).click();
    await page.waitForURL("**_sort_desc=wing_length_mm*");
    const values = (await page.locator("td.col-wing_length_mm").allInnerTexts()).map(Number);
    assert.deepEqual(values, [...values].sort((a, b) => b - a));
    await page.context().close();
  });

  // Proves: HTML-13, HTML-51, HTML-52
  test(`sorting by the headers, ${how}`, async () => {
    const page = await site.visit("/birds/sighting?_next=3", { ...WIDE, javaScriptEnabled });
    const header = page.locator('th[data-column="how_many"] a');
    const text = async (locator) => (await locator.textContent()).replace(/\u00a0/g, " ");
    assert.equal(await text(page.locator('th[data-column="id"] a')), "id ▼");
    assert.equal(await header.getAttribute("rel"), "nofollow");
    await header.click();
    await page.waitForURL("**_sort=how_many*");
    assert.deepEqual(parameters(page), { _sort: "how_many" });
    assert.equal(await text(header), "how_many ▼");
    await header.click();
    await page.waitForURL("**_sort_desc=how_many*");
    assert.deepEqual(parameters(page), { _sort_desc: "how_many" });
    assert.equal(await text(header), "how_many ▲");
    await header.click();
    await page.waitForURL("**_sort=how_many*");
    await page.context().close();
  });

  // Proves: HTML-13, HTML-70, HTML-71, HTML-72
  test(`facets are chosen and left, ${how}`, async () => {
    const page = await site.visit("/birds/sighting?_facet=habitat_id", { ...WIDE, javaScriptEnabled });
    const box = page.locator("#facet-habitat_id[data-column=habitat_id].facet-birds-sighting-habitat_id");
    assert.equal(await box.locator(".facet-info-total").innerText(), "5");
    await box.locator('a[data-facet-value="3"]').click();
    await page.waitForURL("**habitat_id=3*");
    assert.match(await page.locator(".table-summary").innerText(), /^52 rows/);
    const chosen = box.locator("li", { has: page.locator("a.cross") });
    assert.match((await chosen.innerText()).replace(/\s+/g, " "), /^Shingle beach · 52 ✖/);
    await chosen.locator("a.cross").click();
    await page.waitForURL((url) => !url.searchParams.has("habitat_id"));
    await box.locator(".facet-info-name a.cross").click();
    await page.waitForURL((url) => !url.searchParams.has("_facet"));
    assert.equal(await page.locator(".facet-info").count(), 0);
    await page.context().close();
  });

  // Proves: HTML-13
  test(`next page, ${how}`, async () => {
    const page = await site.visit("/birds/sighting", { ...WIDE, javaScriptEnabled });
    assert.equal(await rowCount(page), 100);
    await page.getByRole("link", { name: "Next page" }).click();
    await page.waitForURL("**_next=100*");
    assert.equal(await page.locator("tbody tr").first().getAttribute("data-row"), "101");
    await page.getByRole("link", { name: "Next page" }).click();
    await page.waitForURL("**_next=200*");
    assert.equal(await rowCount(page), 60);
    assert.equal(await page.getByRole("link", { name: "Next page" }).count(), 0);
    await page.context().close();
  });
}

// Proves: HTML-75
test("a suggested facet leads to its box", async () => {
  const page = await site.visit("/birds/sighting");
  const suggested = page.locator("p.suggested-facets");
  assert.match(await suggested.innerText(), /^Suggested facets: /);
  await suggested.locator("a", { hasText: /^species$/ }).click();
  await page.waitForURL("**_facet=species#facet-species");
  assert.equal(await page.locator("#facet-species").count(), 1);
  await page.context().close();
});

// Proves: HTML-46
test("filter rows are added and removed in place", async () => {
  const page = await site.visit("/birds/sighting");
  const rows = page.locator(".filter-controls-row");
  assert.equal(await page.locator(".filter-row-add, .filter-row-remove").count(), 0);
  await page.selectOption('select[name="_filter_column"]', "species");
  await page.fill('input[name="_filter_value"]', "Nuthatch");
  await page.getByRole("button", { name: "Add another filter" }).click();
  assert.equal(await rows.count(), 2);
  assert.equal(await rows.first().locator(".filter-row-remove").count(), 0);
  await page.selectOption('select[name="_filter_column_1"]', "how_many");
  await page.selectOption('select[name="_filter_op_1"]', "gt");
  await page.fill('input[name="_filter_value_1"]', "10");
  await page.getByRole("button", { name: "Add another filter" }).click();
  assert.equal(await rows.count(), 3);
  await rows.nth(2).getByRole("button", { name: "Remove this filter" }).click();
  assert.equal(await rows.count(), 2);
  await page.getByRole("button", { name: "Apply filters" }).click();
  await page.waitForURL("**how_many__gt=10*");
  const found = parameters(page);
  assert.equal(found.species ?? found.species__exact, "Nuthatch");
  await page.context().close();
});

// Proves: HTML-47
test("values of a faceted column are offered in its filter", async () => {
  const page = await site.visit("/birds/sighting?_facet=species");
  await page.selectOption('select[name="_filter_column"]', "species");
  const list = await page.locator('input[name="_filter_value"]').getAttribute("list");
  const offered = await page.locator(`#${list} option`).evaluateAll((all) => all.map((option) => option.value));
  assert.deepEqual(offered.sort(), ["Bearded tit", "Golden plover", "House sparrow", "Nuthatch", "Reed warbler", "Turnstone"]);
  await page.selectOption('select[name="_filter_column"]', "note");
  assert.equal(await page.locator('input[name="_filter_value"]').getAttribute("list"), null);
  await page.context().close();
});

// Proves: HTML-27
test("a bounded count becomes exact on request", async () => {
  const page = await site.visit("/birds/ledger?id__gt=100");
  assert.equal(await page.locator(".table-count").innerText(), "10,000+ rows");
  const button = page.getByRole("button", { name: "count all" });
  assert.equal(await button.getAttribute("data-count-url"), "/birds/ledger/-/count");

  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route("**/-/count**", async (route) => {
    await held;
    await route.fulfill({ status: 400, json: { ok: false, error: "Count query timed out" } });
  });
  await button.click();
  await page.locator(".table-count", { hasText: "Counting…" }).waitFor();
  release();
  await page.locator(".count-error[role=alert]", { hasText: "Count query timed out" }).waitFor();
  assert.equal(await page.locator(".table-count").innerText(), "10,000+ rows");

  await page.unroute("**/-/count**");
  const posted = page.waitForRequest((request) => request.url().includes("/-/count"));
  await button.click();
  const request = await posted;
  assert.equal(request.method(), "POST");
  assert.equal(new URL(request.url()).search, "?id__gt=100");
  await page.locator(".table-count", { hasText: /^10,400 rows$/ }).waitFor();
  assert.equal(await button.count(), 0);
  await page.context().close();
});

// Proves: HTML-67
test("column menus offer what makes sense for the column and the URL", async () => {
  const labels = async (path, column) => {
    const page = await site.visit(path);
    await page.locator(`th[data-column="${column}"] .dropdown-menu-icon`).click();
    const found = await page.locator("body > .dropdown-menu [role=menuitem]").allInnerTexts();
    await page.context().close();
    return found;
  };
  assert.deepEqual(await labels("/birds/sighting", "id"), ["Sort ascending", "Sort descending", "Choose columns"]);
  assert.deepEqual(await labels("/birds/sighting?_sort=how_many&_facet=how_many", "how_many"), [
    "Sort descending",
    "Choose columns",
    "Hide this column",
    "Show not-blank rows",
  ]);
  assert.deepEqual(await labels("/birds/sighting?_nocol=note&_sort_desc=how_many&how_many__notblank=1", "how_many"), [
    "Sort ascending",
    "Facet by this",
    "Choose columns",
    "Hide this column",
    "Show all columns",
  ]);
});

// Proves: HTML-69
test("columns are chosen and reordered", async () => {
  const page = await site.visit("/birds/sighting?_nocol=photo&_next=100");
  await page.locator('th[data-column="species"] .dropdown-menu-icon').click();
  await page.getByRole("menuitem", { name: "Choose columns" }).click();
  const dialog = page.locator("column-chooser dialog");
  const names = async () => (await dialog.locator("li").allInnerTexts()).map((text) => text.split("\n")[1]);
  assert.equal((await names()).includes("id"), false);
  await dialog.getByRole("button", { name: "Select all" }).click();
  await dialog.getByRole("button", { name: "Deselect all" }).click();
  await dialog.getByRole("checkbox", { name: "note" }).check();
  await dialog.getByRole("checkbox", { name: "how_many" }).check();
  for (let step = 0; step < 3; step += 1) {
    await dialog.getByRole("button", { name: "Move note up" }).click();
  }
  await dialog.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL("**_col=**");
  const url = new URL(page.url());
  assert.deepEqual(url.searchParams.getAll("_col").sort(), ["how_many", "note"]);
  assert.equal(url.searchParams.has("_nocol"), false);
  assert.equal(url.searchParams.has("_next"), false);

  await page.locator('th[data-column="note"] .dropdown-menu-icon').click();
  await page.getByRole("menuitem", { name: "Show all columns" }).click();
  await page.waitForURL((now) => !now.search.includes("_col"));
  await page.context().close();
});

// Proves: HTML-77, UI-42, UI-12, UI-14
test("a column gets a custom type, and loses it", async () => {
  const page = await site.visit("/birds/observer");
  const dialog = page.locator("dialog#set-column-type-dialog");
  const open = async (label, column = "homepage") => {
    await page.locator(`th[data-column="${column}"] .dropdown-menu-icon`).click();
    await page.getByRole("menuitem", { name: label, exact: true }).click();
    await dialog.waitFor();
  };
  const sent = [];
  page.on("request", (request) => {
    if (request.method() === "POST") {
      sent.push([new URL(request.url()).pathname, request.postDataJSON()]);
    }
  });
  const chosen = () => dialog.locator("input:checked").evaluate((radio) => [radio.value, radio === document.activeElement]);
  const path = "/birds/observer/-/set-column-type";

  await open("Set custom type");
  assert.equal(await dialog.locator(".modal-meta").innerText(), "Type: TEXT");
  assert.equal(await dialog.locator(".set-column-type-status").innerText(), "Column: homepage");
  assert.equal(await dialog.locator(".footer-info").innerText(), "No custom type set.");
  assert.deepEqual(await chosen(), ["", true]);
  const values = await dialog.locator("input").evaluateAll((all) => all.map((each) => each.value));
  assert.deepEqual(values, ["", "email", "json", "textarea", "url"]);
  assert.equal(await dialog.getByRole("radio", { name: "url", exact: true }).getAttribute("aria-describedby"), "set-column-type-4");
  // Nothing chosen: nothing sent, and back to where it was opened.
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.deepEqual(sent, []);
  await focusBecomes(page, (element) => element.getAttribute("aria-label"), "Actions for the column homepage");

  await open("Set custom type");
  await dialog.getByRole("radio", { name: "url", exact: true }).check();
  const reloaded = page.waitForEvent("load");
  await dialog.getByRole("button", { name: "Save" }).click();
  await reloaded;
  assert.deepEqual(sent, [[path, { column: "homepage", column_type: { type: "url" } }]]);
  await page.locator('td.col-homepage a[href^="https://example.org/"]').waitFor();

  await page.route(`**${path}`, (route) => route.fulfill({ status: 403, json: { ok: false, errors: ["Permission denied"] } }));
  await open("Custom type: url");
  assert.equal(await dialog.locator(".footer-info").innerText(), "Current custom type: url");
  assert.deepEqual(await chosen(), ["url", true]);
  await page.keyboard.press("ArrowDown");
  assert.deepEqual(await chosen(), ["", true]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.locator("[role=alert]", { hasText: "Permission denied" }).waitFor();
  assert.deepEqual(await chosen(), ["", false]);
  await page.unrouteAll();
  const again = page.waitForEvent("load");
  await dialog.getByRole("button", { name: "Save" }).click();
  await again;
  assert.deepEqual(sent.at(-1), [path, { column: "homepage", column_type: null }]);

  // A column that no type is for says so.
  await open("Set custom type", "id");
  const words = "No registered custom types are compatible with this SQLite type.";
  assert.equal(await dialog.locator(".set-column-type-empty").innerText(), words);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await page.context().close();
});

// Proves: HTML-76
test("phones show cards, and the actions of every column in a dialog", async () => {
  const page = await site.visit("/birds/sighting", PHONE);
  const cell = page.locator("tbody tr").first().locator("td.col-species");
  assert.equal(await cell.evaluate((node) => getComputedStyle(node, "::before").content), '"species"');
  const head = await page.locator("thead").boundingBox();
  assert.ok(!head || head.height <= 1, "the header row shows");
  await page.locator("button.choose-columns-mobile").waitFor();

  await page.locator("button.column-actions-mobile").click();
  const dialog = page.locator("dialog.mobile-column-actions-dialog");
  const columns = await dialog.locator("details > summary").allInnerTexts();
  assert.equal(columns.length, 10);
  await dialog.locator("summary", { hasText: "how_many" }).click();
  assert.deepEqual(await dialog.locator("details[open] li").allInnerTexts(), [
    "Sort ascending",
    "Sort descending",
    "Facet by this",
    "Choose columns",
    "Hide this column",
    "Show not-blank rows",
  ]);
  await dialog.getByRole("link", { name: "Sort descending" }).click();
  await page.waitForURL("**_sort_desc=how_many*");

  const wide = await site.visit("/birds/sighting", WIDE);
  assert.equal(await wide.locator("button.choose-columns-mobile").isVisible(), false);
  assert.equal(await wide.locator("thead").isVisible(), true);
  await wide.context().close();
  await page.context().close();
});

test("the header stays in sight while the rows scroll", async () => {
  const page = await site.visit("/birds/sighting?_size=100");
  const gap = await page.evaluate(() => {
    const frame = document.querySelector(".table-wrapper");
    frame.scrollTop = frame.scrollHeight;
    const header = frame.querySelector("th").getBoundingClientRect();
    return Math.abs(header.top - frame.getBoundingClientRect().top);
  });
  assert.ok(gap <= 2, `the header is ${gap}px away from the top of the frame`);
  await page.context().close();
});

test("rows are as tall as what is in sight", async () => {
  const page = await site.visit("/birds/sighting", { viewport: { width: 800, height: 900 } });
  const second = page.locator('tr[data-row="2"]');
  const note = second.locator("td.col-note");
  const height = async () => (await second.boundingBox()).height;
  const width = (await note.boundingBox()).width;
  const low = await height();
  assert.ok(low < 40, `${low}px tall while its long note is out of sight`);

  await note.scrollIntoViewIfNeeded();
  await page.waitForFunction((before) => document.querySelector('tr[data-row="2"]').getBoundingClientRect().height > before * 2, low);
  assert.equal((await note.boundingBox()).width, width, "a column changed its width");

  await page.evaluate(() => document.querySelector(".table-wrapper").scrollTo(0, 0));
  await page.waitForFunction((before) => document.querySelector('tr[data-row="2"]').getBoundingClientRect().height === before, low);
  await page.context().close();
});

test("names stand above the end of their numbers, and above the start of words and labels", async () => {
  const page = await site.visit("/birds/sighting");
  const edges = await page.evaluate(() =>
    Object.fromEntries(
      ["species", "habitat_id", "how_many"].map((name) => {
        const text = document.createRange();
        text.selectNodeContents(document.querySelector(`th[data-column="${name}"] a`));
        const cell = document.createRange();
        cell.selectNodeContents(document.querySelector(`tbody td.col-${name}`));
        const [head, body] = [text.getBoundingClientRect(), cell.getBoundingClientRect()];
        return [name, { start: Math.round(head.left - body.left), end: Math.round(head.right - body.right) }];
      })
    )
  );
  assert.equal(edges.species.start, 0);
  assert.equal(edges.habitat_id.start, 0);
  assert.equal(edges.how_many.end, 0);
  await page.context().close();
});

// Proves: HTML-33
test("the way to the next page is in sight before anything is scrolled", async () => {
  const page = await site.visit("/birds/sighting");
  const next = page.getByRole("link", { name: "Next page" });
  assert.match(await next.getAttribute("href"), /^http:\/\//);
  const inSight = await next.evaluate((link) => {
    const { left, top, right, bottom } = link.getBoundingClientRect();
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return bottom <= innerHeight && hit === link;
  });
  assert.equal(inSight, true);
  await page.context().close();
});

test("rows are whole pixels tall, so that the line below a pinned cell meets the others", async () => {
  const page = await site.visit("/birds/sighting");
  const heights = await page.locator("tbody tr").evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
  assert.deepEqual(heights.filter((height) => !Number.isInteger(height)), []);
  await page.context().close();
});
