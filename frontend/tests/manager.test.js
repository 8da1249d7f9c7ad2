// window.__DATASETTE__: what scripts of plugins can rely on.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openSite } from "./site.js";

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

/** Opens a page with a script of a plugin in place before the page's own scripts run. */
async function withPlugin(path, plugin) {
  const page = await site.visit("/-/versions.json");
  await page.addInitScript(plugin);
  page.complaints.length = 0;
  await page.goto(site.base + path);
  return page;
}

// Proves: JS-02, JS-03, JS-04, JS-05, JS-13, HTML-104
test("the event hands over the manager on every page", async () => {
  for (const path of ["/", "/birds", "/birds/sighting", "/birds/sighting/1", "/birds/-/query?sql=select+1"]) {
    const page = await withPlugin(path, () => {
      document.addEventListener("datasette_init", (event) => {
        window.seen = (window.seen || 0) + 1;
        window.handed = event.detail;
      });
    });
    const found = await page.evaluate(() => ({
      seen: window.seen,
      same: window.handed === window.__DATASETTE__,
      version: window.__DATASETTE__.VERSION === window.datasetteVersion,
      versionType: typeof window.__DATASETTE__.VERSION,
      plugins: window.__DATASETTE__.plugins instanceof Map,
      selectors: window.__DATASETTE__.selectors,
    }));
    assert.deepEqual(found, {
      seen: 1,
      same: true,
      version: true,
      versionType: "string",
      plugins: true,
      selectors: {
        jsonExportLink: ".export-links a[href*=json]",
        tableWrapper: ".table-wrapper",
        table: "table.rows-and-columns",
        aboveTablePanel: ".above-table-panel",
        tableHeaders: "table.rows-and-columns th",
        filterRows: ".filter-row",
        facetResults: ".facet-results [data-column]",
      },
    });
    await page.context().close();
  }
});

// Proves: JS-06, JS-09, JS-10
test("plugins are kept in order, replaced with a warning, and asked one after the other", async () => {
  const page = await withPlugin("/birds", () => {
    document.addEventListener("datasette_init", ({ detail: manager }) => {
      manager.registerPlugin("one", { version: "1", makeColumnActions: () => [{ label: "old" }] });
      manager.registerPlugin("two", { makeColumnActions: () => [{ label: "b" }], makeJumpSections: () => undefined });
      manager.registerPlugin("one", {
        makeColumnActions: () => [{ label: "a" }],
        makeColumnField: () => {
          throw new Error("broken");
        },
      });
      manager.registerPlugin("three", { makeColumnField: () => ({ render() {} }) });
      window.result = {
        names: [...manager.plugins.keys()],
        actions: manager.makeColumnActions({}).map((item) => item.label),
        sections: manager.makeJumpSections({}),
        field: manager.makeColumnField({}).pluginName,
      };
    });
  });
  assert.deepEqual(await page.evaluate(() => window.result), {
    names: ["one", "two", "three"],
    actions: ["a", "b"],
    sections: [],
    field: "three",
  });
  assert.equal(page.complaints.filter((text) => text.startsWith("warning") && text.includes("one")).length, 1);
  assert.equal(page.complaints.filter((text) => text.startsWith("error") && text.includes("one")).length, 1);
  await page.context().close();
});

// Proves: JS-07, JS-11, JS-14, JS-15, JS-16
test("panels above the table: tabs, the first shown, each rendered once", async () => {
  const plugin = () => {
    document.addEventListener("datasette_init", ({ detail: manager }) => {
      window.rendered = [];
      const panel = (id) => ({
        id,
        label: `Panel ${id}`,
        render(node) {
          window.rendered.push(node.id);
          node.textContent = `Content of ${id}`;
        },
      });
      manager.registerPlugin("shapes", { makeAboveTablePanelConfigs: () => [panel("map"), panel("chart")] });
      manager.renderAboveTablePanel();
    });
  };
  const page = await withPlugin("/birds/sighting", plugin);
  assert.deepEqual(await page.evaluate(() => window.rendered), ["shapes_map_panel-content", "shapes_chart_panel-content"]);
  const map = page.locator(".above-table-panel #shapes_map_panel-content");
  const chart = page.locator(".above-table-panel #shapes_chart_panel-content");
  assert.deepEqual([await map.isVisible(), await chart.isVisible()], [true, false]);
  await page.getByRole("tab", { name: "Panel chart" }).click();
  assert.deepEqual([await map.isVisible(), await chart.isVisible()], [false, true]);
  await page.context().close();

  const elsewhere = await withPlugin("/", plugin);
  assert.equal(elsewhere.complaints.filter((text) => text.startsWith("error")).length, 0);
  assert.ok(elsewhere.complaints.some((text) => text.startsWith("warning")));
  await elsewhere.context().close();
});

