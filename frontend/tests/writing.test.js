// Pages where SQL is written to be run or kept: what they say while it is typed, with and without
// scripts, on a phone and in the dark.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { openSite, PHONE, WIDE } from "./site.js";
import { getsFocus } from "./focus.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const DESK = readFileSync(new URL("../../compat/databases/desk.sql", import.meta.url), "utf8");
const ROOT = { id: "root" };
const DARK = { ...WIDE, colorScheme: "dark" };

let site;
before(async () => {
  site = await openSite({ desk: DESK }, ["--root"]);
});
after(() => site?.close());

const editor = (page) => page.locator(".cm-content");
const write = (sql) => `/desk/-/execute-write?sql=${encodeURIComponent(sql)}`;
const operations = (page) => page.locator(".execute-write-analysis tbody tr").evaluateAll((rows) =>
  rows.map((row) => Array.from(row.cells, (cell) => cell.innerText).join(" | "))
);

/** Changes the SQL and waits for what the server says about it. */
async function typed(page, sql) {
  const answered = page.waitForResponse((response) => {
    const url = new URL(response.url());
    return url.pathname.endsWith("/analyze") && url.searchParams.get("sql") === sql;
  });
  await editor(page).fill(sql);
  await answered;
}

// Proves: UI-43, UI-44
test("operations, fields and the button follow the SQL", async () => {
  const page = await site.visit("/desk/-/execute-write", WIDE, ROOT);
  const execute = page.getByRole("button", { name: "Execute" });
  const reason = page.locator("[data-execute-write-disabled-reason]");
  assert.ok(await execute.isDisabled());
  assert.equal(await reason.innerText(), "Enter writable SQL before executing.");

  await typed(page, "insert into dogs (name) values (:name)");
  await page.locator(".execute-write-analysis").waitFor();
  assert.deepEqual(await operations(page), [
    "insert | desk | dogs | insert-row, update-row, delete-row | yes",
    "insert | desk | log | insert-row, update-row, delete-row | yes",
    "read | desk | dogs | view-table | yes",
  ]);
  assert.ok(await execute.isEnabled());
  assert.ok(await reason.isHidden());
  await page.getByLabel("name", { exact: true }).fill("Rex");

  await typed(page, "vacuum");
  await page.getByText("You do not have permission for every operation listed above.").waitFor();
  assert.ok(await execute.isDisabled());
  assert.deepEqual(await operations(page), ["vacuum | desk | desk | n/a | no"]);
  assert.equal(await page.locator("[data-save-query-link]").count(), 0);

  await typed(page, "select 1");
  await page.locator("#execute-write-analysis-section .message-error").waitFor();
  assert.match(await reason.innerText(), /read-only SQL/);

  // What was typed into a field is there again with its parameter.
  await typed(page, "insert into dogs (name) values (:name) returning id");
  await page.getByLabel("name", { exact: true }).waitFor();
  assert.equal(await page.getByLabel("name", { exact: true }).inputValue(), "Rex");
  const saved = new URL(await page.locator("[data-save-query-link]").getAttribute("href"), site.base);
  assert.equal(saved.pathname, "/desk/-/queries/store");
  await execute.click();
  await page.getByText("Query executed, 1 row affected").waitFor();
  assert.deepEqual(await page.locator(".rows-and-columns tbody td").allInnerTexts(), ["4"]);
  assert.equal(await page.getByRole("link", { name: "View row" }).getAttribute("href"), "/desk/dogs/4");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

// Proves: UI-45
test("first statements fill the editor", async () => {
  const page = await site.visit("/desk/-/execute-write", WIDE, ROOT);
  await page.getByText("Start with a template").click();
  await page.getByLabel("or table:").selectOption("plain");
  await page.getByRole("button", { name: "Delete rows" }).click();
  assert.equal(await page.locator("textarea[name=sql]").inputValue(), 'delete from "plain"\nwhere "a" = :a');
  await page.locator(".execute-write-analysis").waitFor();
  await page.getByLabel("a", { exact: true }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("sql"), 'delete from "plain"\nwhere "a" = :a');
  await page.getByRole("button", { name: "Create table" }).click();
  assert.match(await page.locator("textarea[name=sql]").inputValue(), /^create table new_table \(/);
  await page.context().close();
});

test("a field grows where several lines are pasted into it", async () => {
  const page = await site.visit(write("insert into plain (a) values (:a)"), WIDE, ROOT);
  const field = page.getByLabel("a", { exact: true });
  await field.fill("one");
  await field.evaluate((input) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", "\ntwo");
    input.setSelectionRange(3, 3);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  assert.equal(await field.evaluate((input) => input.tagName), "TEXTAREA");
  assert.equal(await field.inputValue(), "one\ntwo");
  const toggle = page.getByRole("button", { name: "Collapse" });
  assert.equal(await toggle.getAttribute("aria-expanded"), "true");
  await toggle.click();
  assert.equal(await field.evaluate((input) => input.tagName), "INPUT");
  await getsFocus(field);
  await page.context().close();
});

// Proves: UI-51, UI-52, STORED-59
test("a query is stored, edited and deleted", async () => {
  const page = await site.visit("/desk/-/queries/store", WIDE, ROOT);
  const save = page.getByRole("button", { name: "Save query" });
  const note = page.locator("[data-query-create-analysis-note]");
  assert.ok(await save.isDisabled());
  assert.equal(await note.innerText(), "Enter SQL to analyze this query.");
  await page.getByLabel("Title").fill("  Été à  la/Plage ");
  assert.equal(await page.getByLabel("URL").inputValue(), "ete-a-la-plage");
  await typed(page, "delete from plain where a = :a");
  await page.getByText("This query updates data in the database.").waitFor();
  assert.ok(await save.isEnabled());
  await typed(page, "nonsense");
  await page.getByText("This query cannot be saved until the SQL is valid.").waitFor();
  assert.ok(await save.isDisabled());
  await typed(page, "select count(*) as n from plain");
  await page.getByText("This is a read-only query.").waitFor();
  await page.getByLabel("URL").fill("beach");
  await page.getByLabel("Title").fill("Beach");
  assert.equal(await page.getByLabel("URL").inputValue(), "beach");
  await save.click();
  await page.waitForURL("**/desk/beach");
  await page.getByText("Query saved").waitFor();

  await page.goto(`${site.base}/desk/beach/-/edit`);
  assert.equal(await page.getByLabel("URL").innerText(), "/desk/beach");
  await page.getByLabel("Title").fill("Sands");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Query updated").waitFor();
  assert.equal(await page.locator("h1").innerText(), "Sands 🔒");

  await page.locator("summary").filter({ hasText: "Query actions" }).click();
  await page.getByRole("menuitem", { name: /^Delete this query/ }).click();
  await page.getByRole("button", { name: "Delete query" }).click();
  await page.getByText("Query “Sands” deleted").waitFor();
  assert.equal(new URL(page.url()).pathname, "/desk");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("without scripts: write, store, delete", async () => {
  const page = await site.visit("/desk/-/execute-write", { ...WIDE, javaScriptEnabled: false }, ROOT);
  assert.ok(await page.locator(".execute-write-template-menu").isHidden());
  await page.locator("textarea[name=sql]").fill("insert into plain (a) values (9)");
  await page.locator("input[type=submit]:enabled").click();
  await page.getByText("Query executed, 1 row affected").waitFor();
  await page.goto(`${site.base}/desk/-/queries/store`);
  await page.getByLabel("URL").fill("plain-way");
  await page.locator("textarea[name=sql]").fill("select 1");
  await page.locator("input[type=submit]:enabled").click();
  await page.waitForURL("**/desk/plain-way");
  await page.goto(`${site.base}/desk/plain-way/-/delete`);
  await page.getByRole("button", { name: "Delete query" }).click();
  await page.getByText("Query “plain-way” deleted").waitFor();
  await page.context().close();
});

for (const [name, options] of [["wide", WIDE], ["phone", PHONE], ["dark", DARK]]) {
  test(`pages can be read and reached: ${name}`, async () => {
    const sql = encodeURIComponent("insert into dogs (name) values (:name) returning *");
    const denied = encodeURIComponent("insert into words values (:word)");
    for (const path of [
      "/desk/-/execute-write",
      `/desk/-/execute-write?sql=${sql}`,
      `/desk/-/execute-write?sql=${denied}`,
      `/desk/-/queries/store?sql=${sql}`,
    ]) {
      const page = await site.visit(path, options, ROOT);
      await page.evaluate(AXE);
      const found = await page.evaluate(() => window.axe.run());
      assert.deepEqual(found.violations.map((violation) => violation.id), [], path);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      assert.ok(!wider, `${path} is wider than its window`);
      assert.deepEqual(page.complaints, [], path);
      await page.context().close();
    }
  });
}
