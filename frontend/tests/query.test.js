// The SQL form: its editor, how it runs from the keyboard, and parameter fields that follow the SQL.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { openSite, PHONE, WIDE } from "./site.js";
import { focusBecomes, getsFocus } from "./focus.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

const editor = (page) => page.locator(".cm-content");
const query = (sql) => `/birds/-/query?sql=${encodeURIComponent(sql)}`;
/** All completions that are offered after typing; one of them has to be `wanted`. */
async function offered(page, typed, wanted) {
  await page.keyboard.type(typed);
  await page.locator(".cm-tooltip-autocomplete .cm-completionLabel").getByText(wanted, { exact: true }).waitFor();
  return page.locator(".cm-tooltip-autocomplete .cm-completionLabel").allInnerTexts();
}

// Proves: QUERY-50, QUERY-60
test("parameter fields follow the SQL while it is edited", async () => {
  const page = await site.visit("/birds/-/query?sql=select+:first&first=one");
  const names = () => page.locator("#sql-parameters-section input").evaluateAll((all) => all.map((input) => input.name));
  assert.deepEqual(await names(), ["first"]);
  assert.equal(await page.locator('label[for="qp1"]').innerText(), "first");
  const asked = page.waitForRequest((request) => request.url().includes("/birds/-/query/parameters?"));
  await editor(page).fill("select :first, :second");
  await asked;
  await page.locator("#qp2[name=second]").waitFor();
  assert.deepEqual(await names(), ["first", "second"]);
  assert.equal(await page.locator("#qp1").inputValue(), "one");
  await page.locator("#qp2").fill("two");
  await page.getByRole("button", { name: "Run SQL" }).click();
  await page.waitForURL("**second=two*");
  assert.deepEqual(await page.locator("tbody td").allInnerTexts(), ["one", "two"]);

  await editor(page).fill("select 1");
  await page.locator("#qp1").waitFor({ state: "detached" });
  await page.context().close();
});

for (const keys of ["Shift+Enter", "Control+Enter", "Meta+Enter"]) {
  // Proves: HTML-102
  test(`${keys} runs the query`, async () => {
    const page = await site.visit("/birds");
    await editor(page).fill("select 6 * 7 as answer");
    await editor(page).press(keys);
    await page.waitForURL("**/birds/-/query?*");
    assert.deepEqual(await page.locator("td.col-answer").allInnerTexts(), ["42"]);
    await page.context().close();
  });
}

// Proves: HTML-13, HTML-102, QUERY-45, QUERY-47, QUERY-56
test("without scripts: run, hide the SQL, export", async () => {
  const page = await site.visit("/birds", { ...WIDE, javaScriptEnabled: false });
  await page.locator("#sql-editor").fill("select name from habitat where id > 2");
  await page.getByRole("button", { name: "Run SQL" }).click();
  await page.waitForURL("**/birds/-/query?*");
  assert.match(await page.locator("form.sql h3").innerText(), /^Custom SQL query returning 3 rows \(hide\)$/);
  assert.match(await page.locator("p.export-links").innerText(), /^This data as json, CSV$/);
  assert.match(await page.locator("p.export-links a", { hasText: "CSV" }).getAttribute("href"), /_size=max/);
  await page.locator(".show-hide-sql a").click();
  await page.waitForURL("**_hide_sql=1*");
  assert.equal(await page.locator("#sql-editor").count(), 0);
  assert.equal(await page.locator('input[type=hidden][name=sql]').inputValue(), "select name from habitat where id > 2");
  await page.getByRole("link", { name: "show" }).click();
  await page.waitForURL((url) => !url.searchParams.has("_hide_sql"));
  await page.context().close();
});

