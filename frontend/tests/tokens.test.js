// The page that makes API tokens: by keyboard alone, copied and used; what it looks like; servers
// with very many tables.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { openSite, PHONE, WIDE } from "./site.js";
import { getsFocus } from "./focus.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PAGE = "/-/create-token";
const ANN = { id: "ann", name: "Ann" };

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

/** Goes on with the Tab key until the element has the focus. */
async function tabTo(page, locator) {
  for (let step = 0; step < 200; step += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`the Tab key does not lead to ${locator}`);
}

async function status(base, path, token) {
  const answer = await fetch(base + path, { headers: { authorization: `Bearer ${token}` } });
  await answer.arrayBuffer();
  return answer.status;
}

async function accessible(page) {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)));
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 120)).join("; ")}`);
  assert.deepEqual(found, []);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(sideways, 0);
}

// Proves: TOK-16, TOK-19, TOK-29, TOK-31, TOK-33
test("a restricted token is made by keyboard, copied and used", async () => {
  const options = { ...WIDE, permissions: ["clipboard-read", "clipboard-write"] };
  const page = await site.visit(PAGE, options, ANN);
  assert.equal(await page.title(), "Create an API token");
  const unit = page.getByLabel("When the token expires");
  const duration = page.locator("[name=expire_duration]");
  assert.equal(await duration.isVisible(), false);
  await tabTo(page, unit);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.equal(await unit.inputValue(), "hours");
  await tabTo(page, page.getByLabel("How many hours"));
  await page.keyboard.type("2");

  const restrictions = page.locator("#restrict-permissions");
  await tabTo(page, restrictions.locator(":scope > summary"));
  await page.keyboard.press("Enter");
  const group = restrictions.locator(".token-group", {
    has: page.locator("summary", { hasText: /^birds: sighting(?!\w)/ }),
  });
  await tabTo(page, group.locator("summary"));
  await page.keyboard.press("Enter");
  await tabTo(page, group.getByLabel("view-table"));
  await page.keyboard.press("Space");
  assert.equal(await group.locator(".token-count").innerText(), "1 ticked");
  assert.equal(await restrictions.locator(":scope > summary .token-count").innerText(), "1 ticked");
  await tabTo(page, restrictions.getByRole("button", { name: "Create token" }));
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: "Your API token" }).waitFor();
  const copy = page.getByRole("button", { name: "Copy to clipboard" });
  assert.equal(await copy.getAttribute("class"), "copyable-copy-button");
  await tabTo(page, copy);
  await page.keyboard.press("Enter");
  await page.getByRole("status").filter({ hasText: "Copied!" }).waitFor();
  await getsFocus(copy);
  const token = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(token, await page.getByLabel("Your API token").inputValue());
  await tabTo(page, page.locator("summary", { hasText: "Token details" }));
  await page.keyboard.press("Enter");
  const said = JSON.parse(await page.locator(".token-made pre").innerText());
  assert.deepEqual([said.a, said.d, said._r], ["ann", 7200, { r: { birds: { sighting: ["vt"] } } }]);

  assert.equal(await status(site.base, "/birds/sighting.json", token), 200);
  assert.equal(await status(site.base, "/birds/habitat.json", token), 403);
  assert.equal(await status(site.base, "/", token), 403);
  assert.equal(await status(site.base, PAGE, token), 403);
  assert.equal(await status(site.base, "/birds/sighting.json", `${token}x`), 401);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a token is copied where there is no clipboard", async () => {
  const page = await site.visit(PAGE, WIDE, ANN);
  await page.getByRole("button", { name: "Create token" }).first().click();
  await page.getByRole("heading", { name: "Your API token" }).waitFor();
  // What a browser offers on a site without HTTPS.
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  const copied = page.evaluate(
    () => new Promise((resolve) => document.addEventListener("copy", () => resolve(getSelection().toString()), { once: true }))
  );
  await page.getByRole("button", { name: "Copy to clipboard" }).click();
  assert.equal(await copied, await page.getByLabel("Your API token").inputValue());
  await page.context().close();
});

// Proves: UI-48
test("what the form asks for", async () => {
  const page = await site.visit(PAGE, WIDE, ANN);
  const unit = page.locator("select[name=expire_type]");
  const duration = page.locator("[name=expire_duration]");
  assert.deepEqual(await unit.locator("option").evaluateAll((options) => options.map((option) => [option.value, option.label])), [
    ["", "Token never expires"],
    ["minutes", "Expires after X minutes"],
    ["hours", "Expires after X hours"],
    ["days", "Expires after X days"],
  ]);
  for (const value of ["minutes", "hours", "days"]) {
    await unit.selectOption(value);
    assert.equal(await duration.isVisible(), true, value);
    await unit.selectOption("");
    assert.equal(await duration.isVisible(), false, value);
  }
  const restrictions = page.locator("#restrict-permissions");
  assert.equal(await restrictions.getAttribute("open"), null);
  await page.locator("summary", { hasText: "Restrict actions that can be performed using this token" }).click();
  const headings = await restrictions.getByRole("heading").allInnerTexts();
  assert.deepEqual([headings[0], headings.at(-1)], ["All databases and tables", "Specific tables"]);
  const groups = restrictions.locator(".token-group > summary");
  const names = await groups.allInnerTexts();
  assert.ok(names.includes('All tables in "birds"') && names.includes("birds: sighting"), names.join());
  for (const [field, present] of [
    ["all:view-instance", 1],
    ["database:birds:create-table", 1],
    ["database:birds:view-instance", 0],
    ["resource:birds:sighting:insert-row", 1],
    ["resource:birds:sighting:create-table", 0],
    ["resource:birds:nest_site:view-table", 0],
  ]) {
    assert.equal(await page.locator(`input[type=checkbox][name="${field}"]`).count(), present, field);
  }
  await page.getByRole("button", { name: "Create token" }).first().click();
  await page.getByRole("button", { name: "Copy to clipboard" }).waitFor();
  await page.context().close();
});

// Proves: TOK-30
test("a mistake in the form is told and nothing is lost", async () => {
  const page = await site.visit(PAGE, WIDE, ANN);
  await page.getByLabel("When the token expires").selectOption("days");
  await page.getByLabel("How many days").fill("soon");
  await page.locator("#restrict-permissions > summary").click();
  await page.locator("[name='all:view-table']").check();
  await page.getByRole("button", { name: "Create token" }).first().click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByRole("alert").innerText(), "Invalid expire duration");
  assert.equal(await page.getByLabel("How many days").inputValue(), "soon");
  assert.equal(await page.locator("[name='all:view-table']").isChecked(), true);
  assert.equal(await page.locator("#restrict-permissions > summary .token-count").innerText(), "1 ticked");
  await page.getByLabel("How many days").fill("3");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Your API token" }).waitFor();
  const said = JSON.parse(await page.locator(".token-made pre").textContent());
  assert.deepEqual([said.d, said._r], [259200, { a: ["vt"] }]);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

for (const [screen, options] of [["wide", WIDE], ["phone", PHONE]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the page on a ${screen} screen, ${colorScheme}`, async () => {
      const page = await site.visit(PAGE, { ...options, colorScheme, reducedMotion: "reduce" }, ANN);
      await page.getByRole("button", { name: "Create token" }).first().click();
      await page.getByRole("heading", { name: "Your API token" }).waitFor();
      await page.locator("summary", { hasText: "Token details" }).click();
      await page.locator("#restrict-permissions > summary").click();
      await page.locator(".token-group summary").first().click();
      await page.locator(".token-group input").first().check();
      await page.getByLabel("When the token expires").selectOption("minutes");
      await page.evaluate(AXE);
      await accessible(page);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  }
}