// Proves: JS-18, JS-19, JS-20
test("column actions of plugins follow the site's own, made anew each time", async () => {
  const page = await withPlugin("/birds/sighting", () => {
    document.addEventListener("datasette_init", ({ detail: manager }) => {
      window.asked = [];
      manager.registerPlugin("extra", {
        makeColumnActions(details) {
          window.asked.push(details);
          return [
            { label: "Count it", onClick: () => { window.clicked = details.columnName; } },
            { label: "Read about it", href: "/about" },
          ];
        },
      });
    });
  });
  const button = page.locator('th[data-column="species"] .dropdown-menu-icon');
  await button.click();
  const items = page.locator("body > .dropdown-menu [role=menuitem]");
  assert.deepEqual((await items.allInnerTexts()).slice(-2), ["Count it", "Read about it"]);
  assert.equal(await items.last().getAttribute("href"), "/about");
  await items.filter({ hasText: "Count it" }).click();
  assert.equal(await page.evaluate(() => window.clicked), "species");
  await button.click();
  assert.deepEqual(await page.evaluate(() => window.asked), [
    { columnName: "species", columnNotNull: true, columnType: "text", isPk: false },
    { columnName: "species", columnNotNull: true, columnType: "text", isPk: false },
  ]);
  await page.context().close();
});

// Proves: JS-12
test("helpers of the column menu are there for other scripts", async () => {
  const page = await site.visit("/birds/sighting?_nocol=note&_next=5");
  const found = await page.evaluate(() => {
    const helpers = window.__DATASETTE__.columnActions;
    return {
      names: Object.keys(helpers).sort(),
      sort: helpers.sortAscUrl("species"),
      sortDesc: helpers.sortDescUrl("species"),
      all: helpers.showAllColumnsUrl(),
      notBlank: helpers.notBlankUrl("how_many"),
      hide: helpers.hideColumnUrl("species"),
    };
  });
  assert.deepEqual(found, {
    names: [
      "buildColumnActionItems", "buildColumnActionState", "canChooseColumns", "facetUrl", "getColumnMeta", "getColumnTypeText",
      "hideColumnUrl", "notBlankUrl", "shouldShowShowAllColumns", "showAllColumnsUrl", "sortAscUrl", "sortDescUrl",
    ],
    sort: "?_nocol=note&_sort=species",
    sortDesc: "?_nocol=note&_sort_desc=species",
    all: "?_next=5",
    notBlank: "?_nocol=note&how_many__notblank=1",
    hide: "?_nocol=note&_next=5&_nocol=species",
  });
  await page.context().close();
});

// Proves: JS-21, JS-22, JS-23
test("sections of plugins show in the jump dialog before typing", async () => {
  const page = await withPlugin("/birds", () => {
    document.addEventListener("datasette_init", ({ detail: manager }) => {
      manager.registerPlugin("sections", {
        makeJumpSections: (context) => [
          { id: "no-render" },
          {
            id: "favourites",
            render(node, inner) {
              node.textContent = "My favourites";
              window.contexts = [
                context.navigationSearch.localName,
                inner.navigationSearch === context.navigationSearch,
                inner.container.contains(node),
                inner.input.localName,
              ];
            },
          },
        ],
      });
    });
  });
  await page.keyboard.press("/");
  const section = page.locator('div.jump-start-content[data-jump-section-id="favourites"]');
  await section.waitFor();
  assert.equal(await section.innerText(), "My favourites");
  assert.equal(await page.locator(".jump-start-content").count(), 1);
  assert.deepEqual(await page.evaluate(() => window.contexts), ["navigation-search", true, true, "input"]);
  await page.keyboard.type("sight");
  await page.locator("navigation-search [role=option]").first().waitFor();
  assert.equal(await section.count(), 0);
  await page.context().close();
});
