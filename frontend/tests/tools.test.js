// The tools: forms that ask the server and show its answer, the API explorer and its address,
// messages that are shown once, the pattern portfolio.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { openSite, PHONE, WIDE } from "./site.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

// Proves: DEBUG-42, DEBUG-44, CSS-17
test("a decision is explained", async () => {
  const page = await site.visit("/-/check");
  assert.equal(await page.title(), "Explain a permission decision");
  const tabs = page.locator("nav.permissions-debug-tabs a");
  assert.deepEqual(await tabs.allInnerTexts(), ["Explain", "Access map", "Rule explorer", "Activity", "Actions", "Allow debug"]);
  assert.equal(await page.locator("nav.permissions-debug-tabs a.active").innerText(), "Explain");
  assert.equal(await page.getByLabel("Parent resource:").isVisible(), false);
  await page.getByLabel("Action:").selectOption("view-table");
  await page.getByLabel("Parent resource:").fill("birds");
  await page.getByLabel("Child resource:").fill("sighting");
  await page.getByRole("button", { name: "Explain decision" }).click();
  await page.getByRole("heading", { name: "Result: ALLOWED ✓" }).waitFor();
  assert.equal(await page.locator("#result-summary").innerText(), "Allowed by the matching global-level rule.");
  assert.equal(await page.locator("#result-actor").innerText(), "anonymous");
  assert.match(await page.locator("#matching-rules").innerText(), /default allow for view-table/);

  // The address can be kept, and leads to the same answer.
  const again = await site.visit(new URL(page.url()).pathname + new URL(page.url()).search);
  await again.getByRole("heading", { name: "Result: ALLOWED ✓" }).waitFor();
  assert.equal(await again.locator("#result-resource").innerText(), "/birds/sighting");

  await again.getByLabel("Actor JSON:").fill("{");
  await again.getByRole("button", { name: "Explain decision" }).click();
  await again.getByRole("heading", { name: "Result: ERROR" }).waitFor();
  assert.match(await again.locator("#result-summary").innerText(), /^Invalid actor JSON: Expecting property name/);
  await again.context().close();
  await page.context().close();
});

