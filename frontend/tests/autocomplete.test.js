// <datasette-autocomplete>: a field that completes the key of a row, from the keyboard and by touch.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openSite, PHONE } from "./site.js";

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

const HABITATS = "/-/debug/autocomplete?database=birds&table=habitat";

const parts = (page) => ({
  input: page.locator("#debug-autocomplete-input"),
  options: page.locator("[role=option]"),
  active: page.locator('[role=option][aria-selected="true"]'),
  status: page.locator(".datasette-autocomplete-status"),
  chosen: page.locator(".debug-autocomplete-selected"),
});

// Proves: CSS-18, DEBUG-50
test("the field says what it is and what became of the search", async () => {
  const page = await site.visit(HABITATS);
  const { input, options, status } = parts(page);
  const list = page.getByRole("listbox", { name: "Suggestions", includeHidden: true });
  assert.equal(await list.isVisible(), false);
  assert.equal(await page.getByRole("combobox", { name: "Find a row" }).count(), 1);
  assert.equal(await input.getAttribute("aria-expanded"), "false");
  assert.equal(await input.getAttribute("aria-controls"), await list.getAttribute("id"));
  assert.equal(await input.getAttribute("aria-describedby"), await status.getAttribute("id"));

  await input.pressSequentially("oak");
  // Who types slowly is offered something for each letter.
  await page.waitForFunction(() => document.querySelector(".datasette-autocomplete-status").textContent === "1 match");
  assert.deepEqual(await options.allInnerTexts(), ["Old oak wood (2)"]);
  assert.equal(await input.getAttribute("aria-expanded"), "true");
  assert.equal(await status.innerText(), "1 match");

  await input.fill("zzz");
  await page.getByText("No matches").waitFor();
  assert.equal(await status.isVisible(), true);
  assert.equal(await input.getAttribute("aria-expanded"), "false");
  await input.fill("");
  await page.waitForFunction(() => document.querySelector(".datasette-autocomplete-status").textContent === "");
  assert.deepEqual(page.complaints, []);

  await page.route("**/-/autocomplete?**", (route) => route.fulfill({ status: 403, json: { ok: false } }));
  await input.fill("oak");
  await page.getByText("Could not load suggestions").waitFor();
  await page.context().close();
});

test("arrows walk round the suggestions, Enter chooses, Escape closes", async () => {
  const page = await site.visit(HABITATS);
  const { input, options, active, chosen } = parts(page);
  await input.pressSequentially("b");
  await options.first().waitFor();
  const all = await options.allInnerTexts();
  assert.deepEqual(all, ["Reed bed (1)", "Upland bog (4)", "Shingle beach (3)"]);
  const walked = [await active.innerText()];
  for (const key of ["ArrowUp", "ArrowDown", "ArrowDown"]) {
    await page.keyboard.press(key);
    walked.push(await active.innerText());
  }
  assert.deepEqual(walked, [all[0], all[2], all[0], all[1]]);
  assert.equal(await input.getAttribute("aria-activedescendant"), await active.getAttribute("id"));

  await page.keyboard.press("Escape");
  assert.equal(await options.count(), 0);
  assert.equal(await input.inputValue(), "b");
  await page.keyboard.press("ArrowDown");
  await options.first().waitFor();
  await page.evaluate(() => {
    document.querySelector("datasette-autocomplete").addEventListener("change", (event) => {
      window.changed = event.target.value;
    });
    document.addEventListener("datasette-autocomplete-select", (event) => {
      window.selected = event.detail;
    });
  });
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await input.inputValue(), "4");
  assert.equal(await page.evaluate(() => window.changed), "4");
  const row = { pks: { id: 4 }, label: "Upland bog" };
  assert.deepEqual(await page.evaluate(() => window.selected), { row, value: "4", label: "Upland bog (4)" });
  assert.deepEqual(JSON.parse(await chosen.innerText()), row);
  assert.equal(await input.getAttribute("aria-activedescendant"), null);
  assert.equal(new URL(page.url()).search, "?database=birds&table=habitat");
  await page.context().close();
});

test("a late answer does not replace a later one, and a field that is left closes", async () => {
  const page = await site.visit(HABITATS);
  const { input, options } = parts(page);
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route("**/-/autocomplete?q=oak", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  const asked = page.waitForRequest("**/-/autocomplete?q=oak");
  await input.fill("oak");
  await asked;
  await input.fill("reed");
  await options.first().waitFor();
  release();
  assert.deepEqual(await options.allInnerTexts(), ["Reed bed (1)"]);

  await input.blur();
  assert.equal(await options.count(), 0);
  await input.focus();
  await options.first().waitFor();
  await page.context().close();
});

test("keys of several columns, keys that a number cannot hold, and rows to begin with", async () => {
  const page = await site.visit("/-/debug/autocomplete?database=birds&table=ring");
  const { input, options } = parts(page);
  await input.fill("A/1");
  await options.first().click();
  assert.equal(await input.inputValue(), "country=NO, number=A/1,2");

  const body = '{"ok": true, "rows": [{"pks": {"id": 9007199254740993}, "label": null}, {"pks": {"id": {"$base64": true, "encoded": "AA=="}}}]}';
  await page.route("**/-/autocomplete?**", (route) => route.fulfill({ contentType: "application/json", body }));
  await input.fill("9");
  await page.locator('[role=option][data-value="9007199254740993"]').waitFor();
  assert.equal(await options.count(), 1);
  await page.keyboard.press("Enter");
  assert.equal(await input.inputValue(), "9007199254740993");
  await page.unrouteAll();

  await page.evaluate(() => document.querySelector("datasette-autocomplete").setAttribute("suggest-on-focus", ""));
  await input.fill("");
  await input.blur();
  const asked = page.waitForRequest((request) => new URL(request.url()).searchParams.get("_initial") === "1");
  await input.focus();
  await asked;
  await options.first().waitFor();
  assert.deepEqual(await options.first().innerText(), "country=SE, number=7~0");
  await page.context().close();
});

test("an element made by a script works, also in a dialog that Escape would close", async () => {
  const page = await site.visit("/birds/sighting");
  await page.waitForFunction(() => window.customElements.get("datasette-autocomplete"));
  await page.evaluate(() => {
    const dialog = document.createElement("dialog");
    const field = document.createElement("datasette-autocomplete");
    field.setAttribute("src", window._datasetteTableData.foreignKeys.habitat_id);
    const input = document.createElement("input");
    input.setAttribute("aria-label", "Habitat");
    field.append(input);
    dialog.append(field);
    document.body.append(dialog);
    dialog.showModal();
  });
  const input = page.getByRole("combobox", { name: "Habitat" });
  await input.fill("town");
  await page.locator("dialog[open] [role=option]").first().waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog[open] [role=option]").count(), 0);
  assert.equal(await page.locator("dialog[open]").count(), 1);
  await page.context().close();
});

test("on a phone a tap chooses, and the list stays on the screen", async () => {
  const page = await site.visit(HABITATS, PHONE);
  const { input, options } = parts(page);
  await input.tap();
  await input.fill("o");
  await options.first().waitFor();
  const list = await page.locator(".datasette-autocomplete-list").boundingBox();
  const field = await input.boundingBox();
  assert.ok(Math.abs(list.x - field.x) < 1 && Math.abs(list.width - field.width) < 1);
  assert.ok(list.y >= 0 && list.y + list.height <= PHONE.viewport.height);
  for (const option of await options.all()) {
    assert.ok((await option.boundingBox()).height >= 44);
  }
  await options.filter({ hasText: "Town garden" }).tap();
  assert.equal(await input.inputValue(), "5");
  await page.context().close();
});
