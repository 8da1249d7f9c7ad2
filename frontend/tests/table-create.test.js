// The dialog that makes a table: from columns, from rows; what is sent, what is said, how it closes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, show } from "./look.js";
import { openSite, PHONE, WIDE } from "./site.js";
import { focusBecomes, getsFocus } from "./focus.js";

const SQL = `
  create table town (id integer primary key, name text not null);
  insert into town values (1, 'Ashby'), (2, 'Birk');
  create table scale (weight real primary key);
`;

const ROOT = { id: "root" };
let site;
before(async () => {
  site = await openSite({ pen: SQL }, ["--root"]);
});
after(() => site?.close());

const parts = (page) => ({
  dialog: page.locator("dialog[open]"),
  title: page.locator("dialog[open] .modal-title"),
  alert: page.locator("dialog[open] .modal-error"),
  name: page.locator("dialog[open]").getByLabel("Table name"),
  row: (place) => page.locator("dialog[open] .table-create-column-row").nth(place),
  text: page.locator("dialog[open] .table-create-data-textarea"),
  save: page.locator("dialog[open] .table-create-save"),
  press: (name) => page.locator("dialog[open]").getByRole("button", { name, exact: true }).click(),
});

async function open(options = WIDE, path = "/pen", actor = ROOT) {
  const page = await site.visit(path, options, actor);
  await page.locator("summary", { hasText: "Database actions" }).click();
  await page.locator('button[data-database-action="create-table"]').click();
  await page.locator("dialog[open]").waitFor();
  return page;
}

/** The bodies that are sent from now on, by path. */
function bodies(page) {
  const sent = [];
  page.on("request", (request) => {
    if (request.method() === "POST") {
      sent.push([new URL(request.url()).pathname, request.postData()]);
    }
  });
  return sent;
}

const focused = (page, wanted) => focusBecomes(page, (element) => element.id || element.className, wanted);
const schemaOf = async (page, table) => {
  const answer = await page.request.get(`${site.base}/pen/-/schema.json`);
  const { schema } = await answer.json();
  return schema.split(";\n").find((part) => part.includes(`"${table}"`));
};
const rowsOf = async (page, table) => (await (await page.request.get(`${site.base}/pen/${table}.json`)).json()).rows;

// Proves: UI-08, UI-12, UI-34, HTML-93, HTML-94
test("a table is made of columns, and shown", async () => {
  const page = await open();
  const { dialog, title, name, row, press, save } = parts(page);
  assert.equal(await dialog.getAttribute("id"), "table-create-dialog");
  assert.equal(await title.innerText(), "Create a table in pen");
  await focused(page, "table-create-name");
  const start = await dialog.locator(".table-create-column-name").evaluateAll((all) => all.map((input) => input.value));
  assert.deepEqual(start, ["id", ""]);
  assert.match(await row(0).innerText(), /Primary key/);
  await name.fill(" bird ");
  await row(1).locator(".table-create-column-name").fill("name");
  await row(1).getByRole("button", { name: "Advanced options" }).click();
  await row(1).getByLabel("Not null").check();
  await press("Add column");
  await row(2).locator(".table-create-column-name").fill("seen");
  await row(2).getByRole("button", { name: "Advanced options" }).click();
  await row(2).getByText("Set a default value").click();
  await row(2).getByLabel("Default expression").selectOption("current_unixtime");
  await press("Add column");
  await row(3).locator(".table-create-column-name").fill("mood");
  await row(3).getByRole("button", { name: "Advanced options" }).click();
  await row(3).getByText("Set a default value").click();
  await row(3).getByLabel("or default to a specific value").fill("calm");
  await press("Add column");
  await row(4).getByRole("button", { name: "Advanced options" }).click();
  await row(4).getByLabel("Foreign key").selectOption({ label: "town.id (integer)" });
  const sent = bodies(page);
  assert.equal(await save.innerText(), "Create table");
  await save.click();
  await page.waitForURL("**/pen/bird");
  assert.deepEqual(sent.map(([path, body]) => [path, JSON.parse(body)]), [
    [
      "/pen/-/create",
      {
        table: "bird",
        columns: [
          { name: "id", type: "integer" },
          { name: "name", type: "text", not_null: true },
          { name: "seen", type: "integer", default_expr: "current_unixtime" },
          { name: "mood", type: "text", default: "calm" },
          { name: "town_id", type: "integer", fk_table: "town", fk_column: "id" },
        ],
        pk: "id",
      },
    ],
  ]);
  const schema = await schemaOf(page, "bird");
  assert.match(schema, /"town_id" INTEGER REFERENCES "town"\("id"\)/);
  assert.deepEqual(page.complaints, []);
});

