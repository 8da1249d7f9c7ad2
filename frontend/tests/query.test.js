// The SQL form: it runs from the keyboard and its parameter fields follow the SQL.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openSite, WIDE } from "./site.js";

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

// Proves: QUERY-50, QUERY-60
test("parameter fields follow the SQL while it is edited", async () => {
  const page = await site.visit("/birds/-/query?sql=select+:first&first=one");
  const names = () => page.locator("#sql-parameters-section input").evaluateAll((all) => all.map((input) => input.name));
  assert.deepEqual(await names(), ["first"]);
  assert.equal(await page.locator('label[for="qp1"]').innerText(), "first");
  const asked = page.waitForRequest((request) => request.url().includes("/birds/-/query/parameters?"));
  await page.locator("#sql-editor").fill("select :first, :second");
  await asked;
  await page.locator("#qp2[name=second]").waitFor();
  assert.deepEqual(await names(), ["first", "second"]);
  assert.equal(await page.locator("#qp1").inputValue(), "one");
  await page.locator("#qp2").fill("two");
  await page.getByRole("button", { name: "Run SQL" }).click();
  await page.waitForURL("**second=two*");
  assert.deepEqual(await page.locator("tbody td").allInnerTexts(), ["one", "two"]);

  await page.locator("#sql-editor").fill("select 1");
  await page.locator("#qp1").waitFor({ state: "detached" });
  await page.context().close();
});

for (const keys of ["Shift+Enter", "Meta+Enter"]) {
  test(`${keys} runs the query`, async () => {
    const page = await site.visit("/birds");
    await page.locator("#sql-editor").fill("select 6 * 7 as answer");
    await page.locator("#sql-editor").press(keys);
    await page.waitForURL("**/birds/-/query?*");
    assert.deepEqual(await page.locator("td.col-answer").allInnerTexts(), ["42"]);
    await page.context().close();
  });
}

// Proves: HTML-13, QUERY-45, QUERY-47, QUERY-56
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

// Proves: QUERY-51
test("the format button stays hidden while nothing can format", async () => {
  const page = await site.visit("/birds/-/query?sql=select+1");
  assert.equal(await page.locator("button#sql-format").count(), 1);
  assert.equal(await page.locator("button#sql-format").isVisible(), false);
  assert.equal(await page.locator('form.sql input[type=submit]').inputValue(), "Run SQL");
  const hidden = await site.visit("/birds/-/query?sql=select+1&_hide_sql=1");
  assert.equal(await hidden.locator("button#sql-format").count(), 0);
  await hidden.context().close();
  await page.context().close();
});