test("a table is looked for among very many", async () => {
  const names = Array.from({ length: 400 }, (_, number) => `table ${number}`);
  const many = await openSite({ many: [...names, 'a/b "é"'].map((name) => `create table [${name}] (a);`).join("\n") });
  try {
    const page = await many.visit(PAGE, WIDE, ANN);
    await page.locator("#restrict-permissions > summary").click();
    assert.equal(await page.locator("[name^='resource:']").count(), 50 * 11);
    const look = page.getByLabel("Look for a table");
    await look.fill('many: a/b "é"');
    await page.getByText("1 table", { exact: true }).waitFor();
    await page.locator("#token-tables summary").click();
    await page.locator("#token-tables").getByLabel("view-table").check();
    // What is ticked stays when something else is looked for, and Enter sends nothing.
    await look.fill("many: table 39");
    await look.press("Enter");
    await page.getByText("11 tables", { exact: true }).waitFor();
    assert.equal(await page.locator("#token-tables summary").count(), 12);
    await page.getByLabel("When the token expires").selectOption("hours");
    await page.getByRole("button", { name: "Create token" }).last().click();
    await page.getByRole("alert").waitFor();
    assert.equal(await page.locator("#token-tables input:checked").count(), 1);
    await page.getByLabel("How many hours").fill("1");
    await page.getByRole("button", { name: "Create token" }).first().click();
    await page.getByRole("heading", { name: "Your API token" }).waitFor();
    const said = JSON.parse(await page.locator(".token-made pre").textContent());
    assert.deepEqual(said._r, { r: { many: { 'a/b "é"': ["vt"] } } });
    const token = await page.getByLabel("Your API token").inputValue();
    assert.equal(await status(many.base, "/many/a~2Fb+~22~C3~A9~22.json", token), 200);
    assert.equal(await status(many.base, "/many/table+1.json", token), 403);
    await page.evaluate(AXE);
    await accessible(page);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  } finally {
    await many.close();
  }
});
