// Classes and attributes that styles and scripts of others hold on to, where the dialogs are.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openSite, WIDE } from "./site.js";

const SQL = `
  create table bird (id integer primary key, name text not null);
  insert into bird values (1, 'Wren'), (2, 'Rook');
`;
const ROOT = { id: "root" };
let site;
before(async () => {
  site = await openSite({ pen: SQL }, ["--root"]);
});
after(() => site?.close());

/** Fails with the selectors that find nothing. */
async function finds(page, selectors) {
  const missing = await page.evaluate((all) => all.filter((each) => !document.querySelector(each)), selectors);
  assert.deepEqual(missing, []);
}

// Proves: CSS-12
test("rows that can be changed", async () => {
  const page = await site.visit("/pen/bird", WIDE, ROOT);
  await finds(page, [
    "td .row-link-with-actions > a",
    ".row-link-with-actions .row-inline-actions",
    "button.row-inline-action.row-inline-action-edit",
    "button.row-inline-action.row-inline-action-delete",
    ".row-inline-action svg.row-inline-action-icon",
    ".table-row-toolbar button.table-insert-row",
  ]);
  await page.locator('tr[data-row="1"] [data-row-action="delete"]').click();
  await finds(page, ["dialog#row-delete-dialog[open]"]);
  await page.locator("dialog[open]").getByRole("button", { name: "Delete row" }).click();
  await page.locator(".row-mutation-status").waitFor();
  await finds(page, [".row-mutation-status:not(.row-mutation-status-error)"]);
  await page.context().close();

  // The row is changed, and cannot be read again.
  const failing = await site.visit("/pen/bird", WIDE, ROOT);
  await failing.locator('tr[data-row="2"] [data-row-action="edit"]').click();
  await failing.locator('dialog[open] .row-edit-input[name="name"]').fill("Kite");
  await failing.route("**/-/fragment**", (route) => route.fulfill({ status: 500, body: "" }));
  await failing.locator("dialog[open]").getByRole("button", { name: "Save" }).click();
  await failing.locator(".row-mutation-status.row-mutation-status-error").waitFor();
  await failing.context().close();
});
