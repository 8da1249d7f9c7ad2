// Inserting many rows: paste, open or drop a text, look at the rows, send them in batches.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, show } from "./look.js";
import { openSite, PHONE, WIDE } from "./site.js";
import { getsFocus } from "./focus.js";

const SQL = `
  create table bird (id integer primary key, name text not null, weight real default 3);
  insert into bird values (1, 'Wren', 9.5);
  create table batch (id integer primary key, name text unique);
  create table plain (v text);
`;

const ROOT = { id: "root" };
let site;
before(async () => {
  site = await openSite({ pen: SQL }, ["--root", "-s", "max_insert_rows", "2"]);
});
after(() => site?.close());

const parts = (page) => ({
  dialog: page.locator("dialog[open]"),
  alert: page.locator("dialog[open] .modal-error"),
  text: page.locator("dialog[open] .row-edit-bulk-textarea"),
  progress: page.locator("dialog[open] .row-edit-bulk-progress-status"),
  bar: page.locator("dialog[open] progress"),
  mode: page.locator("dialog[open] .row-edit-bulk-conflict-mode"),
  save: page.locator("dialog[open] .row-edit-save"),
  press: (name) => page.locator("dialog[open]").getByRole("button", { name, exact: true }).click(),
});

async function open(path, options = WIDE, actor = ROOT) {
  const page = await site.visit(path, options, actor);
  await page.locator('button[data-table-action="insert-row"]').click();
  await page.locator("dialog[open]").getByRole("button", { name: "Insert multiple rows" }).click();
  return page;
}

const previewed = (page) =>
  page.locator("dialog[open] table tbody tr").evaluateAll((rows) => rows.map((row) => Array.from(row.cells, (cell) => cell.textContent)));

/** The bodies that are sent from now on. */
function bodies(page) {
  const sent = [];
  page.on("request", (request) => {
    if (request.method() === "POST") {
      sent.push([new URL(request.url()).pathname, request.postData()]);
    }
  });
  return sent;
}

