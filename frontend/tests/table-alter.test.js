// The dialogs that change a table and the types of its columns: what is sent, what the table is then,
// what is said when something is wrong, keyboard, phones.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, show } from "./look.js";
import { openSite, PHONE, WIDE } from "./site.js";
import { focusBecomes, getsFocus } from "./focus.js";

const BIRD = `(
    id integer primary key,
    name text not null default 'it''s',
    weight numeric,
    town_id integer references town(id) on delete cascade,
    seen text default CURRENT_DATE,
    code text default (lower('X'))
  )`;

const SQL = `
  create table town (id integer primary key, name text not null);
  insert into town values (1, 'Ashby'), (2, 'Birk');
  create table region (code text primary key);
  ${["bird", "finch", "heron", "crane", "swift", "stork"].map((name) => `
    create table ${name} ${BIRD};
    insert into ${name} (id, name, weight, town_id) values (1, 'Wren', 9.5, 1), (2, 'Robin', 18, 2);`).join("\n")}
  create table "odd ""name"" & <b>/x" (id integer primary key, "__proto__" text, "<img src=x onerror=window.broken=1>" text);
  create table doomed (id integer primary key);
  create table pair (a text, b text, v text, primary key (b, a));
  create table typed (id integer primary key, link text, n integer);
`;

const ROOT = { id: "root" };
const WRITER = { id: "writer" };
let site;
before(async () => {
  site = await openSite({ pen: SQL }, ["--root", "-s", "permissions.alter-table.id", '["root", "writer"]']);
});
after(() => site?.close());

const parts = (page) => {
  const dialog = page.locator("dialog[open]");
  const row = (name) => dialog.getByRole("group", { name: `Column ${name}`, exact: true });
  return {
    dialog,
    row,
    title: dialog.locator(".modal-title"),
    alert: dialog.locator(".table-alter-error"),
    review: dialog.locator(".table-alter-review-list li"),
    rows: dialog.locator(".schema-column-row"),
    press: (name) => dialog.getByRole("button", { name, exact: true }).click(),
    nameOf: (name) => row(name).getByLabel("Column", { exact: true }),
    more: (name) => row(name).getByRole("button", { name: "Advanced options" }).click(),
    names: () => dialog.locator(".schema-column-name").evaluateAll((all) => all.map((each) => each.value)),
    focused: (wanted) => focusBecomes(page, (element) => element.getAttribute("aria-label") ?? element.className, wanted),
  };
};

/** Opens the dialog from the menu of the table's page. */
async function openAlter(path, options = WIDE, actor = ROOT) {
  const page = await site.visit(path, options, actor);
  await page.locator(".page-top summary").first().click();
  await page.locator('button[data-table-action="alter-table"]').click();
  await page.locator("dialog[open] .schema-column-row").first().waitFor();
  return page;
}

/** What was posted until `done` is there: paths and bodies. */
function posted(page) {
  const all = [];
  page.on("request", (request) => {
    if (request.method() === "POST") {
      all.push([new URL(request.url()).pathname, request.postDataJSON()]);
    }
  });
  return all;
}

async function columnsOf(page, table) {
  const answer = await page.request.get(`${site.base}/pen/${table}.json?_size=1&_extra=column_details,column_types`);
  return answer.json();
}

async function definitionOf(page) {
  return (await page.locator("pre.wrapped-sql").innerText()).replace(/\s+/g, " ");
}