// Proves: UI-34
test("several keys are sent as such, in the order of the columns", async () => {
  const page = await open();
  const { name, row, save } = parts(page);
  await name.fill("pair");
  await row(1).locator(".table-create-column-name").fill("code");
  await row(1).getByRole("button", { name: "Advanced options" }).click();
  await row(1).getByLabel("Primary key").check();
  const sent = bodies(page);
  await save.click();
  await page.waitForURL("**/pen/pair");
  assert.deepEqual(JSON.parse(sent[0][1]).pks, ["id", "code"]);
  assert.match(await schemaOf(page, "pair"), /PRIMARY KEY \("id", "code"\)/);
});

// Proves: UI-14, UI-35, HTML-95
test("what is wrong is told before anything is sent, and what was typed stays", async () => {
  const page = await open();
  const { alert, name, row, press, save, dialog } = parts(page);
  const sent = bodies(page);
  const says = async (words) => {
    await save.click();
    assert.equal(await alert.innerText(), words);
  };
  await says("Table name is required.");
  await focused(page, "table-create-name");
  assert.equal(await name.getAttribute("aria-invalid"), "true");
  await name.fill("SQLITE_x");
  assert.equal(await alert.innerText(), "");
  await says("Table name cannot start with sqlite_.");
  await name.fill("fine");
  await says("Column name is required.");
  await getsFocus(row(1).locator(".table-create-column-name"));
  assert.equal(await row(1).locator(".table-create-column-name").getAttribute("aria-invalid"), "true");
  await page.keyboard.type("ID");
  assert.equal(await alert.innerText(), "");
  await says("Duplicate column name: ID");
  for (const place of [1, 0]) {
    await row(place).getByRole("button", { name: "Remove column" }).click();
  }
  await says("At least one column is required.");
  await focused(page, "schema-add-column table-create-add-column");
  await press("Add column");
  await row(0).locator(".table-create-column-name").fill("a");
  assert.deepEqual(sent, []);
  await name.fill("town");
  await save.click();
  await alert.filter({ hasText: 'table "town" already exists' }).waitFor();
  assert.equal(sent.length, 1);
  assert.equal(await name.inputValue(), "town");
  assert.equal(await row(0).locator(".table-create-column-name").inputValue(), "a");
  assert.equal(await alert.getAttribute("role"), "alert");
  assert.equal(await save.isEnabled(), true);
  assert.equal(await dialog.count(), 1);
});

// Proves: UI-36
test("custom types are set once the table is there", async () => {
  const page = await open();
  const { name, row, save } = parts(page);
  await name.fill("people/é");
  await row(1).locator(".table-create-column-name").fill("mail");
  await row(1).getByLabel("Column type").selectOption("blob");
  await row(1).getByRole("button", { name: "Advanced options" }).click();
  await row(1).getByLabel("Custom type").selectOption("email");
  assert.equal(await row(1).getByLabel("Column type").inputValue(), "text");
  const sent = bodies(page);
  await save.click();
  await page.waitForURL("**/pen/people~2F*");
  assert.deepEqual(sent[1], ["/pen/people~2F~C3~A9/-/set-column-type", '{"column":"mail","column_type":{"type":"email"}}']);
  const answer = await page.request.get(`${page.url()}.json?_extra=column_types`);
  assert.equal((await answer.json()).column_types.mail.type, "email");
});

// Proves: UI-36
test("a custom type that cannot be set is told, and the table is not made twice", async () => {
  const page = await open();
  const { alert, name, row, save, dialog } = parts(page);
  await page.route("**/-/set-column-type", (route) => route.fulfill({ status: 403, json: { ok: false, errors: ["No", "way"] } }));
  await name.fill("half");
  await row(1).locator(".table-create-column-name").fill("link");
  await row(1).getByRole("button", { name: "Advanced options" }).click();
  await row(1).getByLabel("Custom type").selectOption("url");
  const sent = bodies(page);
  await save.click();
  await alert.filter({ hasText: "Created table" }).waitFor();
  assert.equal(await alert.innerText(), "Created table, but could not set custom type for link: No way");
  assert.equal(sent.length, 2);
  assert.equal(await save.innerText(), "View table");
  await save.click();
  await page.waitForURL("**/pen/half");
  assert.equal(sent.length, 2);
  assert.equal(await dialog.count(), 0);
});

