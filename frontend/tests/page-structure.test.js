// What scripts of plugins find on pages: containers, attributes and data (plugins.md, 4.1 and 4.5).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openSite, WIDE } from "./site.js";

const SQL = `
  create table habitat (id integer primary key, name text not null);
  insert into habitat values (1, 'Reed bed');
  create table bird (id integer primary key, name TEXT not null, weight real, habitat_id integer references habitat(id), photo blob, note);
  insert into bird values (1, 'Wren', 9.5, 1, x'00', null), (2, 'Robin', 18.0, null, null, 'n');
  create table pair (a text, b text, v text, primary key (a, b));
  insert into pair values ('x/y', 'é', 'z');
  create table bare (id integer primary key);
  create view birds as select * from bird;
`;

const ROOT = { id: "root" };
let site;
before(async () => {
  site = await openSite({ pen: SQL }, ["--root"]);
});
after(() => site?.close());

// Proves: JS-01
test("the version comes first, then the scripts of the server in their order", async () => {
  for (const path of ["/", "/pen", "/pen/bird", "/pen/bird/1", "/pen/-/query?sql=select+1", "/-/versions", "/nowhere"]) {
    const page = await site.visit(path);
    const found = await page.evaluate(() => {
      const scripts = [...document.scripts];
      const place = (name) => scripts.findIndex((script) => new URL(script.src || "x:/", location).pathname.endsWith(`/${name}`));
      const [modal, manager, search] = ["modal.js", "datasette-manager.js", "navigation-search.js"].map(place);
      const version = scripts.findIndex((script) => script.textContent.includes("datasetteVersion"));
      return {
        type: typeof window.datasetteVersion,
        ordered: version >= 0 && version < modal && modal < manager && manager < search,
        deferred: [modal, manager, search].every((index) => scripts[index].defer),
        inHead: document.head.contains(scripts[manager]),
        inBody: document.body.contains(scripts[search]),
      };
    });
    assert.deepEqual(found, { type: "string", ordered: true, deferred: true, inHead: true, inBody: true }, path);
    await page.context().close();
  }
});

// Proves: JS-17
test("there is a place for panels above the rows, of which there may be none", async () => {
  for (const [path, places] of [["/pen/bird", 1], ["/pen/bare", 1], ["/pen/birds", 1], ["/pen/bird/1", 1], ["/pen", 0], ["/", 0]]) {
    const page = await site.visit(path);
    assert.equal(await page.locator(".above-table-panel").count(), places, path);
    await page.context().close();
  }
});

// Proves: JS-38, JS-39
test("headers and rows tell what they are about", async () => {
  const page = await site.visit("/pen/bird");
  const heads = await page.locator("table.rows-and-columns th").evaluateAll((cells) => cells.map((cell) => ({ ...cell.dataset })));
  assert.deepEqual(heads, [
    { column: "id", columnType: "integer", columnNotNull: "0", isPk: "1" },
    { column: "name", columnType: "text", columnNotNull: "1", isPk: "0" },
    { column: "weight", columnType: "real", columnNotNull: "0", isPk: "0" },
    { column: "habitat_id", columnType: "integer", columnNotNull: "0", isPk: "0" },
    { column: "photo", columnType: "blob", columnNotNull: "0", isPk: "0" },
    { column: "note", columnType: "", columnNotNull: "0", isPk: "0" },
  ]);
  const rows = await page.locator("table.rows-and-columns tbody tr").evaluateAll((all) => all.map((row) => [row.dataset.row, row.dataset.rowLabel]));
  assert.deepEqual(rows, [["1", "Wren"], ["2", "Robin"]]);
  const kinds = await page.locator('tr[data-row="1"] td').evaluateAll((cells) => cells.map((cell) => cell.className));
  assert.deepEqual(kinds, [
    "col-id type-pk", "col-name type-str", "col-weight type-float", "col-habitat_id type-int", "col-photo type-bytes", "col-note type-none",
  ]);
  await page.context().close();

  const pairs = await site.visit("/pen/pair");
  const link = pairs.locator("table.rows-and-columns th").first();
  assert.equal(await link.getAttribute("data-is-link-column"), "1");
  assert.equal(await pairs.locator("tbody tr").getAttribute("data-row"), "x~2Fy,~C3~A9");
  await pairs.context().close();

  const described = await site.visit("/birds/sighting");
  const descriptions = await described.locator("th[data-column-description]").count();
  assert.ok(descriptions > 0);
  await described.context().close();
});