// Proves: DEBUG-42
test("the access map is turned page by page", async () => {
  const page = await site.visit("/-/allowed");
  await page.getByLabel("Action (permission name):").selectOption("view-table");
  assert.equal(await page.locator("#child").isDisabled(), true);
  await page.locator("#parent").fill("birds");
  assert.equal(await page.locator("#child").isDisabled(), false);
  await page.getByLabel("Page size:").fill("3");
  await page.getByRole("button", { name: "Check Allowed Resources" }).click();
  await page.locator(".results-table tbody tr").nth(2).waitFor();
  assert.match(await page.locator("#results-count").innerText(), /^Showing 3 of \d+ total resources \(page 1\)$/);
  const first = await page.locator(".results-table tbody").innerText();
  await page.getByRole("link", { name: "Next →" }).click();
  await page.getByText("(page 2)").waitFor();
  assert.equal(new URL(page.url()).pathname, "/-/allowed");
  assert.notEqual(await page.locator(".results-table tbody").innerText(), first);
  assert.equal(await page.locator("#parent").inputValue(), "birds");
  await page.getByRole("link", { name: "← Previous" }).click();
  await page.getByText("(page 1)").waitFor();
  assert.equal(await page.locator(".results-table tbody").innerText(), first);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

// Proves: DEBUG-42
test("rules are listed, and mistakes are told", async () => {
  const page = await site.visit("/-/rules?action=view-database");
  await page.locator(".results-table .effect-allow").first().waitFor();
  assert.match(await page.locator(".results-table").innerText(), /default allow for view-database/);
  const wrong = await site.visit("/-/allowed?action=view-table&_page=0");
  await wrong.getByRole("alert").waitFor();
  assert.equal(await wrong.getByRole("alert").innerText(), "Error: _page must be a positive integer");
  await wrong.context().close();
  await page.context().close();
});

test("a check is made up", async () => {
  const page = await site.visit("/-/permissions");
  await page.getByLabel("Action").selectOption("view-table");
  await page.getByLabel("Parent").fill("birds");
  await page.getByLabel("Child").fill("sighting");
  await page.getByRole("button", { name: "Simulate permission check" }).click();
  await page.locator("#debugResult", { hasText: '"allowed": true' }).waitFor();
  await page.getByLabel("Actor", { exact: true }).fill("[1]");
  await page.getByRole("button", { name: "Simulate permission check" }).click();
  await page.locator("#debugResult", { hasText: "actor must be a JSON object or null" }).waitFor();
  await page.context().close();
});

// Proves: DEBUG-48, DEBUG-49
test("the API explorer keeps what it sent in its address", async () => {
  const page = await site.visit("/-/api");
  const get = page.locator("#api-explorer-get");
  await get.getByLabel("API path:").fill("/birds/habitat.json?_size=1");
  await get.getByRole("button", { name: "GET" }).click();
  await page.getByRole("heading", { name: "API response: HTTP 200" }).waitFor();
  assert.match(await page.locator("#output pre").innerText(), /"ok": true/);
  assert.equal(new URL(page.url()).hash, "#path=%2Fbirds%2Fhabitat.json%3F_size%3D1&method=GET");

  const post = page.locator("#api-explorer-post");
  await page.locator("summary", { hasText: "POST" }).click();
  // The other form closes with an event of its own.
  await get.waitFor({ state: "hidden" });
  await post.getByLabel("API path:").fill("/birds/habitat/-/count");
  await post.getByLabel("JSON:").fill('{"a":[1]}');
  await post.getByRole("button", { name: "Format JSON" }).click();
  assert.equal(await post.getByLabel("JSON:").inputValue(), '{\n  "a": [\n    1\n  ]\n}');
  await post.getByRole("button", { name: "POST" }).click();
  await page.locator("#output pre", { hasText: '"count"' }).waitFor();
  const state = new URLSearchParams(new URL(page.url()).hash.slice(1));
  assert.deepEqual([...state.keys()], ["path", "json", "method"]);
  assert.equal(state.get("method"), "POST");

  await post.getByLabel("API path:").fill("/birds/nowhere/-/count");
  await post.getByLabel("JSON:").fill("{");
  await post.getByRole("button", { name: "POST" }).click();
  await page.getByText(/^Invalid JSON/).waitFor();
  await post.getByLabel("JSON:").fill("");
  await post.getByRole("button", { name: "POST" }).click();
  await page.getByRole("heading", { name: "API response: HTTP 404" }).waitFor();
  assert.deepEqual(await page.locator("#output .errors li").allInnerTexts(), ["Table not found"]);

  // Back to what was sent before; the forms follow.
  await page.goBack();
  await page.goBack();
  await page.waitForFunction(() => document.querySelector("#api-explorer-post [name=path]").value === "/birds/habitat/-/count");
  await page.context().close();
});

// Proves: DEBUG-49
test("an address fills the API explorer", async () => {
  const page = await site.visit("/-/api#path=%2Fx&json=%7B%7D&method=POST");
  const post = page.locator("#api-explorer-post");
  assert.equal(await post.getByLabel("API path:").inputValue(), "/x");
  assert.equal(await post.getByLabel("JSON:").inputValue(), "{}");
  await page.locator(".api-examples a", { hasText: "/birds/habitat.json" }).click();
  const get = page.locator("#api-explorer-get");
  await get.waitFor({ state: "visible" });
  assert.equal(await get.getByLabel("API path:").inputValue(), "/birds/habitat.json");
  await page.context().close();
});

// Proves: UI-49, UI-50
test("every example of the explorer is sent from its form", async () => {
  const sql = `create table "odd / näme ~ % #&=" (id text primary key, "col & <b>" text);
    create table loose (x, y); insert into loose values (1, 2);`;
  const own = await openSite({ pen: sql }, ["--root"]);
  try {
    const page = await own.visit("/-/api", { ...WIDE, reducedMotion: "reduce" }, { id: "root" });
    const examples = page.locator(".api-examples > li", { has: page.getByText("Database: pen", { exact: false }) });
    const lines = (await examples.innerText()).split("\n").filter((line) => line.includes(" - "));
    const odd = "odd / näme ~ % #&=";
    assert.deepEqual(lines.map((line) => line.split(" - ")[1]), [
      "Create table in pen",
      "Get rows for loose", "Insert rows into loose", "Upsert rows into loose", "Drop table loose",
      `Get rows for ${odd}`, `Insert rows into ${odd}`, `Upsert rows into ${odd}`, `Drop table ${odd}`,
    ]);
    const answers = [];
    for (const link of await examples.getByRole("link").all()) {
      const path = await link.innerText();
      await link.click();
      const button = page.locator("#api-explorer-get:visible, #api-explorer-post:visible").locator("[type=submit]");
      await page.waitForFunction((wanted) => [...document.querySelectorAll("[name=path]")].some((field) => field.checkVisibility() && field.value === wanted), path);
      const [response] = await Promise.all([
        page.waitForResponse((each) => new URL(each.url()).pathname === path),
        button.click(),
      ]);
      const status = response.status();
      await page.getByRole("heading", { name: `API response: HTTP ${status}` }).waitFor();
      answers.push([path.replace(/^.*[/](?=[^/]+$)/, ""), status]);
    }
    assert.deepEqual(answers, [
      ["create", 201],
      ["loose.json", 200], ["insert", 201], ["upsert", 400], ["drop", 200],
      ["odd+~2F+n~C3~A4me+~7E+~25+~23~26~3D.json", 200], ["insert", 201], ["upsert", 200], ["drop", 200],
    ]);
    await page.context().close();
  } finally {
    await own.close();
  }
});

// Proves: UI-49
for (const [screen, options] of [["wide", WIDE], ["phone", PHONE]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the explorer on a ${screen} screen, ${colorScheme}`, async () => {
      const page = await site.visit("/-/api#path=%2Fbirds%2Fnowhere%2F-%2Fcount&json=%7B%7D&method=POST", { ...options, colorScheme, reducedMotion: "reduce" });
      assert.equal(await page.title(), "API Explorer");
      await page.locator("#api-explorer-post").getByRole("button", { name: "POST" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "API response: HTTP 404" }).waitFor();
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      assert.deepEqual(violations.filter((each) => ["serious", "critical"].includes(each.impact)).map((each) => each.id), []);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(sideways, 0);
      await page.context().close();
    });
  }
}

// Proves: HTML-09, CSS-04, DEBUG-46
test("a message is shown once", async () => {
  const page = await site.visit("/-/messages");
  await page.getByLabel("Message", { exact: true }).fill("Look <here>");
  await page.getByLabel("Kind of message").selectOption("WARNING");
  await page.getByRole("button", { name: "Add message" }).click();
  await page.waitForURL(`${site.base}/`);
  assert.deepEqual(await page.locator("p.message-warning").allInnerTexts(), ["Look <here>"]);
  await page.reload();
  assert.equal(await page.locator("p.message-warning").count(), 0);
  await page.context().close();
});

// Proves: DEBUG-47
for (const [screen, options] of [["wide", WIDE], ["phone", PHONE]]) {
  test(`the pattern portfolio, ${screen}`, async () => {
    const page = await site.visit("/-/patterns", { ...options, colorScheme: "light", reducedMotion: "reduce" });
    assert.equal(await page.title(), "Datasette: Pattern Portfolio");
    assert.equal(await page.locator("h1").innerText(), "Pattern Portfolio");
    assert.equal(await page.locator("body").getAttribute("class"), null);
    const names = [
      "header.hd", "p.crumbs", ".actor", ".nav-menu-logout", ".message-info", ".message-warning", ".message-error",
      ".database-summary", ".page-action-menu", "form.sql", ".db-table", "form.filters", ".facet-info", ".suggested-facets",
      "table.rows-and-columns", ".pagination", ".advanced-export", ".permissions-debug-tabs", ".results-table", "footer.ft",
    ];
    for (const name of names) {
      assert.ok((await page.locator(name).count()) > 0, name);
    }
    assert.deepEqual(page.complaints, []);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(sideways, 0);
    await page.evaluate(AXE);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)));
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      const found = violations
        .filter((each) => ["serious", "critical"].includes(each.impact))
        .map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 120)).join("; ")}`);
      assert.deepEqual(found, [], colorScheme);
    }
    await page.context().close();
  });
}
