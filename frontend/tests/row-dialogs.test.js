// The dialogs that insert, edit and delete rows: what is sent, what the page shows then, keyboard,
// errors, phones.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, show } from "./look.js";
import { openSite, PHONE, WIDE } from "./site.js";
import { focusBecomes, getsFocus } from "./focus.js";

const SQL = `
  create table town (id integer primary key, name text not null);
  insert into town values (1, 'Ashby'), (2, 'Birk'), (3, 'Ashcombe');
  create table bird (
    id integer primary key,
    name text not null,
    weight real,
    town_id integer references town(id),
    note text,
    mood text default 'calm',
    photo blob
  );
  insert into bird values
    (1, 'Wren', 9.5, 1, null, 'calm', null),
    (2, 'Robin', 18, 2, 'two' || char(10) || 'lines', 'bold', x'89504e470d0a1a0a'),
    (3, 'Merlin', 200, null, 'x', null, null);
  create table big (id integer primary key, n integer);
  insert into big values (9007199254740993, 9007199254740995);
  create table pair (a text, b text, v text, primary key (a, b));
  insert into pair values ('x/y', 'é ~', 'z');
  create table loose (v);
  insert into loose values ('text in a column without a type');
  create table odd (id integer primary key, "__proto__" text, "constructor" text, doubled integer as (id * 2));
  insert into odd (id, "__proto__", "constructor") values (1, 'a', 'b');
  create table only_key (id integer primary key);
  create table doc (id integer primary key, body text, story text);
  insert into doc values (1, '{"a": 1}', 'short');
  create table alone (id integer primary key);
  insert into alone values (7);
  create table leaning (id integer primary key, alone_id integer references alone(id));
  create view birds as select * from bird;
`;

const ROOT = { id: "root" };
let site;
before(async () => {
  site = await openSite({ pen: SQL }, ["--root", "-s", "databases.pen.tables.doc.column_types.body", "json"]);
});
after(() => site?.close());

const parts = (page) => ({
  dialog: page.locator("dialog[open]"),
  title: page.locator("dialog[open] .modal-title"),
  alert: page.locator("dialog[open] .modal-error"),
  status: page.locator(".row-mutation-status"),
  field: (name) => page.locator(`dialog[open] .row-edit-input[name="${name}"]`),
  press: (name) => page.locator("dialog[open]").getByRole("button", { name, exact: true }).click(),
  row: (id) => page.locator(`tr[data-row="${id}"]`),
  focused: (wanted) => focusBecomes(page, (element) => element.getAttribute("aria-label") ?? element.className, wanted),
});

/** The body of the next call that writes, once it was made. */
function nextBody(page) {
  return page.waitForRequest((request) => request.method() === "POST").then((request) => request.postData());
}

/** Opens the form of a row and waits until it was read. */
async function edit(page, id) {
  await page.locator(`tr[data-row="${id}"] button[data-row-action="edit"]`).click();
  await page.locator("dialog[open] .row-edit-field").first().waitFor();
}

async function openInsert(page) {
  await page.locator('button[data-table-action="insert-row"]').click();
  await page.locator("dialog[open] .row-edit-save:enabled").waitFor();
}