// Proves: UI-39, UI-12, UI-05, UI-09, HTML-97, HTML-98
test("columns are changed, reviewed, and what is sent is what was said", async () => {
  const page = await openAlter("/pen/bird");
  const { dialog, title, rows, row, press, nameOf, more, names, review } = parts(page);
  assert.equal(await dialog.getAttribute("id"), "table-alter-dialog");
  assert.equal(await title.innerText(), "Alter table bird");
  assert.deepEqual(await names(), ["id", "name", "weight", "town_id", "seen", "code"]);
  await getsFocus(nameOf("id"));
  assert.equal(await row("weight").getByLabel("Column type").inputValue(), "numeric");
  assert.equal(await row("name").locator(".schema-column-summary").innerText(), "Not null · Default it's");

  await nameOf("name").fill("title");
  await more("title");
  await row("title").getByLabel(/^Not null/).uncheck();
  await row("title").getByLabel("or default to a specific value").fill("none");
  await row("weight").getByLabel("Column type").selectOption("float");
  await row("code").getByRole("button", { name: "Drop column" }).click();
  await press("Add column");
  assert.equal(await rows.count(), 6);
  await rows.last().getByLabel("Column", { exact: true }).fill("note");
  await row("note").getByRole("button", { name: "Move column up" }).click();
  await press("Review changes");
  assert.deepEqual(await review.allInnerTexts(), [
    "Rename column name to title.",
    'Change column title: allow unset values, set default value to "none".',
    "Change column weight: set type to float.",
    "Add column note as text.",
    "Drop column code.",
    "Set column order to id, title, weight, town_id, note, seen.",
  ]);
  assert.equal(await dialog.locator("[role=alert]", { hasText: "Warning:" }).innerText(), "Warning: data in dropped columns will be permanently lost.");
  await focusBecomes(page, (element) => element.textContent, "Review changes");

  // Back, and everything is as it was left.
  await press("Back");
  assert.deepEqual(await names(), ["id", "title", "weight", "town_id", "note", "seen"]);
  await press("Review changes");
  const sent = posted(page);
  const reloaded = page.waitForEvent("load");
  await press("Apply changes");
  await reloaded;
  assert.deepEqual(sent, [
    [
      "/pen/bird/-/alter",
      {
        operations: [
          { op: "rename_column", args: { name: "name", to: "title" } },
          { op: "alter_column", args: { name: "name", not_null: false, default: "none" } },
          { op: "alter_column", args: { name: "weight", type: "float" } },
          { op: "add_column", args: { name: "note", type: "text", not_null: false } },
          { op: "drop_column", args: { name: "code" } },
          { op: "reorder_columns", args: { columns: ["id", "name", "weight", "town_id", "note", "seen"] } },
        ],
      },
    ],
  ]);
  const { column_details: details } = await columnsOf(page, "bird");
  assert.deepEqual(Object.keys(details), ["id", "title", "weight", "town_id", "note", "seen"]);
  assert.match(await definitionOf(page), /"title" TEXT DEFAULT 'none', "weight" REAL, .* ON DELETE CASCADE/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

// Proves: UI-39
test("a column that was there by name in the address is left out of it", async () => {
  const page = await openAlter("/pen/finch?_sort=weight");
  const { nameOf, press } = parts(page);
  await nameOf("weight").fill("grams");
  await press("Review changes");
  await press("Apply changes");
  await page.waitForURL(`${site.base}/pen/finch`);
  await page.locator('th[data-column="grams"]').waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

// Proves: UI-39, WRITE-122
test("a renamed table keeps its custom types, and the browser goes there", async () => {
  const page = await site.visit("/pen/heron", WIDE, ROOT);
  const data = { column: "name", column_type: { type: "json", config: { deep: 1 } } };
  await page.request.post(`${site.base}/pen/heron/-/set-column-type`, { data });
  await page.reload();
  await page.locator(".page-top summary").first().click();
  await page.locator('button[data-table-action="alter-table"]').click();
  const { dialog, press, row, more, review } = parts(page);
  await dialog.getByText("Rename table").click();
  await dialog.getByLabel("New table name").fill(" grey heron/1 ");
  await more("code");
  await row("code").getByLabel("Custom type").selectOption("url");
  await press("Review changes");
  assert.deepEqual(await review.allInnerTexts(), [
    "Rename table to grey heron/1.",
    "Set custom type for column name to json.",
    "Set custom type for column code to url.",
  ]);
  const sent = posted(page);
  await press("Apply changes");
  await page.waitForURL(`${site.base}/pen/grey+heron~2F1`);
  assert.deepEqual(sent, [
    ["/pen/heron/-/alter", { operations: [{ op: "rename_table", args: { to: "grey heron/1" } }] }],
    ["/pen/grey+heron~2F1/-/set-column-type", data],
    ["/pen/grey+heron~2F1/-/set-column-type", { column: "code", column_type: { type: "url" } }],
  ]);
  const { column_types: types } = await columnsOf(page, "grey+heron~2F1");
  assert.deepEqual(types, { code: { type: "url", config: null }, name: { type: "json", config: { deep: 1 } } });
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

// Proves: UI-39, UI-14
test("when a custom type is refused, what is left is tried again and the table is shown as it is", async () => {
  const page = await openAlter("/pen/crane");
  const { dialog, alert, press, row, nameOf, more } = parts(page);
  await nameOf("code").fill("link");
  await more("link");
  await row("link").getByLabel("Custom type").selectOption("url");
  await press("Review changes");
  await page.route("**/-/set-column-type", (route) => route.fulfill({ status: 500, json: { ok: false, errors: ["No room"] } }));
  await press("Apply changes");
  await alert.filter({ hasText: "No room" }).waitFor();
  assert.equal(await alert.innerText(), "Saved schema changes, but could not set custom type for link: No room");
  assert.equal(await dialog.getByRole("button", { name: "Back" }).isVisible(), false);
  const sent = posted(page);
  await press("Apply changes");
  await alert.filter({ hasText: "No room" }).waitFor();
  assert.deepEqual(sent.map(([path]) => path), ["/pen/crane/-/set-column-type"]);
  const reloaded = page.waitForEvent("load");
  await page.keyboard.press("Escape");
  await reloaded;
  await page.locator('th[data-column="link"]').waitFor();
  await page.context().close();
});

// Proves: UI-39
test("the key, foreign keys and defaults are changed with their choices", async () => {
  const page = await openAlter("/pen/swift");
  const { dialog, press, row, more, names, review } = parts(page);
  await more("town_id");
  const reference = row("town_id").getByLabel("Foreign key");
  await reference.locator("optgroup").first().waitFor({ state: "attached" });
  const groups = await reference.locator("optgroup").evaluateAll((all) =>
    all.map((each) => [each.label, Array.from(each.children, (option) => option.textContent)])
  );
  // Those that are also called alike come first.
  assert.deepEqual([groups[0][0], groups[0][1][0]], ["Where the values are found", "town.id (integer)"]);
  assert.equal(groups[1][0], "Other tables");
  assert.equal(groups[1][1].includes("region.code (text)"), true);
  assert.equal(await reference.evaluate((node) => node.selectedOptions[0].textContent), "town.id (integer)");
  await reference.selectOption({ label: "region.code (text)" });
  assert.equal(await row("town_id").getByLabel("Column type").inputValue(), "text");
  await more("seen");
  await row("seen").getByLabel("Default expression").selectOption("current_timestamp");
  await more("code");
  assert.equal(await row("code").getByLabel("Default expression").inputValue(), "lower('X')");
  await row("code").getByLabel(/^Primary key/).check();
  assert.deepEqual(await names(), ["id", "code", "name", "weight", "town_id", "seen"]);
  await press("Review changes");
  assert.deepEqual(await review.allInnerTexts(), [
    "Change column town_id: set type to text.",
    "Change column seen: default to Current timestamp in UTC, e.g. 2026-05-01 13:34:00.",
    "Set primary key to id, code.",
    "Set column order to id, code, name, weight, town_id, seen.",
    "Set foreign key of column town_id to region.code.",
  ]);
  assert.equal(await dialog.getByText("Warning:").count(), 0);
  const reloaded = page.waitForEvent("load");
  await press("Apply changes");
  await reloaded;
  const definition = await definitionOf(page);
  assert.match(definition, /"seen" TEXT DEFAULT CURRENT_TIMESTAMP/);
  assert.match(definition, /"town_id" TEXT REFERENCES "region"\("code"\)/);
  assert.match(definition, /"code" TEXT DEFAULT \(lower\('X'\)\)/);
  assert.match(definition, /PRIMARY KEY \("id", "code"\)/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

// Proves: UI-40, UI-35, HTML-98
test("what cannot be is said at once, and where", async () => {
  const page = await openAlter("/pen/stork");
  const { dialog, alert, press, row, rows, nameOf, more, focused } = parts(page);
  const sent = posted(page);
  const says = async (message) => {
    await press("Review changes");
    assert.equal(await alert.innerText(), message);
    assert.equal(await alert.getAttribute("role"), "alert");
  };
  await says("No changes to apply.");
  await nameOf("seen").fill(" NAME ");
  await says("Duplicate column name: NAME");
  await focusBecomes(page, (element) => element.getAttribute("aria-invalid"), "true");
  // Typing takes the message away.
  await page.keyboard.type("x");
  assert.equal(await alert.innerText(), "");
  const last = rows.nth(4).getByLabel("Column", { exact: true });
  await last.fill("");
  await says("Column name is required.");
  await last.fill("seen");
  await more("id");
  await row("id").getByLabel(/^Primary key/).uncheck();
  await says("At least one primary key column is required.");
  await row("id").getByLabel(/^Primary key/).check();
  await press("Add column");
  await rows.last().getByLabel("Column", { exact: true }).fill("must");
  await more("must");
  await row("must").getByLabel(/^Not null/).check();
  await says("New NOT NULL columns need a default or default expression.");
  await row("must").getByRole("button", { name: "Remove column" }).click();
  await dialog.getByText("Rename table").click();
  await dialog.getByLabel("New table name").fill("sqlite_x");
  await says("Table names cannot start with sqlite_.");
  await focused(/table-alter-table-name/);
  await dialog.getByLabel("New table name").fill("  ");
  await says("Table name is required.");
  assert.deepEqual(sent, []);
  await page.context().close();
});

// Proves: UI-14, UI-39
test("an error of the server leaves everything as it was chosen", async () => {
  const page = await openAlter("/pen/stork");
  const { dialog, alert, press, names } = parts(page);
  await dialog.getByText("Rename table").click();
  await dialog.getByLabel("New table name").fill("town");
  await press("Review changes");
  await press("Apply changes");
  await alert.filter({ hasText: "town" }).waitFor();
  assert.match(await alert.innerText(), /there is already another table or index with this name: town/);
  await getsFocus(alert);
  await press("Back");
  assert.equal(await alert.innerText(), "");
  assert.equal(await dialog.getByLabel("New table name").inputValue(), "town");
  assert.equal((await names()).length, 6);
  page.complaints.length = 0;
  await page.context().close();
});

// Proves: UI-12, UI-13
test("closing asks when something was changed, and the focus returns", async () => {
  const page = await openAlter("/pen/stork");
  const { dialog, press, nameOf, names } = parts(page);
  const asked = [];
  let answer = false;
  page.on("dialog", (question) => {
    asked.push(question.message());
    void (answer ? question.accept() : question.dismiss());
  });
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(asked, []);
  await page.waitForFunction(() => document.activeElement.localName === "summary");

  const reopen = async () => {
    await page.locator(".page-top summary").first().click();
    await page.locator('button[data-table-action="alter-table"]').click();
    await dialog.waitFor();
  };
  await reopen();
  await nameOf("seen").fill("last_seen");
  await page.keyboard.press("Escape");
  assert.deepEqual(asked, ["Discard table changes?"]);
  assert.equal(await dialog.isVisible(), true);
  await page.mouse.click(5, 5);
  assert.equal(asked.length, 2);
  answer = true;
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal(asked.length, 3);

  // Nothing is kept from before, and Cancel does not ask.
  await reopen();
  assert.deepEqual(await names(), ["id", "name", "weight", "town_id", "seen", "code"]);
  await nameOf("seen").fill("last_seen");
  await press("Cancel");
  await dialog.waitFor({ state: "detached" });
  assert.equal(asked.length, 3);
  await page.waitForFunction(() => document.activeElement.localName === "summary");
  await page.context().close();
});

// Proves: UI-12
test("while a request runs nothing closes", async () => {
  const page = await openAlter("/pen/stork");
  const { dialog, press, nameOf, alert } = parts(page);
  await nameOf("seen").fill("last_seen");
  await press("Review changes");
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route("**/-/alter", async (route) => {
    await held;
    await route.abort();
  });
  await press("Apply changes");
  await dialog.getByRole("button", { name: "Applying..." }).waitFor();
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  assert.equal(await dialog.isVisible(), true);
  assert.equal(await dialog.getByRole("button", { name: "Cancel" }).isDisabled(), true);
  release();
  await alert.filter({ hasText: "did not answer" }).waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Apply changes" }).isEnabled(), true);
  await page.context().close();
});

// Proves: UI-41, UI-05, HTML-97
test("a table is dropped after a question that names it", async () => {
  const page = await openAlter("/pen/doomed");
  const { dialog, press, alert } = parts(page);
  const asked = [];
  let answer = false;
  page.on("dialog", (question) => {
    asked.push(question.message());
    void (answer ? question.accept() : question.dismiss());
  });
  const sent = posted(page);
  await press("Drop table");
  assert.deepEqual(asked, ['Permanently delete the table "doomed"? This will delete all of its data and cannot be undone.']);
  assert.equal(await dialog.isVisible(), true);
  answer = true;
  await page.route("**/-/drop", (route) => route.fulfill({ status: 403, json: { ok: false, errors: ["Permission denied"] } }));
  await press("Drop table");
  await alert.filter({ hasText: "Permission denied" }).waitFor();
  await page.unrouteAll();
  await press("Drop table");
  await page.waitForURL(`${site.base}/pen`);
  assert.deepEqual(sent.at(-1), ["/pen/doomed/-/drop", { confirm: true }]);
  await page.getByText("Table doomed dropped").waitFor();
  await page.context().close();

  // Who may not drop tables, or set custom types, is not offered it.
  const other = await openAlter("/pen/stork", WIDE, WRITER);
  assert.equal(await parts(other).dialog.getByRole("button", { name: "Drop table" }).isVisible(), false);
  await parts(other).more("name");
  assert.equal(await parts(other).dialog.getByLabel("Custom type").count(), 0);
  await other.context().close();
});

// Proves: UI-39
test("a key of several columns is left alone, and names mean nothing but themselves", async () => {
  const page = await openAlter("/pen/pair");
  const { press, nameOf, review, names } = parts(page);
  assert.deepEqual(await names(), ["a", "b", "v"]);
  await nameOf("v").fill("value");
  await press("Review changes");
  assert.deepEqual(await review.allInnerTexts(), ["Rename column v to value."]);
  await page.context().close();

  const odd = await openAlter("/pen/odd+~22name~22+~26+~3Cb~3E~2Fx");
  const there = parts(odd);
  assert.equal(await there.title.innerText(), 'Alter table odd "name" & <b>/x');
  await there.nameOf("__proto__").fill("<b>constructor</b>");
  await there.press("Review changes");
  assert.deepEqual(await there.review.allInnerTexts(), ["Rename column __proto__ to <b>constructor</b>."]);
  const reloaded = odd.waitForEvent("load");
  await there.press("Apply changes");
  await reloaded;
  await odd.locator('th[data-column="<b>constructor</b>"]').waitFor();
  assert.equal(await odd.evaluate(() => window.broken), undefined);
  assert.deepEqual(odd.complaints, []);
  await odd.context().close();
});

// Proves: UI-12, UI-39, UI-42
for (const [name, options] of [["wide", WIDE], ["phone", PHONE]]) {
  test(`the dialogs are in order for everybody: ${name}`, async () => {
    const page = await openAlter("/pen/stork", options);
    const { dialog, press, row, more, nameOf } = parts(page);
    await more("name");
    await more("town_id");
    const looks = async (what) => {
      for (const scheme of ["light", "dark"]) {
        await show(page, scheme);
        assert.deepEqual(await serious(page), [], `${what} ${scheme}`);
        const sideways = await dialog.locator(".modal-body").evaluate((body) => body.scrollWidth - body.clientWidth);
        assert.equal(sideways, 0, `${what} ${scheme}`);
      }
    };
    await looks("columns");
    await nameOf("seen").fill("");
    await press("Review changes");
    await looks("error");
    await dialog.locator("[aria-invalid=true]").fill("when_it_was_last_seen_by_anybody_at_all_in_a_long_name_without_space");
    await row("code").getByRole("button", { name: "Drop column" }).click();
    await press("Review changes");
    await looks("review");
    await page.context().close();
  });
}

// Proves: UI-39
test("the whole dialog works with the keyboard alone", async () => {
  const page = await openAlter("/pen/stork");
  const { dialog, alert, names, focused } = parts(page);
  const tab = async (times) => {
    for (let count = 0; count < times; count += 1) {
      await page.keyboard.press("Tab");
    }
  };
  // From the name of the key over its type and its options to the next column.
  await tab(1);
  await focused("Column type");
  await tab(1);
  await focused("Drop column");
  await tab(1);
  await page.keyboard.press("Enter");
  await focusBecomes(page, (element) => element.textContent, "Hide options");
  await page.keyboard.press("Enter");
  await tab(1);
  await focusBecomes(page, (element) => element.value, "name");
  await tab(2);
  await focused("Move column down");
  await page.keyboard.press("Enter");
  assert.deepEqual(await names(), ["id", "weight", "name", "town_id", "seen", "code"]);
  await focused("Move column down");
  // Enter in a name reviews.
  await dialog.locator(".schema-column-name").first().focus();
  await page.keyboard.press("Enter");
  await focusBecomes(page, (element) => element.textContent, "Review changes");
  assert.equal(await alert.innerText(), "");
  await page.context().close();
});