// Proves: HTML-102
test("the SQL is edited with highlighting, in the place of its textarea", async () => {
  const page = await site.visit(query("-- birds\nselect species, 'a', 12, :s from sighting"));
  const shown = (kind) => page.locator(`p.sql-editor .cm-content .tok-${kind}`).allInnerTexts();
  // The text comes first, its colours when there is time for them.
  await page.locator("p.sql-editor .cm-content .tok-keyword").nth(1).waitFor();
  assert.deepEqual(await shown("keyword"), ["select", "from"]);
  assert.deepEqual(await shown("string"), ["'a'"]);
  assert.deepEqual(await shown("number"), ["12"]);
  assert.deepEqual(await shown("parameter"), [":s"]);
  assert.deepEqual(await shown("comment"), ["-- birds"]);
  const input = page.locator("form.sql p.sql-editor textarea#sql-editor[name=sql]");
  assert.equal(await input.isVisible(), false);
  await editor(page).fill("select 2");
  assert.equal(await input.inputValue(), "select 2");
  assert.equal(await page.evaluate(() => window.editor.state.doc.toString()), "select 2");
  assert.equal(await page.locator(".cm-editor").evaluate((box) => getComputedStyle(box).resize), "vertical");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

// Proves: HTML-102
test("names are completed, and only those that the visitor may know", async () => {
  const page = await site.visit("/birds");
  assert.equal((await page.content()).includes("nest_site"), false);
  assert.equal((await page.content()).includes("grid_reference"), false);
  await editor(page).fill("");
  const tables = await offered(page, "select * from n", "nothing_yet");
  assert.deepEqual(tables.filter((name) => /nest/.test(name)), []);
  await page.keyboard.press("Escape");
  await editor(page).fill("select  from sighting s");
  await page.keyboard.press("Home");
  for (let step = 0; step < "select ".length; step += 1) {
    await page.keyboard.press("ArrowRight");
  }
  await offered(page, "s.sp", "species");
  // So that nobody takes an offer unawares, the editor waits 75 ms before keys choose from it.
  await page.locator(".cm-tooltip-autocomplete:not(.cm-tooltip-autocomplete-disabled)").waitFor();
  const since = await page.evaluate(() => performance.now());
  await page.waitForFunction((since) => performance.now() - since > 75, since);
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("textarea#sql-editor").inputValue(), "select s.species from sighting s");
  await page.context().close();
});

test("the editor has a name, says its keys, takes a slash, and Tab leaves it", async () => {
  const page = await site.visit("/birds");
  assert.equal(await page.getByRole("textbox", { name: "SQL", exact: true }).count(), 1);
  const hint = page.locator(`#${await editor(page).getAttribute("aria-describedby")}`);
  assert.match(await hint.innerText(), /Shift-Enter runs the query.*Tab leaves the editor/);
  await editor(page).fill("select 6 ");
  await page.keyboard.type("/ 2");
  assert.equal(await page.locator("textarea#sql-editor").inputValue(), "select 6 / 2");
  await page.keyboard.press("Tab");
  await focusBecomes(page, (element) => element.id, "sql-format");
  await page.keyboard.press("Shift+Tab");
  await getsFocus(editor(page));
  await page.context().close();
});

for (const [screen, options] of [["wide", WIDE], ["phone", PHONE]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in the editor in use, ${screen}, ${colorScheme}`, async () => {
      const sql = "-- all of it\nselect \"note\", :s, count(*), 'a', 12, null from sighting";
      const page = await site.visit(query(sql), { ...options, colorScheme, reducedMotion: "reduce" });
      await page.locator(".cm-line").last().click();
      await page.keyboard.press("Control+End");
      await offered(page, " where spe", "species");
      await page.evaluate(AXE);
      const { violations, passes } = await page.evaluate(() => window.axe.run(document.querySelector("p.sql-editor")));
      assert.deepEqual(violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" ")}`), []);
      const contrast = passes.find((each) => each.id === "color-contrast").nodes.map((node) => node.html).join(" ");
      for (const kind of ["keyword", "string", "number", "name", "parameter", "comment", "atom"]) {
        assert.ok(contrast.includes(`tok-${kind}`), `the contrast of ${kind} was not looked at`);
      }
      assert.ok(contrast.includes("cm-completionLabel"));
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(wider, 0, "the page scrolls sideways");
      await page.context().close();
    });
  }
}

// Proves: HTML-103, QUERY-51
test("Format SQL lays out what is in the editor", async () => {
  const page = await site.visit(query("select species from sighting where id=:id"));
  const button = page.locator("button#sql-format");
  assert.equal(await page.locator('script[src*="sql-formatter"]').count(), 0);
  await button.click();
  const formatted = "select\n  species\nfrom\n  sighting\nwhere\n  id = :id";
  await page.waitForFunction((wanted) => window.editor.state.doc.toString() === wanted, formatted);
  assert.equal(await page.locator("textarea#sql-editor").inputValue(), formatted);
  await editor(page).press("Control+z");
  assert.equal(await page.locator("textarea#sql-editor").inputValue(), "select species from sighting where id=:id");
  await editor(page).fill("select (");
  await button.click();
  await page.getByRole("status").filter({ hasText: "cannot be formatted" }).waitFor();
  assert.equal(await page.locator("textarea#sql-editor").inputValue(), "select (");
  const hidden = await site.visit(`${query("select 1")}&_hide_sql=1`);
  assert.equal(await hidden.locator("button#sql-format").count(), 0);
  assert.equal(await hidden.locator('script[src*="sql-editor.bundle"]').count(), 0);
  await hidden.context().close();
  await page.context().close();
});

