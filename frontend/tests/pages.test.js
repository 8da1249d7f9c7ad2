// Every kind of page, on a wide screen and a phone, in light and dark: it loads without a
// complaint of the browser, never scrolls sideways, and axe finds nothing serious.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { openSite, PHONE, WIDE } from "./site.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const PAGES = {
  index: "/",
  database: "/birds",
  "database with hidden tables": "/birds?_show_hidden=1",
  table: "/birds/sighting",
  "table with filters, facets and a search":
    "/birds/sighting?_search=plover&how_many__gt=3&note__notblank=1&_sort_desc=how_many&_where=id>3" +
    "&_facet=species&_facet=habitat_id&_facet_array=tags&_facet_date=seen_on&_facet_size=3",
  "table without rows": "/birds/nothing_yet",
  "table with a compound key": "/birds/ring",
  "table without a key": "/birds/diary",
  "table with many columns": "/birds/many_columns",
  "table with an awkward name": "/birds/odd+~2F+name~2C+with+~22quotes~22+~26+~3Cangles~3E",
  "table with more rows than are counted": "/birds/ledger",
  view: "/birds/sightings_per_species",
  row: "/birds/sighting/2",
  query: "/birds/-/query?sql=select+*+from+sighting+where+species=:s+limit+20&s=Nuthatch",
  "query that fails": "/birds/-/query?sql=select+nothing",
  "query without results": "/birds/-/query?sql=select+1+where+0",
  "stored query": "/birds/by_species?species=Nuthatch&least=1",
  "stored query that writes": "/birds/add_entry",
  "stored queries": "/-/queries",
  "stored queries of a database": "/birds/-/queries?is_write=0&_size=1",
  "no stored queries": "/birds/-/queries?q=nothing-like-it",
  schema: "/birds/-/schema",
  introspection: "/-/databases",
  "completing keys": "/-/debug/autocomplete",
  "completing keys of a table": "/-/debug/autocomplete?database=birds&table=observer",
  "completing keys of a missing table": "/-/debug/autocomplete?database=birds&table=nowhere",
  "a decision explained": "/-/check?action=view-table&parent=birds&child=sighting",
  "access map": "/-/allowed?action=view-table&_size=5&_page=2",
  "rule explorer": "/-/rules?action=view-table",
  "permission activity": "/-/permissions",
  "registered actions": "/-/actions",
  "allow rules": "/-/allow-debug?actor=null",
  "messages": "/-/messages",
  "API explorer": "/-/api",
  "missing page": "/no-such-database",
};

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

const STATUS = { "missing page": 404 };

/** The failed load of an error page is itself a console message; nothing else may be said. */
function complaintsOf(page) {
  return page.complaints.filter((text) => !/Failed to load resource.*\b404\b/.test(text));
}

