// The site without a mouse: skip link, jump dialog, menus.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openSite, WIDE } from "./site.js";

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

const focused = (page, selector) => page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector);

test("the first Tab reaches a link to the content", async () => {
  const page = await site.visit("/birds/sighting");
  await page.keyboard.press("Tab");
  await focused(page, "a.skip-link");
  await page.keyboard.press("Enter");
  await focused(page, "section.content");
  await page.context().close();
});

// Proves: HTML-99, HTML-100, HTML-101
test("jump: slash opens, typing searches, arrows choose, Enter goes, the choice is remembered", async () => {
  const page = await site.visit("/");
  await page.keyboard.press("/");
  await focused(page, "navigation-search input");
  await page.getByText("Start typing to search...").waitFor();

  // Held back, because nobody can look at what is there for a moment only.
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route("**/-/jump?q=sighting", async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest((request) => request.url().includes("/-/jump?q=sighting"));
  await page.keyboard.type("sighting");
  await asked;
  await page.getByText("Searching...").waitFor();
  release();
  await page.getByText("Searching...").waitFor({ state: "hidden" });
  const first = page.locator('navigation-search [role=option][aria-selected="true"]');
  await first.waitFor();
  const option = page.locator("navigation-search [role=option]", { hasText: "birds: sightings_per_species" });
  assert.match(await option.innerText(), /view[\s\S]*\/birds\/sightings_per_species/);

  const before = await first.innerText();
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await first.innerText(), before);
  await page.keyboard.press("ArrowUp");
  assert.equal(await first.innerText(), before);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/birds/sighting");

  await page.keyboard.press("/");
  await page.locator("navigation-search [role=option]", { hasText: "birds: sighting" }).waitFor();
  const stored = await page.evaluate(() => JSON.parse(localStorage.getItem("datasette.navigationSearch.recentItems")));
  assert.deepEqual(stored.map((item) => item.url), ["/birds/sighting"]);
  await page.getByRole("button", { name: "Clear recent" }).click();
  assert.equal(await page.locator("navigation-search [role=option]").count(), 0);

  await page.keyboard.type("qqqqqq");
  await page.getByText("No results found.").waitFor();
  await page.route("**/-/jump?**", (route) => route.fulfill({ json: { ok: true, matches: [{ name: "x", url: "/x", type: "table", description: null }], truncated: true } }));
  await page.locator("navigation-search input").fill("many");
  await page.getByText("More than 100 results. Keep typing to narrow the list.").waitFor();
  await page.unroute("**/-/jump?**");
  await page.route("**/-/jump?**", (route) => route.abort());
  await page.locator("navigation-search input").fill("none");
  await page.getByText("Search failed.").waitFor();

  await page.keyboard.press("Escape");
  assert.equal(await page.locator("navigation-search dialog").evaluate((dialog) => dialog.open), false);
  await page.context().close();
});

// Proves: HTML-99
test("jump: a slash typed into a field stays a slash; the close button closes", async () => {
  const page = await site.visit("/birds/sighting");
  await page.locator("#_search").focus();
  await page.keyboard.type("a/b");
  assert.equal(await page.locator("#_search").inputValue(), "a/b");
  const dialog = page.locator("navigation-search dialog");
  assert.equal(await dialog.evaluate((node) => node.open), false);

  await page.locator("#_search").blur();
  await page.keyboard.press("/");
  await dialog.getByRole("button", { name: "Close" }).click();
  assert.equal(await dialog.evaluate((node) => node.open), false);
  await page.context().close();
});

test("jump: a stored item with a script address is not offered", async () => {
  const page = await site.visit("/");
  await page.evaluate(() =>
    localStorage.setItem("datasette.navigationSearch.recentItems", JSON.stringify([{ name: "bad", url: "javascript:alert(1)" }]))
  );
  await page.keyboard.press("/");
  await page.getByText("Start typing to search...").waitFor();
  assert.equal(await page.locator("navigation-search [role=option]").count(), 0);
  await page.context().close();
});

// Proves: HTML-06
test("the site menu: first item opens the jump dialog", async () => {
  const page = await site.visit("/birds");
  const menu = page.locator("details.nav-menu.details-menu");
  await menu.locator("summary").focus();
  await page.keyboard.press("Enter");
  const item = menu.locator("li").first().locator("button[data-navigation-search-open][aria-keyshortcuts='/']");
  assert.match(await item.innerText(), /^Jump to\.\.\./);
  assert.equal(await item.locator("kbd.keyboard-shortcut").innerText(), "/");
  await item.click();
  await focused(page, "navigation-search input");
  await page.context().close();
});

// Proves: HTML-11
test("menus close on Escape and on a click outside, and arrows walk them", async () => {
  const page = await site.visit("/birds");
  const menu = page.locator("details.nav-menu");
  const summary = menu.locator("summary");
  const isOpen = () => menu.evaluate((details) => details.open);

  await summary.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await focused(page, ".nav-menu button");
  await page.keyboard.press("Escape");
  assert.equal(await isOpen(), false);
  await focused(page, ".nav-menu summary");

  await summary.click();
  assert.equal(await isOpen(), true);
  await page.locator("h1").click();
  assert.equal(await isOpen(), false);
  await page.context().close();
});

// Proves: HTML-66, HTML-68
test("column menu: opened, walked and closed from the keyboard", async () => {
  const page = await site.visit("/birds/sighting", WIDE);
  const button = page.locator('th[data-column="species"] .dropdown-menu-icon');
  await button.focus();
  await page.keyboard.press("Enter");
  const menu = page.locator("body > div.dropdown-menu");
  await focused(page, ".dropdown-menu [role=menuitem]");
  assert.deepEqual(await menu.locator("[role=menuitem]").allInnerTexts(), [
    "Sort ascending",
    "Sort descending",
    "Facet by this",
    "Choose columns",
    "Hide this column",
  ]);
  assert.equal(await menu.locator(".dropdown-column-type").innerText(), "Type: TEXT NOT NULL");
  assert.equal(await menu.locator(".dropdown-column-description").innerText(), "Common name of the bird");

  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Sort descending");
  await page.keyboard.press("Escape");
  await menu.waitFor({ state: "hidden" });
  await focused(page, 'th[data-column="species"] .dropdown-menu-icon');

  // A column out of sight comes into sight with the focus, and its menu stays.
  const last = page.locator('th[data-column="photo"] .dropdown-menu-icon');
  await last.focus();
  await page.keyboard.press("Enter");
  await focused(page, ".dropdown-menu [role=menuitem]");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await menu.isVisible(), true);
  await page.evaluate(() => {
    document.querySelector(".table-wrapper").scrollLeft = 0;
  });
  await menu.waitFor({ state: "hidden" });
  await page.context().close();
});
