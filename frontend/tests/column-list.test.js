// The list of columns of the dialogs that create and alter tables: what it gives back, and what it
// says is wrong.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { columnsProblem } from "../js/schema/column-checks.js";
import { openSite, WIDE } from "./site.js";
import { focusBecomes } from "./focus.js";

const DATA = {
  columnTypes: ["text", "integer", "float", "blob"],
  defaultExpressions: [
    { value: "current_date", label: "Current date", sqliteType: "text" },
    { value: "current_unixtime", label: "Seconds", sqliteType: "integer" },
  ],
  customColumnTypes: [
    { name: "email", description: "Email address", sqliteTypes: ["text"], fixedSqliteType: "text" },
    { name: "any", description: "", sqliteTypes: ["text", "integer", "float", "blob"] },
  ],
  foreignKeyTargetsPath: "/birds/-/foreign-key-targets",
};
const TARGETS = [
  { fk_table: "habitat", fk_column: "id", type: "integer" },
  { fk_table: "scale", fk_column: "weight", type: "real" },
];

let site;

before(async () => {
  site = await openSite();
});

after(async () => {
  await site?.close();
});

/** A page with a list of these columns, which the page calls `list`. */
async function withList(columns, answer = { json: { ok: true, targets: TARGETS } }) {
  const page = await site.visit("/", { ...WIDE, bypassCSP: true });
  await page.route("**/-/foreign-key-targets", (route) => route.fulfill(answer));
  await page.evaluate(
    async ([data, columns]) => {
      const { ColumnList } = await import("/-/static/schema/column-list.js");
      window.changes = 0;
      window.list = new ColumnList(data, "table-alter", () => (window.changes += 1));
      document.querySelector("section.content").replaceChildren(window.list.root);
      window.list.fill(columns.map((column) => (column.name ? { ...column, original: column } : column)));
      await window.list.loadTargets();
    },
    [DATA, columns]
  );
  return page;
}

const now = (page) => page.evaluate(() => window.list.columns());
const names = async (page) => (await now(page)).map((column) => column.name);
const row = (page, place) => page.locator(".table-alter-column-row").nth(place);
const move = (page, place, to) => row(page, place).locator(`.table-alter-move-${to}`);

// Proves: UI-34
test("a column is given back with what was chosen and what it was before", async () => {
  const id = { name: "id", type: "integer", isKey: true };
  const page = await withList([id, {}]);
  assert.equal(await page.evaluate(() => window.list.hasChanges()), false);
  const blank = row(page, 1);
  await blank.locator(".table-alter-column-name").fill("  email  ");
  await blank.getByRole("button", { name: "Advanced options" }).click();
  await blank.getByLabel("Not null").check();
  await blank.getByText("Set a default value").click();
  await blank.getByLabel("or default to a specific value").fill("a@b.c");
  await blank.getByLabel("Custom type").selectOption("email");
  const plain = { customType: "", isKey: false, notNull: false, defaultValue: "", defaultExpression: "", foreignKey: null };
  assert.deepEqual(await now(page), [
    { ...plain, original: id, name: "id", type: "integer", isKey: true },
    { ...plain, original: null, name: "email", type: "text", customType: "email", notNull: true, defaultValue: "a@b.c" },
  ]);
  assert.equal(await page.evaluate(() => window.list.hasChanges()), true);
  assert.ok((await page.evaluate(() => window.changes)) > 0);
  await blank.getByRole("button", { name: "Hide options" }).click();
  const summary = blank.locator(".table-alter-column-summary");
  assert.equal(await summary.textContent(), "Not null · Default a@b.c · Custom type email");
});

// Proves: UI-34
test("a default is a value or an expression, and an expression brings its type", async () => {
  const page = await withList([{}]);
  await row(page, 0).getByRole("button", { name: "Advanced options" }).click();
  await row(page, 0).getByText("Set a default value").click();
  await row(page, 0).getByLabel("or default to a specific value").fill("5");
  await row(page, 0).getByLabel("Default expression").selectOption("current_unixtime");
  let [column] = await now(page);
  assert.deepEqual([column.type, column.defaultValue, column.defaultExpression], ["integer", "", "current_unixtime"]);
  await row(page, 0).getByLabel("or default to a specific value").fill("6");
  [column] = await now(page);
  assert.deepEqual([column.defaultValue, column.defaultExpression], ["6", ""]);
});

// Proves: UI-34
test("a foreign key brings type and name, and goes when a custom type is chosen", async () => {
  const page = await withList([{}, { name: "kept", type: "text" }]);
  for (const place of [0, 1]) {
    await row(page, place).getByRole("button", { name: "Advanced options" }).click();
  }
  const choice = row(page, 0).getByLabel("Foreign key");
  assert.deepEqual(await choice.locator("option").allTextContents(), [
    "- no foreign key -",
    "habitat.id (integer)",
    "scale.weight (floating point number)",
  ]);
  await choice.selectOption({ label: "scale.weight (floating point number)" });
  await row(page, 1).getByLabel("Foreign key").selectOption({ label: "habitat.id (integer)" });
  let [first, second] = await now(page);
  assert.deepEqual([first.name, first.type, first.foreignKey], ["scale_weight", "float", { table: "scale", column: "weight" }]);
  assert.deepEqual([second.name, second.type], ["kept", "integer"]);
  await row(page, 0).getByLabel("Custom type").selectOption("email");
  [first] = await now(page);
  assert.deepEqual([first.foreignKey, first.type, first.customType], [null, "text", "email"]);
  await row(page, 0).getByLabel("Column type").selectOption("blob");
  [first] = await now(page);
  assert.equal(first.customType, "");
});