// Proves: UI-15, UI-16, UI-17, HTML-82, HTML-83
test("a row is edited: only what changed is sent, and the row is shown as it is now", async () => {
  const page = await site.visit("/pen/bird", WIDE, ROOT);
  const { dialog, title, status, field, press, row, focused } = parts(page);
  await edit(page, 1);
  assert.equal(await dialog.getAttribute("id"), "row-edit-dialog");
  assert.equal(await title.innerText(), "Edit row 1 Wren");
  assert.equal(await field("id").evaluate((input) => input.readOnly), true);
  await getsFocus(field("name"));
  await field("name").fill("Jenny Wren");
  const body = nextBody(page);
  await press("Save");
  assert.equal(await body, '{"update":{"name":"Jenny Wren"},"return":true}');
  await status.waitFor();
  assert.equal(await status.innerText(), "Updated row 1.");
  assert.match(await row(1).innerText(), /Jenny Wren/);
  assert.equal(await row(1).getAttribute("data-row-label"), "Jenny Wren");
  await focused("Edit row 1 Jenny Wren");

  // Nothing changed: nothing is sent.
  let calls = 0;
  page.on("request", (request) => {
    calls += request.method() === "POST" ? 1 : 0;
  });
  await edit(page, 1);
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  assert.equal(calls, 0);
  await focused("Edit row 1 Jenny Wren");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

// Proves: UI-15
test("the dialog says that it loads, and closing it then leaves nothing behind", async () => {
  const page = await site.visit("/pen/bird", WIDE, ROOT);
  const { dialog, alert } = parts(page);
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route("**/pen/bird/2.json?**", async (route) => {
    await held;
    await route.continue();
  });
  await page.locator('tr[data-row="2"] button[data-row-action="edit"]').click();
  await page.getByText("Loading row...").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await edit(page, 1);
  const late = page.waitForResponse("**/pen/bird/2.json?**");
  release();
  await late;
  assert.equal(await page.locator(".row-edit-input[name=id]").inputValue(), "1");
  await page.keyboard.press("Escape");
  await page.unrouteAll();
  await page.route("**/pen/bird/2.json?**", (route) => route.fulfill({ status: 404, json: { ok: false, error: "Record not found" } }));
  await page.locator('tr[data-row="2"] button[data-row-action="edit"]').click();
  await alert.getByText("Record not found").waitFor();
  assert.equal(await page.locator(".row-edit-save").isDisabled(), true);
  await page.context().close();
});

// Proves: UI-17
test("a row that no longer matches the filters goes, and the focus goes to a neighbour", async () => {
  const page = await site.visit("/pen/bird?weight__lt=50&_sort=id", WIDE, ROOT);
  const { status, field, press, row, focused } = parts(page);
  await edit(page, 2);
  await field("weight").fill("60");
  const body = nextBody(page);
  await press("Save");
  assert.equal(await body, '{"update":{"weight":60},"return":true}');
  await status.waitFor();
  assert.equal(await status.innerText(), "Updated row 2. It no longer matches the current filters.");
  assert.equal(await row(2).count(), 0);
  await focused(/^Edit row 1 /);
  await page.context().close();
});

// Proves: UI-17, UI-10, UI-24
test("on a row page the page is loaded again with a message, and deleting leads to the table", async () => {
  const page = await site.visit("/pen/town/3", WIDE, ROOT);
  const { dialog, field, press } = parts(page);
  const menu = page.locator(".page-action-menu");
  await menu.locator("summary").click();
  await menu.getByRole("menuitem", { name: "Edit row 3 Ashcombe" }).click();
  await field("name").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await getsFocus(menu.locator("summary"));

  await menu.locator("summary").click();
  await menu.getByRole("menuitem", { name: "Edit row 3 Ashcombe" }).click();
  await field("name").fill("Ashcombe Regis");
  const asked = page.waitForRequest((request) => request.method() === "POST");
  await press("Save");
  assert.equal(new URL((await asked).url()).search, "?_message=1");
  await page.getByText("Updated row 3 (Ashcombe Regis)").first().waitFor();

  await menu.locator("summary").click();
  await menu.getByRole("menuitem", { name: "Delete row 3 Ashcombe Regis" }).click();
  const deleted = page.waitForRequest((request) => request.method() === "POST");
  await press("Delete row");
  assert.equal(new URL((await deleted).url()).search, "?_redirect_to_table=1");
  await page.waitForURL("**/pen/town");
  assert.equal(await page.locator("tr[data-row]").count(), 2);
  await page.context().close();
});

// Proves: UI-24, UI-14, HTML-81
test("a row is deleted after a question; a refusal is told in the dialog", async () => {
  const page = await site.visit("/pen/bird", WIDE, ROOT);
  const { dialog, title, alert, status, press, row, focused } = parts(page);
  const button = row(3).locator('button[data-row-action="delete"]');
  await button.click();
  assert.equal(await dialog.getAttribute("id"), "row-delete-dialog");
  assert.equal(await title.innerText(), "Delete row 3 Merlin");
  assert.equal(await dialog.locator(".row-delete-message").innerText(), "Delete row 3?");
  await press("Cancel");
  await focused("Delete row 3 Merlin");
  assert.equal(await row(3).count(), 1);

  await page.route("**/-/delete", (route) => route.fulfill({ status: 500, body: "<html>", contentType: "text/html" }));
  await button.click();
  await press("Delete row");
  await alert.getByText("Request failed with HTTP 500").waitFor();
  assert.equal(await alert.getAttribute("role"), "alert");
  assert.equal(await row(3).count(), 1);
  await page.unrouteAll();

  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route("**/-/delete", async (route) => {
    await held;
    await route.continue();
  });
  await press("Delete row");
  await page.getByText("Deleting...").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await dialog.count(), 1);
  release();
  await status.waitFor();
  assert.equal(await status.innerText(), "Deleted row 3.");
  assert.equal(await row(3).count(), 0);
  await focused(/^Delete row 2 /);
  await page.context().close();
});

// Proves: UI-18, UI-21, UI-23, HTML-84, HTML-87
test("a row is inserted: defaults are left out, the new row comes first", async () => {
  const page = await site.visit("/pen/bird?_sort=id", WIDE, ROOT);
  const { title, status, field, press, focused } = parts(page);
  await openInsert(page);
  assert.equal(await title.innerText(), "Insert row into bird");
  assert.equal(await field("id").count(), 0);
  await field("name").fill("Siskin");
  await field("weight").fill("12.5");
  await field("town_id").fill("Bir");
  await page.locator("dialog[open] [role=option]").first().click();
  assert.equal(await field("town_id").inputValue(), "2");
  const link = page.locator("dialog[open] .row-edit-fk-link");
  await link.waitFor();
  assert.equal(await link.innerText(), "Birk");
  assert.match(await link.getAttribute("href"), /\/pen\/town\/2$/);
  assert.match(await page.locator("dialog[open]").innerText(), /default 'calm'/);
  await page.getByRole("button", { name: "Set value for mood" }).click();
  await field("mood").fill("shy");
  await page.getByRole("button", { name: "Use SQLite default for mood" }).click();
  const body = nextBody(page);
  await press("Insert row");
  assert.equal(await body, '{"row":{"name":"Siskin","weight":12.5,"town_id":2,"note":""},"return":true}');
  await status.waitFor();
  assert.equal(await status.innerText(), "Inserted row 3 (Siskin).");
  const first = page.locator("tr[data-row]").first();
  assert.equal(await first.getAttribute("data-row"), "3");
  assert.match(await first.innerText(), /calm/);
  await focused("Edit row 3 Siskin");
  await page.context().close();
});

// Proves: HTML-87
test("a row without a name of its own is completed and linked by its key", async () => {
  const page = await site.visit("/pen/leaning", WIDE, ROOT);
  const { field } = parts(page);
  await openInsert(page);
  await field("alone_id").focus();
  await page.locator("dialog[open] [role=option]").first().click();
  assert.equal(await field("alone_id").inputValue(), "7");
  const link = page.locator("dialog[open] .row-edit-fk-link");
  await link.waitFor();
  assert.equal(await link.innerText(), "View row");
  assert.match(await link.getAttribute("href"), /\/pen\/alone\/7$/);
  await field("alone_id").fill("8");
  await link.waitFor({ state: "hidden" });
  await page.context().close();
});

// Proves: UI-18
test("an inserted row that the page would not show is told", async () => {
  const page = await site.visit("/pen/bird?name=Wryneck", WIDE, ROOT);
  const { status, field, press } = parts(page);
  await openInsert(page);
  await field("name").fill("Dunnock");
  await press("Insert row");
  await status.waitFor();
  assert.equal(await status.innerText(), "Inserted row. It does not match the current filters.");
  await openInsert(page);
  await field("name").fill("Wryneck");
  await press("Insert row");
  await page.getByText("Inserted row 5 (Wryneck).").waitFor();
  assert.equal(await page.locator("tr[data-row]").count(), 1);
  assert.equal(await page.locator(".zero-results").count(), 0);

  await page.goto(`${site.base}/pen/only_key`);
  await openInsert(page);
  assert.match(await page.locator("dialog[open]").innerText(), /This row will use the table defaults\./);
  await press("Insert row");
  await page.getByText("Inserted row 1.").waitFor();

  await page.goto(`${site.base}/pen/bird`);
  await page.route("**/-/insert", (route) => route.fulfill({ status: 201, json: { ok: true, rows: [{ name: "x" }] } }));
  await openInsert(page);
  await field("name").fill("x");
  await press("Insert row");
  await page.getByText("Inserted row. Refresh the page to see it.").waitFor();
  await page.context().close();
});

// Proves: UI-14, HTML-92
test("a failed write keeps what was typed, and unsaved input is asked about", async () => {
  const page = await site.visit("/pen/bird", WIDE, ROOT);
  const { dialog, alert, field, press } = parts(page);
  await openInsert(page);
  await field("name").fill("Twite");
  await field("town_id").fill("99");
  await page.keyboard.press("Escape");
  const asked = [];
  page.on("dialog", (question) => {
    asked.push(question.message());
    void question.dismiss();
  });
  for (const [answer, said] of [
    [{ ok: false, errors: ["One.", "Two."], error: "no" }, "One. Two."],
    [{ ok: false, error: "Only this" }, "Only this"],
  ]) {
    await page.route("**/-/insert", (route) => route.fulfill({ status: 400, json: answer }));
    await press("Insert row");
    await alert.getByText(said, { exact: true }).waitFor();
    assert.equal(await field("name").inputValue(), "Twite");
    await getsFocus(alert);
    await page.unrouteAll();
  }
  await page.route("**/-/insert", (route) => route.abort());
  await press("Insert row");
  await alert.getByText(/The server did not answer/).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await dialog.count(), 1);
  assert.deepEqual(asked, ["Discard this new row?"]);
  // Cancel asks nothing.
  await press("Cancel");
  await dialog.waitFor({ state: "detached" });

  await edit(page, 1);
  await field("note").fill("changed");
  await page.mouse.click(5, 5);
  assert.equal(await dialog.count(), 1);
  assert.equal(asked.at(-1), "Discard unsaved changes to this row?");
  await press("Cancel");
  await page.context().close();
});