test("the browser stays where it is when the server goes by another name", async () => {
  const page = await open();
  const { name, row, save } = parts(page);
  await page.route("**/-/create", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    await route.fulfill({ response, json: { ...answer, table_url: "https://inner.example/pen/proxied" } });
  });
  await name.fill("proxied");
  await row(1).locator(".table-create-column-name").fill("mail");
  await row(1).getByRole("button", { name: "Advanced options" }).click();
  await row(1).getByLabel("Custom type").selectOption("email");
  await save.click();
  await page.waitForURL(`${site.base}/pen/proxied`);
});

// Proves: UI-12, UI-13
test("closing asks when something would be lost, and the focus goes back", async () => {
  const page = await open();
  const { dialog, name, press } = parts(page);
  const asked = [];
  let answer = false;
  page.on("dialog", (box) => {
    asked.push(box.message());
    void (answer ? box.accept() : box.dismiss());
  });
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(asked, []);
  await focusBecomes(page, (element) => element.localName, "summary");
  await page.locator("summary", { hasText: "Database actions" }).press("Enter");
  await page.locator('button[data-database-action="create-table"]').press("Enter");
  await name.fill("x");
  await press("Cancel");
  assert.deepEqual(asked, ["Discard this new table?"]);
  assert.equal(await name.inputValue(), "x");
  await name.fill("");
  await press("Add column");
  await page.mouse.click(5, 5);
  await page.keyboard.press("Escape");
  assert.equal(asked.length, 3);
  assert.equal(await dialog.count(), 1);
  answer = true;
  await press("Close");
  await dialog.waitFor({ state: "detached" });
  assert.equal(asked.length, 4);
  await page.locator("summary", { hasText: "Database actions" }).click();
  await page.locator('button[data-database-action="create-table"]').click();
  await dialog.waitFor();
  assert.equal(await dialog.locator(".table-create-column-row").count(), 2);
});

// Proves: UI-12
test("nothing closes while the server is asked", async () => {
  const page = await open();
  const { dialog, name, row, save } = parts(page);
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route("**/-/create", async (route) => {
    await held;
    await route.fulfill({ status: 400, json: { ok: false, errors: ["Not today"] } });
  });
  await name.fill("slow");
  await row(1).locator(".table-create-column-name").fill("a");
  await save.click();
  assert.equal(await save.innerText(), "Creating...");
  assert.equal(await save.isDisabled(), true);
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  assert.equal(await dialog.count(), 1);
  release();
  await page.locator("dialog[open] .modal-error", { hasText: "Not today" }).waitFor();
  assert.equal(await save.innerText(), "Create table");
  assert.equal(await name.inputValue(), "slow");
});

// Proves: UI-37, UI-38, HTML-96
test("a table is made of rows", async () => {
  const page = await open();
  const { dialog, alert, name, text, press, save } = parts(page);
  await press("Create table from data");
  await focused(page, "table-create-data-textarea");
  assert.equal(await save.innerText(), "Preview rows");
  await save.click();
  assert.equal(await alert.innerText(), "Paste rows before previewing.");
  await text.fill("name,weight,zip\nRook,480,02139\nKite,,10115");
  assert.equal(await alert.innerText(), "");
  await press("Create table manually");
  assert.equal(await dialog.locator(".table-create-column-row").count(), 2);
  await press("Create table from data");
  await press("Preview rows");
  assert.equal(await dialog.locator(".table-create-data-preview-summary").innerText(), "Previewing 2 rows.");
  const cells = () => dialog.locator("tbody tr").evaluateAll((rows) => rows.map((each) => Array.from(each.cells, (cell) => cell.textContent)));
  assert.deepEqual(await cells(), [["Rook", "480", "2139"], ["Kite", "null", "10115"]]);
  const choice = dialog.getByLabel("Primary key");
  assert.equal(await choice.inputValue(), "name");
  assert.deepEqual(await choice.locator("option").allTextContents(), ["Automatic ID column", "name", "weight", "zip"]);
  await dialog.getByLabel("Type of zip").selectOption("text");
  assert.deepEqual((await cells())[0], ["Rook", "480", "02139"]);
  await press("Back");
  assert.match(await text.inputValue(), /^name,weight/);
  await press("Preview rows");
  await dialog.getByLabel("Primary key").selectOption({ label: "Automatic ID column" });
  await save.click();
  assert.equal(await alert.innerText(), "Table name is required.");
  await name.fill("weights");
  const sent = bodies(page);
  await save.click();
  await page.waitForURL("**/pen/weights");
  assert.deepEqual(sent, [
    [
      "/pen/-/create",
      '{"table":"weights","rows":[{"name":"Rook","weight":480,"zip":2139},{"name":"Kite","weight":null,"zip":10115}],"pk":"id"}',
    ],
  ]);
  assert.deepEqual(await rowsOf(page, "weights"), [
    { id: 1, name: "Rook", weight: 480, zip: 2139 },
    { id: 2, name: "Kite", weight: null, zip: 10115 },
  ]);
});

