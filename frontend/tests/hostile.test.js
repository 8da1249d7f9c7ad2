// Names and values that could break a page: nothing of them runs, and the layout holds.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openSite, PHONE, WIDE } from "./site.js";

const IMAGE = "<img src=y onerror=window.broken=1>";
const SCRIPT = "</script><script>window.broken=1</script>";

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

/** Fails when something ran, was loaded that should not be, or pushes the page wide. */
async function assertInert(page, where) {
  assert.equal(page.answer?.status() ?? 200, 200, where);
  assert.deepEqual(page.complaints, [], where);
  const state = await page.evaluate(() => ({
    broken: "broken" in window,
    pictures: document.querySelectorAll('img[src="x"], img[src="y"], img[src="z"]').length,
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    title: document.querySelector("h1")?.getBoundingClientRect().height > 0,
  }));
  assert.deepEqual(state, { broken: false, pictures: 0, sideways: 0, title: true }, where);
}

async function tables(database) {
  const answer = await (await fetch(`${site.base}/${database}.json`)).json();
  return answer.tables.concat(answer.views);
}

/** The page of the table in fixture.sql whose names are markup. */
async function markupTable() {
  const page = await site.visit("/birds");
  const path = await page.locator(".db-table h3 a", { hasText: "onerror=window.broken" }).getAttribute("href");
  await assertInert(page, "/birds");
  await page.context().close();
  return path;
}

// Proves: HTML-12
test("every table of hostile names, and its first row, on a phone", async () => {
  const page = await site.visit("/hostile", PHONE);
  await assertInert(page, "/hostile");
  const links = await page.locator(".db-table h3 a, .bullets a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  const known = (await tables("hostile")).filter((table) => !table.hidden);
  assert.equal(links.length, known.length);
  for (const link of links) {
    page.answer = await page.goto(site.base + link);
    await assertInert(page, link);
    const row = page.locator("tbody td.type-pk:first-child a");
    if (await row.count()) {
      const path = await row.first().getAttribute("href");
      page.answer = await page.goto(new URL(path, site.base).href);
      await assertInert(page, path);
    }
  }
  await page.context().close();
});

// Proves: HTML-12, HTML-76
test("names that are markup: table, facets, filters, row, cards", async () => {
  const path = await markupTable();
  const facets = [IMAGE, SCRIPT, "constructor"].map((name) => `_facet=${encodeURIComponent(name)}`).join("&");
  const filter = `${encodeURIComponent(IMAGE)}__contains=${encodeURIComponent("<img")}`;
  for (const options of [WIDE, PHONE]) {
    for (const target of [path, `${path}?${facets}`, `${path}?${filter}&_sort=__proto__`, `${path}/1`, `${path}/2`]) {
      const page = await site.visit(target, options);
      await assertInert(page, target);
      assert.equal(await page.locator("table.rows-and-columns script").count(), 0);
      await page.context().close();
    }
  }
  const page = await site.visit(path, PHONE);
  const labels = await page.locator("tbody tr").first().locator("td").evaluateAll((cells) =>
    cells.map((cell) => JSON.parse(getComputedStyle(cell, "::before").content))
  );
  assert.deepEqual(labels, [
    "id",
    IMAGE,
    SCRIPT,
    "</style><script>window.broken=1</script>",
    "'; } * { display: none } /*",
    "\\",
    "constructor",
    "__proto__",
  ]);
  await page.context().close();
});

// Proves: HTML-12, HTML-67
test("names that are markup: menu, chooser, dialogs, filters of a column", async () => {
  const path = await markupTable();
  const page = await site.visit(`${path}?_facet=${encodeURIComponent(IMAGE)}`);
  await page.locator("th .dropdown-menu-icon").nth(1).click();
  await page.locator("body > .dropdown-menu [role=menuitem]").first().waitFor();
  await assertInert(page, "column menu");
  await page.getByRole("menuitem", { name: "Choose columns" }).click();
  assert.equal(await page.locator("column-chooser li", { hasText: IMAGE }).count(), 1);
  await assertInert(page, "column chooser");
  await page.keyboard.press("Escape");
  await page.selectOption('select[name="_filter_column"]', IMAGE);
  assert.notEqual(await page.locator('input[name="_filter_value"]').getAttribute("list"), null);
  await assertInert(page, "offered values");
  await page.keyboard.press("/");
  await page.keyboard.type("onerror");
  await page.locator("navigation-search [role=option]").first().waitFor();
  await assertInert(page, "jump dialog");
  await page.context().close();

  const phone = await site.visit(path, PHONE);
  await phone.locator("button.column-actions-mobile").click();
  await phone.locator("dialog[open] summary").nth(1).click();
  await assertInert(phone, "column actions");
  await phone.context().close();
});

// Proves: HTML-12
test("results of a query whose columns and values are markup", async () => {
  const sql = `select '${IMAGE}' as "${SCRIPT}", :value as "${IMAGE}"`;
  const page = await site.visit(`/birds/-/query?${new URLSearchParams({ sql, value: '"><script>window.broken=1</script>' })}`);
  await assertInert(page, sql);
  assert.deepEqual(await page.locator("th").allInnerTexts(), [SCRIPT, IMAGE]);
  assert.deepEqual(await page.locator("tbody td").allInnerTexts(), [IMAGE, '"><script>window.broken=1</script>']);
  await page.context().close();

  const wrong = await site.visit(`/birds/-/query?${new URLSearchParams({ sql: `select "${IMAGE}" from nowhere` })}`);
  assert.equal(await wrong.evaluate(() => "broken" in window), false);
  assert.equal(await wrong.locator("img").count(), 0);
  await wrong.context().close();
});