// Proves: UI-19, UI-20, HTML-85, HTML-86
test("fields say what they are about, and keep the kind of their value", async () => {
  const page = await site.visit("/pen/bird", WIDE, ROOT);
  const { alert, field, press } = parts(page);
  const notes = (name) => field(name).locator("xpath=ancestor::div[@class='row-edit-field']").locator(".row-edit-base-meta").innerText();
  await edit(page, 1);
  assert.equal(await notes("id"), "Primary key");
  assert.equal(await notes("name"), "Required");
  assert.equal(await notes("note"), "Current value: NULL");
  assert.equal(await notes("mood"), "SQLite default: 'calm'");
  assert.equal(await field("note").evaluate((control) => control.localName), "input");
  await field("weight").fill("heavy");
  await press("Save");
  await alert.getByText("weight must be a number", { exact: true }).waitFor();
  await field("weight").fill(" ");
  await field("note").fill("something");
  const body = nextBody(page);
  await press("Save");
  assert.equal(await body, '{"update":{"weight":null,"note":"something"},"return":true}');
  await page.getByText("Updated row 1.").waitFor();

  await edit(page, 2);
  assert.equal(await field("note").evaluate((control) => control.localName), "textarea");
  await press("Cancel");
  await page.context().close();
});

test("large integers, odd names and computed columns survive", async () => {
  const page = await site.visit("/pen/big", WIDE, ROOT);
  const { field, press } = parts(page);
  await edit(page, "9007199254740993");
  assert.equal(await field("n").inputValue(), "9007199254740995");
  await field("n").fill("9007199254740997");
  const body = nextBody(page);
  await press("Save");
  assert.equal(await body, '{"update":{"n":9007199254740997},"return":true}');
  await page.getByText("Updated row 9007199254740993.").waitFor();
  assert.match(await page.locator("tr[data-row]").innerText(), /9007199254740997|9,007,199,254,740,997/);

  await page.goto(`${site.base}/pen/odd`);
  await edit(page, 1);
  assert.equal(await field("doubled").evaluate((control) => control.readOnly), true);
  await field("__proto__").fill("c");
  await field("constructor").fill("d");
  const odd = nextBody(page);
  await press("Save");
  assert.equal(await odd, '{"update":{"__proto__":"c","constructor":"d"},"return":true}');
  await page.getByText("Updated row 1.").waitFor();

  await page.goto(`${site.base}/pen/pair`);
  await edit(page, "x~2Fy,~C3~A9+~7E");
  assert.equal(await page.locator("dialog[open] .modal-title").innerText(), "Edit row x/y,é ~");
  await field("v").fill("new");
  await press("Save");
  await page.getByText("Updated row x/y,é ~.").waitFor();

  await page.goto(`${site.base}/pen/loose`);
  await edit(page, 1);
  await field("v").fill("still text");
  await press("Save");
  await page.getByText("Updated row 1.").waitFor();
  assert.match(await page.locator("tr[data-row]").innerText(), /still text/);
  await page.context().close();
});