test("what a column has and nobody offers stays as it is", async () => {
  const old = { name: "price", type: "numeric", foreignKey: { table: "hidden", column: "id" }, customType: "gone" };
  const page = await withList([old], { status: 403, json: { ok: false, error: "No" } });
  const [column] = await now(page);
  assert.deepEqual([column.type, column.foreignKey, column.customType], ["numeric", old.foreignKey, "gone"]);
  assert.equal(await page.evaluate(() => window.list.problem()), null);
  assert.equal(await page.evaluate(() => window.list.hasChanges()), false);
  await row(page, 0).getByRole("button", { name: "Advanced options" }).click();
  const choices = await row(page, 0).getByLabel("Foreign key").locator("option").allTextContents();
  assert.deepEqual(choices, ["- no foreign key -", "hidden.id", "Could not load foreign keys"]);
});

// Proves: UI-34
test("columns move among those that are no key, keys stay first", async () => {
  const page = await withList([{ name: "id", isKey: true }, { name: "a" }, { name: "b" }, { name: "c" }]);
  for (const to of ["top", "up", "down", "bottom"]) {
    assert.equal(await move(page, 0, to).isDisabled(), true);
  }
  assert.equal(await move(page, 1, "up").isDisabled(), true);
  assert.equal(await move(page, 1, "up").getAttribute("title"), "Primary key columns are always listed first");
  assert.equal(await move(page, 3, "down").isDisabled(), true);
  await move(page, 1, "down").focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(await names(page), ["id", "b", "a", "c"]);
  await focusBecomes(page, (element) => element.title, "Move column down");
  await page.keyboard.press("Enter");
  assert.deepEqual(await names(page), ["id", "b", "c", "a"]);
  await focusBecomes(page, (element) => element.value, "a");
  assert.equal(await page.locator(".table-alter-columns [role=status]").textContent(), "Column a is now 4 of 4");
  await move(page, 3, "top").click();
  assert.deepEqual(await names(page), ["id", "a", "b", "c"]);
  await move(page, 1, "bottom").click();
  await row(page, 2).getByRole("button", { name: "Advanced options" }).click();
  await row(page, 2).getByLabel("Primary key").check();
  assert.deepEqual(await names(page), ["id", "c", "b", "a"]);
  await focusBecomes(page, (element) => element.type, "checkbox");
});

test("a table whose key stands elsewhere keeps its order", async () => {
  const page = await withList([{ name: "a" }, { name: "id", isKey: true }, { name: "b" }]);
  assert.deepEqual(await names(page), ["a", "id", "b"]);
  assert.equal(await page.evaluate(() => window.list.hasChanges()), false);
  await move(page, 2, "top").click();
  assert.deepEqual(await names(page), ["b", "a", "id"]);
});

// Proves: UI-34
test("removing tells what was there, and the focus stays near", async () => {
  const page = await withList([{ name: "a", note: 1 }, { name: "b" }]);
  await row(page, 0).getByRole("button", { name: "Drop column" }).click();
  assert.deepEqual(await page.evaluate(() => window.list.removed), [{ name: "a", note: 1 }]);
  await focusBecomes(page, (element) => element.value, "b");
  await page.getByRole("button", { name: "Add column" }).click();
  await focusBecomes(page, (element) => element.placeholder, "column name");
  await row(page, 1).getByRole("button", { name: "Remove column" }).click();
  await row(page, 0).getByRole("button", { name: "Drop column" }).click();
  await focusBecomes(page, (element) => element.textContent, "Add column");
  assert.deepEqual(await page.evaluate(() => window.list.problem()), { message: "At least one column is required.", place: null });
});

// Proves: UI-35
test("what is wrong with columns is told with its place", async () => {
  const column = (more) => ({ original: null, name: "a", type: "text", customType: "", defaultValue: "", defaultExpression: "", ...more });
  const said = (...columns) => columnsProblem(columns, DATA);
  assert.equal(said(column()), null);
  assert.deepEqual(said(), { message: "At least one column is required.", place: null });
  assert.deepEqual(said(column(), column({ name: "" })), { message: "Column name is required.", place: 1 });
  assert.equal(said(column({ name: "a\nb" })).message, "Column names cannot contain newlines.");
  assert.deepEqual(said(column(), column({ name: "A" })), { message: "Duplicate column name: A", place: 1 });
  assert.equal(said(column({ name: "é" }), column({ name: "É" }), column({ name: "constructor" })), null);
  assert.equal(said(column({ type: "numeric" })).message, "Unsupported column type: numeric");
  const both = column({ defaultValue: "1", defaultExpression: "current_date" });
  assert.equal(said(both).message, "Use either a default value or a default expression.");
  const email = column({ type: "blob", customType: "email" });
  assert.equal(said(email).message, "Custom type email cannot be used with SQLite type blob.");
  assert.equal(said(column({ customType: "gone" })).message, "Unknown custom column type: gone");
});