// Proves: JS-40, JS-41
test("facets and the stable containers are there", async () => {
  const page = await site.visit("/pen/bird?_facet=name");
  assert.equal(await page.locator('.facet-results [data-column="name"]').count(), 1);
  const values = await page.locator('[data-column="name"] [data-facet-value]').evaluateAll((links) => links.map((one) => one.dataset.facetValue));
  assert.deepEqual(values.sort(), ["Robin", "Wren"]);
  for (const selector of [".table-wrapper", "table.rows-and-columns", "td.type-pk a", "form.filters", "section.content", ".page-header", ".export-links a[href*=json]"]) {
    assert.ok((await page.locator(selector).count()) > 0, selector);
  }
  await page.context().close();
  for (const path of ["/pen", "/pen/-/query?sql=select+1"]) {
    const query = await site.visit(path);
    assert.equal(await query.locator("form.sql").count(), 1, path);
    await query.context().close();
  }
});

// Proves: JS-42, CTX-72, CTX-73, CTX-74, CTX-75, CTX-85
test("pages hand their data to scripts, each visitor what is theirs", async () => {
  const data = (page) =>
    page.evaluate(() => ({
      table: window._datasetteTableData,
      database: window._datasetteDatabaseData,
      chooser: window._columnChooserData,
      types: window._setColumnTypeData,
      facets: typeof DATASETTE_ALLOW_FACET === "undefined" ? undefined : DATASETTE_ALLOW_FACET,
    }));
  const anonymous = await site.visit("/pen/bird");
  const seen = await data(anonymous);
  assert.deepEqual(seen, {
    table: { database: "pen", table: "bird", tableUrl: "/pen/bird", foreignKeys: { habitat_id: "/pen/habitat/-/autocomplete" } },
    database: undefined,
    chooser: {
      allColumns: ["id", "name", "weight", "habitat_id", "photo", "note"],
      selectedColumns: ["id", "name", "weight", "habitat_id", "photo", "note"],
      primaryKeys: ["id"],
    },
    types: undefined,
    facets: true,
  });
  await anonymous.context().close();

  const page = await site.visit("/pen/bird", WIDE, ROOT);
  const { table, types } = await data(page);
  assert.deepEqual(Object.keys(table).sort(), ["alterTable", "database", "foreignKeys", "insertRow", "table", "tableUrl"]);
  assert.deepEqual(
    Object.keys(table.insertRow).sort(),
    ["bulkColumns", "columns", "maxInsertRows", "path", "primaryKeys", "tableName", "upsertPath"].sort()
  );
  assert.equal(table.insertRow.path, "/pen/bird/-/insert");
  assert.deepEqual(table.insertRow.primaryKeys, ["id"]);
  assert.equal(table.alterTable.path, "/pen/bird/-/alter");
  assert.deepEqual(table.alterTable.primaryKeys, ["id"]);
  for (const key of ["path", "tableName", "columns", "primaryKeys", "columnTypes", "defaultExpressions"]) {
    assert.ok(key in table.alterTable, key);
  }
  assert.deepEqual(Object.keys(types).sort(), ["columns", "path"]);
  assert.equal(types.path, "/pen/bird/-/set-column-type");
  await page.context().close();

  const row = await site.visit("/pen/bird/1", WIDE, ROOT);
  const ofRow = await data(row);
  assert.deepEqual([ofRow.table.database, ofRow.table.table, ofRow.table.tableUrl], ["pen", "bird", "/pen/bird"]);
  await row.context().close();
  const read = await site.visit("/pen/bird/1");
  assert.equal((await data(read)).table, undefined);
  await read.context().close();

  const database = await site.visit("/pen", WIDE, ROOT);
  assert.equal((await data(database)).database.createTable.path, "/pen/-/create");
  await database.context().close();
});
