// Fields of plugins in the forms for rows: what they may ask and do, and what is sent in the end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openSite, WIDE } from "./site.js";

const SQL = `
  create table bird (
    id integer primary key,
    name text not null,
    weight real,
    eggs integer,
    mood text default 'calm',
    note text
  );
  insert into bird values (1, 'Wren', 9.5, 6, 'bold', 'short');
`;

const ROOT = { id: "root" };
let site;
before(async () => {
  site = await openSite({ pen: SQL }, ["--root"]);
});
after(() => site?.close());

/** A plugin whose fields can be reached as `window.fields[column]`, and what happened to them. */
function recordFields() {
  window.fields = {};
  window.events = [];
  window.__DATASETTE__.registerPlugin("recorder", {
    makeColumnField(context) {
      if (context.column === "id") {
        return null;
      }
      return {
        useTextarea: context.column === "note",
        render(field) {
          window.events.push(`render ${context.column}`);
          window.fields[context.column] = field;
          if (context.column === "name") {
            throw new Error("cannot render names");
          }
          const own = document.createElement("input");
          own.className = "own-control";
          own.setAttribute("aria-labelledby", field.labelId);
          own.setAttribute("aria-describedby", field.descriptionId);
          own.value = field.getInitialValue() ?? "";
          own.addEventListener("input", () => field.setValue(own.value));
          return own;
        },
        focus(field) {
          window.events.push(`focus ${context.column}`);
          field.root.querySelector(".own-control").focus();
          throw new Error("cannot focus well");
        },
        destroy() {
          window.events.push(`destroy ${context.column}`);
          throw new Error("cannot go");
        },
      };
    },
  });
}

async function openEdit(page) {
  await page.locator('tr[data-row="1"] button[data-row-action="edit"]').click();
  await page.locator("dialog[open] .row-edit-field").first().waitFor();
}

async function openInsert(page) {
  await page.locator('button[data-table-action="insert-row"]').click();
  await page.locator("dialog[open] .row-edit-save:enabled").waitFor();
}

const press = (page, name) => page.locator("dialog[open]").getByRole("button", { name, exact: true }).click();

function nextBody(page) {
  return page.waitForRequest((request) => request.method() === "POST").then((request) => JSON.parse(request.postData()));
}

// Proves: JS-27, JS-28, JS-29, JS-37
test("a field is rendered once, named by its label, and its failures leave the plain field", async () => {
  const page = await site.visit("/pen/bird", WIDE, ROOT);
  await page.evaluate(recordFields);
  await openEdit(page);
  const found = await page.evaluate(() => {
    const { fields } = window;
    return {
      rendered: window.events.filter((event) => event.startsWith("render")),
      controls: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.input.localName])),
      appended: fields.mood.root.firstElementChild.className,
      plain: document.querySelector('dialog[open] .row-edit-input[name="name"]') === fields.name.input,
      plainRoot: fields.name.root,
    };
  });
  assert.deepEqual(found, {
    rendered: ["render name", "render weight", "render eggs", "render mood", "render note"],
    controls: { name: "input", weight: "input", eggs: "input", mood: "input", note: "textarea" },
    appended: "own-control",
    plain: true,
    plainRoot: null,
  });
  assert.ok(page.complaints.some((text) => text.startsWith("error") && text.includes("recorder")));
  const mood = page.locator("dialog[open]").getByLabel("mood", { exact: true });
  assert.equal(await mood.inputValue(), "bold");
  assert.match(await mood.evaluate((own) => document.getElementById(own.getAttribute("aria-describedby")).textContent), /calm/);

  await press(page, "Cancel");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  const destroyed = await page.evaluate(() => window.events.filter((event) => event.startsWith("destroy")));
  assert.deepEqual(destroyed, ["destroy weight", "destroy eggs", "destroy mood", "destroy note"]);
  await page.context().close();
});

// Proves: JS-29
test("the first field that can be typed in is focused by its plugin, whose failure stays its own", async () => {
  const page = await site.visit("/pen/bird", WIDE, ROOT);
  await page.evaluate(() => {
    window.__DATASETTE__.registerPlugin("names", {
      makeColumnField: ({ column }) =>
        column === "name" && {
          render() {
            const own = document.createElement("input");
            own.id = "own-name";
            return own;
          },
          focus(field) {
            field.root.querySelector("#own-name").focus();
            throw new Error("and then it failed");
          },
        },
    });
  });
  await openEdit(page);
  await page.waitForFunction(() => document.activeElement.id === "own-name");
  assert.ok(page.complaints.some((text) => text.startsWith("error") && text.includes("names")));
  await page.context().close();
});

// Proves: JS-31, JS-33, JS-34, JS-36
test("values have the type of their column, changes are known, and what plugins set is sent", async () => {
  const page = await site.visit("/pen/bird", WIDE, ROOT);
  await page.evaluate(recordFields);
  await openInsert(page);
  const found = await page.evaluate(() => {
    const { name, weight, eggs, mood } = window.fields;
    const before = [mood.isUsingSqliteDefault(), weight.getValue(), weight.hasChanged()];
    weight.input.value = "12.5";
    eggs.input.value = "3";
    const typed = [weight.getValue(), eggs.getValue(), eggs.getInitialValue(), weight.hasChanged()];
    weight.markClean();
    const clean = weight.hasChanged();
    weight.setValue(13);
    const changed = [weight.hasChanged(), weight.getValue()];
    mood.setValue("wild");
    const chosen = mood.isUsingSqliteDefault();
    mood.useSqliteDefault();
    const again = mood.isUsingSqliteDefault();
    mood.stopUsingSqliteDefault();
    mood.clearValue();
    const cleared = [mood.isUsingSqliteDefault(), mood.getValue()];
    mood.useSqliteDefault();
    name.setValue("Robin");
    return { before, typed, clean, changed, chosen, again, cleared };
  });
  assert.deepEqual(found, {
    before: [true, null, false],
    typed: [12.5, 3, null, true],
    clean: false,
    changed: [true, 13],
    chosen: false,
    again: true,
    cleared: [false, null],
  });
  const body = nextBody(page);
  await press(page, "Insert row");
  // The column that uses its default is left out, and numbers are numbers.
  assert.deepEqual((await body).row, { name: "Robin", weight: 13, eggs: 3, note: "" });
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await page.context().close();
});