// Proves: UI-25, UI-28, UI-32, HTML-90
test("rows are pasted, looked at and sent in batches", async () => {
  const page = await open("/pen/bird?name=nothing");
  const { dialog, text, progress, bar, press } = parts(page);
  assert.equal(await dialog.locator(".modal-title").innerText(), "Insert multiple rows into bird");
  await press("Insert single row");
  assert.equal(await dialog.locator(".modal-title").innerText(), "Insert row into bird");
  await press("Insert multiple rows");
  await text.fill("name\tweight\nRook\t4\nKite\t\nJay\t1.5\nOwl\t6\nTit\t7");
  await press("Preview rows");
  assert.equal(await dialog.locator(".row-edit-bulk-preview-summary").innerText(), "Previewing 5 rows.");
  assert.deepEqual((await previewed(page)).slice(0, 2), [["auto", "Rook", "4"], ["auto", "Kite", "null"]]);
  await press("Back");
  assert.match(await text.inputValue(), /^name\tweight/);
  await press("Preview rows");
  const sent = bodies(page);
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route("**/-/insert", async (route) => {
    if (route.request().postData().includes("Jay")) {
      await held;
    }
    await route.continue();
  });
  await press("Insert these rows");
  await progress.getByText("Inserting 2 of 5 rows...").waitFor();
  assert.equal(await bar.getAttribute("max"), "5");
  assert.equal(await bar.evaluate((element) => element.value), 2);
  await page.keyboard.press("Escape");
  assert.equal(await dialog.count(), 1);
  release();
  await progress.getByText("5 rows inserted.").waitFor();
  assert.deepEqual(sent, [
    ["/pen/bird/-/insert", '{"rows":[{"name":"Rook","weight":4},{"name":"Kite","weight":null}]}'],
    ["/pen/bird/-/insert", '{"rows":[{"name":"Jay","weight":1.5},{"name":"Owl","weight":6}]}'],
    ["/pen/bird/-/insert", '{"rows":[{"name":"Tit","weight":7}]}'],
  ]);
  await press("Close and view table");
  await page.waitForURL("**/pen/bird");
  assert.equal(await page.locator("tr[data-row]").count(), 6);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

// Proves: UI-30, UI-31, UI-32, HTML-91
test("rows that exist are skipped, refused or updated", async () => {
  const page = await open("/pen/bird");
  const { alert, text, progress, mode, press } = parts(page);
  await text.fill("name\nx");
  assert.equal(await mode.isVisible(), false);
  await text.fill("id,name\n1,Wren again\n50,New");
  assert.equal(await mode.inputValue(), "ignore");
  assert.deepEqual(await mode.locator("option").allInnerTexts(), [
    "Stop with an error", "Skip existing rows", "Update existing and insert new",
  ]);
  const sent = bodies(page);
  await press("Preview rows");
  await press("Insert these rows");
  await progress.getByText("2 rows processed.").waitFor();
  assert.equal(sent[0][1], '{"rows":[{"id":1,"name":"Wren again"},{"id":50,"name":"New"}],"ignore":true}');
  await page.keyboard.press("Escape");
  await page.waitForURL("**/pen/bird");
  assert.match(await page.locator('tr[data-row="1"]').innerText(), /Wren(?! again)/);

  await page.locator('button[data-table-action="insert-row"]').click();
  await press("Insert multiple rows");
  await text.fill("id,name\n1,Wren again\n51,Other");
  await mode.selectOption("insert");
  await press("Preview rows");
  await press("Insert these rows");
  await alert.getByText(/UNIQUE constraint failed/).waitFor();
  await press("Back");
  await mode.selectOption("upsert");
  await text.fill('[{"id": 1, "name": "Wren again"}, {"name": "keyless"}]');
  await press("Preview rows");
  await press("Update or insert rows");
  await alert.getByText("Row 2 is missing primary key id. Upsert requires primary key values for every row.").waitFor();
  await press("Back");
  await text.fill('[{"id": 1, "name": "Wren again"}]');
  await press("Preview rows");
  await press("Update or insert rows");
  await progress.getByText("1 row upserted.").waitFor();
  assert.deepEqual(sent.at(-1), ["/pen/bird/-/upsert", '{"rows":[{"id":1,"name":"Wren again"}]}']);
  await press("Close and view table");
  await page.locator('tr[data-row="1"]').getByText("Wren again").waitFor();
  await page.context().close();
});

// Proves: UI-32
test("a batch that fails stops; earlier batches stay and are not sent again", async () => {
  const page = await open("/pen/batch");
  const { alert, text, progress, press, save } = parts(page);
  await text.fill("name\na\nb\na\nc");
  await press("Preview rows");
  await press("Insert these rows");
  await alert.getByText(/UNIQUE constraint failed: batch\.name/).waitFor();
  assert.equal(await progress.innerText(), "Stopped: 2 of 4 rows inserted.");
  const sent = bodies(page);
  assert.equal(await save.isEnabled(), true);
  await press("Insert these rows");
  await page.waitForFunction(() => !document.querySelector("dialog[open] .row-edit-save").disabled);
  assert.deepEqual(sent, [["/pen/batch/-/insert", '{"rows":[{"name":"a"},{"name":"c"}]}']]);
  page.on("dialog", (question) => void question.accept());
  await page.keyboard.press("Escape");
  await page.waitForURL("**/pen/batch");
  await page.locator("tr[data-row]").first().waitFor();
  assert.equal(await page.locator("tr[data-row]").count(), 2);
  await page.context().close();
});

// Proves: UI-25, UI-29, UI-33
test("files, drops, live checks and the template", async () => {
  const page = await open("/pen/bird");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const { alert, text, save, press } = parts(page);
  await press("Preview rows");
  await alert.getByText("Paste rows before previewing.").waitFor();
  await text.fill("name,colour\na,b");
  await alert.getByText("Unknown column colour in header row.").waitFor();
  assert.equal(await save.isDisabled(), true);
  await getsFocus(text);
  await text.fill('[{"name": ');
  assert.equal(await alert.innerText(), "");
  assert.equal(await save.isDisabled(), false);
  await press("Preview rows");
  await alert.getByText(/^Invalid JSON: /).waitFor();

  await page.locator("dialog[open] .row-edit-bulk-file-input").setInputFiles({
    name: "birds.csv", mimeType: "text/csv", buffer: Buffer.from("name\nFrom a file\n"),
  });
  await page.waitForFunction(() => document.querySelector(".row-edit-bulk-textarea").value.includes("From a file"));
  await text.evaluate((area) => {
    const data = new DataTransfer();
    data.items.add(new File(["name\nDropped\n"], "birds.txt"));
    area.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await page.waitForFunction(() => document.querySelector(".row-edit-bulk-textarea").value.includes("Dropped"));
  await press("Copy spreadsheet template");
  await page.locator("dialog[open]").getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "name\tweight");

  const asked = [];
  page.on("dialog", (question) => {
    asked.push(question.message());
    void question.dismiss();
  });
  await page.keyboard.press("Escape");
  assert.deepEqual(asked, ["Discard this new row?"]);
  assert.match(await text.inputValue(), /Dropped/);
  await page.context().close();
});

test("a table without a key, and fields that are kept beside the text", async () => {
  const page = await open("/pen/plain");
  const { dialog, text, progress, mode, press } = parts(page);
  await press("Insert single row");
  await dialog.locator('.row-edit-input[name="v"]').fill("kept");
  await press("Insert multiple rows");
  await text.fill("one value\nanother, with a comma");
  assert.equal(await mode.isVisible(), false);
  await text.fill("v\none value\n\"another, with a comma\"");
  await press("Insert single row");
  assert.equal(await dialog.locator('.row-edit-input[name="v"]').inputValue(), "kept");
  await press("Insert multiple rows");
  await press("Preview rows");
  await press("Insert these rows");
  await progress.getByText("2 rows inserted.").waitFor();
  await press("Close and view table");
  await page.locator("tr[data-row]").first().waitFor();
  assert.equal(await page.locator("tr[data-row]").count(), 2);
  await page.context().close();
});

for (const [device, options] of [["a wide screen", WIDE], ["a phone", PHONE]]) {
  test(`axe finds nothing serious while rows are pasted and previewed on ${device}`, async () => {
    const page = await open("/pen/bird", options);
    const { dialog, text, press } = parts(page);
    for (const colorScheme of ["light", "dark"]) {
      await show(page, colorScheme);
      await text.fill("id,name,weight\n1,Wren,2,3");
      assert.deepEqual(await serious(page), []);
      await text.fill(`id,name,weight\n1,Wren,2\n2,${"a long name ".repeat(9)},`);
      await press("Preview rows");
      assert.deepEqual(await serious(page), []);
      const box = await dialog.boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= options.viewport.width);
      assert.ok(await dialog.evaluate((element) => element.scrollWidth <= element.clientWidth));
      await press("Back");
    }
    await page.context().close();
  });
}