// Proves: UI-38
test("rows with an id of their own are not numbered again", async () => {
  const page = await open();
  const { dialog, alert, name, text, press, save } = parts(page);
  await press("Create table from data");
  await name.fill("numbered");
  await text.fill("Id,name\n1,Rook\n1,Kite");
  await press("Preview rows");
  await dialog.getByLabel("Primary key").selectOption({ label: "Automatic ID column" });
  await save.click();
  const words = "Automatic ID column cannot be used because the pasted data already has an id column.";
  assert.equal(await alert.innerText(), words);
  await dialog.getByLabel("Primary key").selectOption("name");
  await save.click();
  await page.waitForURL("**/pen/numbered");
  assert.match(await schemaOf(page, "numbered"), /"name" TEXT PRIMARY KEY/);
});

test("rows are not added to a table that is there", async () => {
  const page = await open();
  const { alert, name, text, press, save } = parts(page);
  await press("Create table from data");
  await name.fill("town");
  await text.fill("id,name\n7,Corby");
  await press("Preview rows");
  const sent = bodies(page);
  await save.click();
  await alert.filter({ hasText: 'table "town" already exists' }).waitFor();
  assert.deepEqual(sent, []);
});

// Proves: UI-37
test("a file is opened or dropped, and names the table", async () => {
  const page = await open();
  const { name, text, press } = parts(page);
  await press("Create table from data");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press("open a file")]);
  const file = (fileName, content) => ({ name: fileName, mimeType: "text/csv", buffer: Buffer.from(content) });
  await chooser.setFiles(file("My Birds 2024 (é).csv", "a,b\n1,2"));
  await page.waitForFunction(() => document.querySelector(".table-create-data-textarea").value !== "");
  assert.equal(await text.inputValue(), "a,b\n1,2");
  assert.equal(await name.inputValue(), "my_birds_2024_");
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["c\n5"], "Other.tsv"));
    const target = document.querySelector(".table-create-data-textarea");
    target.dispatchEvent(new DragEvent("dragover", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    window.marked = target.classList.contains("table-create-data-drop-target");
    target.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
  await page.waitForFunction(() => document.querySelector(".table-create-data-textarea").value === "c\n5");
  assert.equal(await page.evaluate(() => window.marked), true);
  assert.equal(await name.inputValue(), "other");
  await name.fill("mine");
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["d\n6"], "third.json"));
    const drop = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.querySelector(".table-create-data-textarea").dispatchEvent(drop);
  });
  await page.waitForFunction(() => document.querySelector(".table-create-data-textarea").value === "d\n6");
  assert.equal(await name.inputValue(), "mine");
});

// Proves: UI-13
test("rows that were pasted are not lost without a question", async () => {
  const page = await open();
  const { dialog, text, press } = parts(page);
  const asked = [];
  page.on("dialog", (box) => {
    asked.push(box.message());
    void box.dismiss();
  });
  await press("Create table from data");
  await text.fill("a\n1");
  await press("Preview rows");
  await page.keyboard.press("Escape");
  assert.deepEqual(asked, ["Discard this new table?"]);
  assert.equal(await dialog.count(), 1);
});

// Proves: UI-08
test("visitors who may not make tables find no way to", async () => {
  const page = await site.visit("/pen");
  assert.equal(await page.locator('[data-database-action="create-table"]').count(), 0);
  assert.equal(await page.evaluate(() => "_datasetteDatabaseData" in window), false);
});

test("both ways are good to use in light and dark, on a wide screen and a phone", async () => {
  for (const size of [WIDE, PHONE]) {
    const page = await open(size);
    const { dialog, row, text, press } = parts(page);
    await row(1).getByRole("button", { name: "Advanced options" }).click();
    await row(1).getByText("Set a default value").click();
    const fits = () => dialog.evaluate((node) => node.scrollWidth <= node.clientWidth && node.getBoundingClientRect().right <= innerWidth);
    for (const scheme of ["light", "dark"]) {
      await show(page, scheme);
      assert.deepEqual(await serious(page), []);
      assert.equal(await fits(), true);
    }
    await press("Create table from data");
    await text.fill("name,weight\nRook,480");
    await press("Preview rows");
    for (const scheme of ["light", "dark"]) {
      await show(page, scheme);
      assert.deepEqual(await serious(page), []);
      assert.equal(await fits(), true);
    }
    assert.deepEqual(page.complaints, []);
  }
});