// Proves: HTML-103
test("Format SQL is offered for SQL that can only be read, when it changes something", async () => {
  const page = await site.visit("/birds/by_species");
  assert.equal(await page.locator('textarea#sql-editor, script[src*="sql-editor.bundle"]').count(), 0);
  await page.locator("button#sql-format").click();
  assert.match(await page.locator("pre#sql-query").innerText(), /^select\n  id,\n  species,/);
  await page.context().close();
  const laidOut = await site.visit("/birds/laid_out");
  await laidOut.waitForFunction(() => window.sqlFormatter);
  assert.equal(await laidOut.locator("button#sql-format").isVisible(), false);
  assert.match(await laidOut.locator("pre#sql-query").innerText(), /^select\n {2}\*\nfrom\n/);
  await laidOut.context().close();
});

// Proves: HTML-102
test("without the editor's script the textarea grows and runs from the keyboard", async () => {
  const page = await site.visit("/birds");
  await page.route("**/sql-editor.bundle.js*", (route) => route.abort());
  await page.goto(page.url());
  assert.equal(await page.locator(".cm-editor").count(), 0);
  const input = page.locator("textarea#sql-editor");
  const before = (await input.boundingBox()).height;
  await input.fill(`select${"\n".repeat(12)}7 as answer`);
  assert.ok((await input.boundingBox()).height > before);
  await input.press("Control+Enter");
  await page.waitForURL("**/birds/-/query?*");
  assert.deepEqual(await page.locator("td.col-answer").allInnerTexts(), ["7"]);
  await page.context().close();
});

test("a script that sets the textarea is followed by the editor", async () => {
  const page = await site.visit("/birds");
  await page.locator("textarea#sql-editor").evaluate((input) => {
    input.value = "select 3";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  assert.equal(await editor(page).innerText(), "select 3");
  await page.context().close();
});

// Proves: HTML-76
test("phones show each row of a result as a card that names its columns", async () => {
  const page = await site.visit("/birds/by_species?species=Nuthatch&least=0", PHONE);
  const cell = page.locator(".rows-and-columns tbody tr").first().locator("td").nth(1);
  const before = await cell.evaluate((td) => {
    const { content, float } = getComputedStyle(td, ":before");
    return { content, float };
  });
  assert.deepEqual(before, { content: '"species"', float: "inline-start" });
  assert.ok((await page.locator(".rows-and-columns thead").boundingBox()).height <= 1);
  await page.context().close();
});

// Proves: QUERY-38, DB-16
test("a stored query that writes shows its form and nothing else", async () => {
  const page = await site.visit("/birds");
  await page.getByRole("link", { name: "Add to the diary" }).click();
  await page.waitForURL("**/birds/add_entry");
  assert.equal(await page.locator("form.sql").getAttribute("method"), "post");
  await page.getByLabel("entry").fill("Cold and clear");
  assert.equal(await page.locator(".zero-results, .rows-and-columns, .export-links").count(), 0);
  await page.context().close();
});

// Proves: DEBUG-62, DEBUG-63
test("the list of stored queries is narrowed with its links and its search", async () => {
  const page = await site.visit("/-/queries");
  const titles = () => page.locator(".query-list-title").allInnerTexts();
  const all = await titles();
  assert.ok(all.includes("Add to the diary") && all.includes("Sightings of a species"), all.join());
  await page.getByRole("link", { name: /^Writable/ }).click();
  assert.deepEqual(await titles(), ["Add to the diary"]);
  const chosen = page.locator('.query-list-facets [aria-current="true"]');
  assert.match(await chosen.innerText(), /^Writable\s*1/);
  await chosen.click();
  await page.getByLabel("Search").fill("BIRD");
  await page.getByLabel("Search").press("Enter");
  await page.waitForURL("**q=BIRD");
  assert.deepEqual(await titles(), ["Sightings of a species"]);
  await page.context().close();
});