// Proves: UI-22, HTML-89
test("bytes come from a file, the clipboard or a drop, and go to NULL", async () => {
  const page = await site.visit("/pen/bird", WIDE, ROOT);
  const { dialog, press } = parts(page);
  await edit(page, 2);
  const control = dialog.locator(".row-edit-binary-control");
  assert.match(await control.innerText(), /Binary: 8 bytes/);
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==", "base64");
  await control.locator("input[type=file]").setInputFiles({ name: "dot.png", mimeType: "image/png", buffer: png });
  await control.getByText("dot.png").waitFor();
  await control.locator("img").waitFor();
  const body = nextBody(page);
  await press("Save");
  assert.equal(await body, `{"update":{"photo":{"$base64":true,"encoded":"${png.toString("base64")}"}},"return":true}`);
  await page.getByText("Updated row 2.").waitFor();

  await edit(page, 2);
  await press("Set NULL");
  assert.match(await control.innerText(), /No binary data/);
  const nothing = nextBody(page);
  await press("Save");
  assert.equal(await nothing, '{"update":{"photo":null},"return":true}');
  await page.getByText("Updated row 2.").waitFor();

  await edit(page, 1);
  await control.evaluate((element) => {
    const data = new DataTransfer();
    data.setData("text", "hi");
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await control.getByText("Pasted text").waitFor();
  assert.match(await control.innerText(), /Binary: 2 bytes/);
  await control.evaluate((element) => {
    const data = new DataTransfer();
    data.items.add(new File(["dropped"], "drop.txt"));
    element.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await control.getByText("drop.txt").waitFor();
  assert.match(await control.innerText(), /Binary: 7 bytes/);
  await press("Cancel");
  await page.context().close();
});

// Proves: JS-24, JS-25, JS-26, JS-30, JS-32, JS-35, HTML-88
test("plugins make fields, and JSON is checked before it is sent", async () => {
  const page = await site.visit("/pen/doc", WIDE, ROOT);
  const { dialog, field, press } = parts(page);
  await page.evaluate(() => {
    window.__DATASETTE__.registerPlugin("stars", {
      makeColumnField(context) {
        window.contexts = [...(window.contexts ?? []), context];
        if (context.column !== "story") {
          return undefined;
        }
        return {
          render(given) {
            window.given = given;
            const button = document.createElement("button");
            button.type = "button";
            button.textContent = "Three stars";
            button.setAttribute("aria-labelledby", given.labelId);
            const { setValue } = given;
            button.addEventListener("click", () => setValue("***"));
            return button;
          },
          destroy: () => {
            window.destroyed = true;
          },
        };
      },
    });
  });
  await edit(page, 1);
  await field("body").fill("{");
  await dialog.getByText(/^Invalid JSON: /).waitFor();
  assert.equal(await field("body").evaluate((control) => control.localName), "textarea");
  await press("Save");
  await focusBecomes(page, (element) => element.name, "body");
  await field("body").fill('{"a": 1}');
  const context = await page.evaluate(() => {
    const { form, dialog: around, ...rest } = window.contexts.find((each) => each.column === "story");
    return { ...rest, form: form.localName, dialog: around.id };
  });
  assert.deepEqual(context, {
    mode: "edit", database: "pen", table: "doc", tableUrl: "/pen/doc", column: "story", columnType: null,
    sqliteType: "TEXT", notNull: false, isPk: false, defaultExpression: null, form: "form", dialog: "row-edit-dialog",
  });
  assert.equal(await page.evaluate(() => window.given.root.contains(window.given.input)), false);
  assert.equal(
    await page.evaluate(() => {
      try {
        window.given.setValue({});
        return "taken";
      } catch (error) {
        return error.constructor.name;
      }
    }),
    "TypeError"
  );
  await page.evaluate(() => window.given.setValidity("Not like this"));
  await dialog.getByText("Not like this").waitFor();
  await page.evaluate(() => window.given.clearValidity());
  await dialog.locator(".row-edit-plugin-control button").click();
  const body = nextBody(page);
  await press("Save");
  assert.equal(await body, '{"update":{"story":"***"},"return":true}');
  await page.getByText("Updated row 1.").waitFor();
  assert.equal(await page.evaluate(() => window.destroyed), true);
  assert.equal(await field("story").count(), 0);
  await page.context().close();
});

for (const [device, options] of [["a wide screen", WIDE], ["a phone", PHONE]]) {
  test(`axe finds nothing serious in the dialogs on ${device}, light and dark`, async () => {
    const page = await site.visit("/pen/bird", options, ROOT);
    const { dialog, press } = parts(page);
    for (const colorScheme of ["light", "dark"]) {
      await show(page, colorScheme);
      await edit(page, 2);
      await page.evaluate(() => {
        document.querySelector("dialog[open] .modal-error").textContent = "name: something is wrong with it";
      });
      assert.deepEqual(await serious(page), []);
      const box = await dialog.boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= options.viewport.width);
      assert.ok(await dialog.evaluate((element) => element.scrollWidth <= element.clientWidth));
      await press("Cancel");
      await openInsert(page);
      assert.deepEqual(await serious(page), []);
      await press("Cancel");
      await page.locator('tr[data-row="2"] button[data-row-action="delete"]').click();
      await dialog.waitFor();
      assert.deepEqual(await serious(page), []);
      await press("Cancel");
    }
    await page.context().close();
  });
}

test("who may not write gets no buttons", async () => {
  for (const [path, actor] of [["/pen/bird", null], ["/pen/bird", { id: "ann" }], ["/pen/birds", ROOT]]) {
    const page = await site.visit(path, WIDE, actor);
    assert.equal(await page.locator("[data-row-action], [data-table-action]").count(), 0);
    assert.equal(await page.evaluate(() => window._datasetteTableData.insertRow), undefined);
    await page.context().close();
  }
});