/** What axe finds to be serious; another colour scheme can only change the contrast. */
async function serious(page, rules) {
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  const { violations } = await page.evaluate((chosen) => window.axe.run(document, chosen), options);
  return violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.help}\n  ${each.nodes.map((node) => `${node.target} ${node.html.slice(0, 160)}`).join("\n  ")}`);
}

async function seriousInBothSchemes(page) {
  await page.evaluate(AXE);
  const found = await serious(page);
  const shown = () => page.evaluate(() => getComputedStyle(document.body).color);
  const light = await shown();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction((before) => getComputedStyle(document.body).color !== before, light);
  // What is on the screen follows with the next picture.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)));
  return found.concat((await serious(page, ["color-contrast"])).map((text) => `dark: ${text}`));
}

const sideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const [name, path] of Object.entries(PAGES)) {
  for (const [screen, options] of [["wide", WIDE], ["phone", PHONE]]) {
    // Proves: HTML-01, HTML-04
    test(`${name}, ${screen}`, async () => {
      const page = await site.visit(path, { ...options, colorScheme: "light", reducedMotion: "reduce" });
      assert.equal(page.answer.status(), STATUS[name] ?? 200);
      assert.deepEqual(complaintsOf(page), []);
      assert.equal(await page.locator("html").getAttribute("lang"), "en");
      assert.notEqual(await page.title(), "");
      assert.match(await page.locator("link[rel=stylesheet]").first().getAttribute("href"), /^\/-\/static\/app\.css\?_hash=\w+$/);
      assert.equal(
        await page.locator("meta[name=viewport]").getAttribute("content"),
        "width=device-width, initial-scale=1, shrink-to-fit=no"
      );
      assert.equal(await page.locator(".not-footer > header.hd > nav").count(), 1);
      assert.equal(await page.locator(".not-footer > section.content h1").count(), 1);
      assert.equal(await page.locator("body > footer.ft").count(), 1);
      assert.equal(await page.locator('footer.ft ~ script[src*="/navigation-search.js"]').count(), 1);
      assert.equal(await page.locator('script ~ navigation-search[url="/-/jump"]').count(), 1);
      assert.equal(await sideways(page), 0, "the page scrolls sideways");
      assert.deepEqual(await seriousInBothSchemes(page), []);
      await page.context().close();
    });
  }
}

const OPENED = {
  "jump dialog": ["/", WIDE, async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("sight");
    await page.locator("navigation-search [role=option]").first().waitFor();
  }],
  "site menu": ["/birds", WIDE, (page) => page.locator(".nav-menu summary").click()],
  "column menu": ["/birds/sighting", WIDE, (page) => page.locator('th[data-column="species"] .dropdown-menu-icon').click()],
  "column chooser": ["/birds/sighting", PHONE, (page) => page.locator(".choose-columns-mobile").click()],
  "column actions": ["/birds/sighting", PHONE, async (page) => {
    await page.locator(".column-actions-mobile").click();
    await page.locator("dialog[open] summary", { hasText: "species" }).click();
  }],
  "filters and facets unfolded": ["/birds/sighting?_facet=species&species=Nuthatch&_facet=habitat_id", PHONE, async (page) => {
    await page.locator(".filters-panel > summary").click();
    await page.locator(".facets-panel > summary").click();
  }],
  "suggestions of a field": ["/-/debug/autocomplete?database=birds&table=observer", PHONE, async (page) => {
    await page.locator("#debug-autocomplete-input").fill("i");
    await page.locator("[role=option]").first().waitFor();
  }],
  "custom type": ["/birds/observer", WIDE, async (page) => {
    await page.locator('th[data-column="homepage"] .dropdown-menu-icon').click();
    await page.getByRole("menuitem", { name: "Set custom type" }).click();
    await page.locator("dialog[open] input[type=radio]").first().waitFor();
  }],
};

for (const [name, [path, options, open]] of Object.entries(OPENED)) {
  test(`opened: ${name}`, async () => {
    const page = await site.visit(path, { ...options, colorScheme: "light", reducedMotion: "reduce" });
    await open(page);
    assert.deepEqual(page.complaints, []);
    assert.equal(await sideways(page), 0, "the page scrolls sideways");
    assert.deepEqual(await seriousInBothSchemes(page), []);
    await page.context().close();
  });
}

// Proves: HTML-12
test("names and values are never markup", async () => {
  const page = await site.visit(PAGES["table with an awkward name"]);
  assert.equal(await page.locator("table.rows-and-columns script").count(), 0);
  assert.match(await page.title(), /^birds: odd/);
  assert.equal(await page.locator("table.rows-and-columns td").last().innerText(), '<script>document.title = "broken"</script>');
});

test("ten rows are in sight beside three facets", async () => {
  const page = await site.visit("/birds/ledger?_facet=kind&_facet=amount&_facet=id");
  const seen = await page.evaluate(
    () => Array.from(document.querySelectorAll("tbody tr")).filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length
  );
  assert.ok(seen >= 10, `${seen} rows in sight`);
  assert.equal(await page.locator(".facet-info").count(), 3);
  await page.context().close();
});

test("every table of the added database can be looked at", async (t) => {
  if (!site.extraDatabase) {
    t.diagnostic("DATASETTE_TEST_DATABASE names no further database; the start page stands in");
  }
  const start = site.extraDatabase ? `/${site.extraDatabase}` : "/";
  const page = await site.visit(start);
  const links = await page.locator(".db-table h3 a, .database-tables a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  assert.ok(links.length > 0);
  for (const link of links) {
    const table = await site.visit(link, PHONE);
    assert.equal(table.answer.status(), 200, link);
    assert.deepEqual(complaintsOf(table), [], link);
    assert.equal(await sideways(table), 0, link);
    await table.context().close();
  }
});
