// What is asked of the server for a changed table, and how it is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { knownColumns, nameProblem, planOf, rulesProblem } from "../js/schema/alter-plan.js";
import { wordsOf } from "../js/schema/alter-words.js";

const column = (name, more = {}) => ({
  name,
  type: "text",
  sqlite_type: "TEXT",
  notnull: 0,
  default: null,
  has_default: false,
  is_pk: false,
  foreign_key: null,
  column_type: null,
  ...more,
});

const BEFORE = {
  tableName: "bird",
  primaryKeys: ["id"],
  customColumnTypes: [],
  columns: [
    column("id", { type: "integer", sqlite_type: "INTEGER", is_pk: true }),
    column("name", { notnull: 1, default: "'it''s'", has_default: true, column_type: { type: "json", config: { deep: 1 } } }),
    column("town", { foreign_key: { fk_table: "town", fk_column: "code" } }),
    column("weight", { sqlite_type: "NUMERIC", default: "lower('X')", has_default: true }),
    column("seen", { default: null, has_default: true, default_expr: "current_date" }),
  ],
};

const BLANK = { original: null, type: "text", customType: "", isKey: false, notNull: false, foreignKey: null };
const added = (name, more = {}) => ({ ...BLANK, defaultValue: "", defaultExpression: "", name, ...more });

/** The plan after `change` did something to the columns, which it may also replace. */
function plan(change, { before = BEFORE, tableName = before.tableName, removed = [] } = {}) {
  const columns = knownColumns(before.columns);
  const by = Object.fromEntries(columns.map((each) => [each.name, each]));
  const changed = change(by, columns) ?? columns;
  return planOf(before, { tableName, columns: changed, removed: removed.map((name) => by[name].original) });
}

const EXPRESSIONS = [{ value: "current_date", label: "Current date" }];
const told = (made) =>
  wordsOf(made, EXPRESSIONS).map(({ parts }) => parts.map((part) => (part.name === undefined ? part : `<${part.name}>`)).join(""));

// Proves: UI-39
test("defaults are shown as values, and what is none stays as it is", () => {
  const [id, name, town, weight, seen] = knownColumns(BEFORE.columns);
  assert.deepEqual([name.defaultValue, name.defaultExpression], ["it's", ""]);
  assert.deepEqual([weight.defaultValue, weight.defaultExpression, weight.type], ["", "lower('X')", "numeric"]);
  assert.deepEqual([seen.defaultValue, seen.defaultExpression], ["", "current_date"]);
  assert.deepEqual([id.isKey, name.notNull, name.customType], [true, true, "json"]);
  assert.deepEqual(town.foreignKey, { table: "town", column: "code" });
  for (const [sql, value, expression] of [
    ["-1.5e3", "-1.5e3", ""],
    ["''", "", "''"],
    ["'a' || 'b'", "", "'a' || 'b'"],
    ["NULL", "", "NULL"],
    ["x'00'", "", "x'00'"],
    ["'two\nlines'", "two\nlines", ""],
  ]) {
    const [known] = knownColumns([column("a", { default: sql, has_default: true })]);
    assert.deepEqual([known.defaultValue, known.defaultExpression], [value, expression], sql);
  }
});

// Proves: UI-40
test("without a change nothing is asked for", () => {
  const { operations, types } = plan(() => {});
  assert.deepEqual([operations, types], [[], []]);
});

// Proves: UI-39
test("each change becomes an operation, in the order in which they are told", () => {
  const made = plan(
    (by, columns) => {
      by.name.name = "title";
      by.name.notNull = false;
      by.name.defaultValue = "";
      by.town.type = "integer";
      by.town.foreignKey = null;
      by.seen.defaultExpression = "";
      by.seen.defaultValue = "2024";
      const reference = { table: "owners", column: "id" };
      const fresh = added("owner", { type: "integer", foreignKey: reference });
      const day = added("day", { notNull: true, defaultExpression: "current_date" });
      return [columns[0], by.seen, by.name, by.town, fresh, day];
    },
    { tableName: "birds", removed: ["weight"] }
  );
  assert.deepEqual(made.operations, [
    { op: "rename_table", args: { to: "birds" } },
    { op: "alter_column", args: { name: "seen", default: "2024" } },
    { op: "rename_column", args: { name: "name", to: "title" } },
    { op: "alter_column", args: { name: "name", not_null: false, default: null } },
    { op: "alter_column", args: { name: "town", type: "integer" } },
    { op: "add_column", args: { name: "owner", type: "integer", not_null: false } },
    { op: "add_column", args: { name: "day", type: "text", not_null: true, default_expr: "current_date" } },
    { op: "drop_column", args: { name: "weight" } },
    { op: "reorder_columns", args: { columns: ["id", "seen", "name", "town", "owner", "day"] } },
    { op: "drop_foreign_key", args: { column: "town" } },
    { op: "add_foreign_key", args: { column: "owner", fk_table: "owners", fk_column: "id" } },
  ]);
  assert.deepEqual(made.types, [{ column: "title", type: "json", config: { deep: 1 } }]);
  assert.deepEqual(told(made), [
    "Rename table to <birds>.",
    'Change column <seen>: set default value to "2024".',
    "Rename column <name> to <title>.",
    "Change column <title>: allow unset values, remove the default value.",
    "Change column <town>: set type to integer.",
    "Add column <owner> as integer.",
    "Add column <day> as text, with values required, defaulting to Current date.",
    "Drop column <weight>.",
    "Set column order to <id>, <seen>, <title>, <town>, <owner>, <day>.",
    "Remove foreign key from column <town>.",
    "Set foreign key of column <owner> to <owners.id>.",
    "Set custom type for column <title> to json.",
  ]);
  assert.deepEqual(
    wordsOf(made, EXPRESSIONS).map(({ isLoss }) => isLoss).indexOf(true),
    7
  );
});

// Proves: UI-39
test("names that are swapped keep their places", () => {
  const made = plan((by, columns) => {
    [by.town.name, by.seen.name] = ["seen", "town"];
    return [columns[0], by.seen, by.town, by.name, by.weight];
  });
  assert.deepEqual(made.operations.at(-1), {
    op: "reorder_columns",
    args: { columns: ["id", "seen", "town", "name", "weight"] },
  });
  assert.equal(told(made).at(-1), "Set column order to <id>, <town>, <seen>, <name>, <weight>.");
});

// Proves: UI-39
test("a key of several columns keeps its order until other columns are in it", () => {
  const before = {
    ...BEFORE,
    primaryKeys: ["b", "a"],
    columns: [column("a", { is_pk: true }), column("b", { is_pk: true }), column("c")],
  };
  assert.deepEqual(plan(() => {}, { before }).operations, []);
  const moved = plan((by) => [by.b, by.a, by.c], { before });
  assert.deepEqual(moved.operations, [{ op: "reorder_columns", args: { columns: ["b", "a", "c"] } }]);
  const more = plan((by) => {
    by.c.isKey = true;
    by.a.name = "A";
  }, { before });
  assert.deepEqual(more.operations.at(-1), { op: "set_primary_key", args: { columns: ["b", "A", "c"] } });
  const less = plan((by) => {
    by.b.isKey = false;
  }, { before });
  assert.deepEqual(less.operations, [{ op: "set_primary_key", args: { columns: ["a"] } }]);
  const gone = plan((by) => [by.a, by.c], { before, removed: ["b"] });
  assert.deepEqual(gone.operations.map(({ op }) => op), ["drop_column", "set_primary_key"]);
});

// Proves: UI-39
test("custom types follow a renamed table and go when they are taken away", () => {
  assert.deepEqual(plan(() => {}, { tableName: "birds" }).types, [{ column: "name", type: "json", config: { deep: 1 } }]);
  const made = plan((by) => {
    by.name.customType = "";
    by.town.customType = "url";
  });
  assert.deepEqual(made.types, [
    { column: "name", type: null, config: null },
    { column: "town", type: "url", config: null },
  ]);
  assert.deepEqual(told(made), [
    "Remove custom type from column <name>.",
    "Set custom type for column <town> to url.",
  ]);
  // Without the right to set them nothing is asked for.
  const before = { ...BEFORE, customColumnTypes: undefined };
  assert.deepEqual(plan(() => {}, { before, tableName: "birds" }).types, []);
});

// Proves: UI-40
test("what cannot be is told before the server is asked", () => {
  const wrong = (change) => {
    const columns = knownColumns(BEFORE.columns);
    const more = change(columns) ?? [];
    return rulesProblem(BEFORE, [...columns, ...more]);
  };
  assert.equal(wrong(() => {}), null);
  assert.deepEqual(wrong(() => [added("x", { notNull: true })]), {
    message: "New NOT NULL columns need a default or default expression.",
    place: 5,
  });
  assert.equal(wrong(() => [added("x", { notNull: true, defaultValue: "0" })]), null);
  assert.deepEqual(
    wrong((columns) => {
      columns[0].isKey = false;
    }),
    { message: "At least one primary key column is required.", place: null }
  );
  assert.equal(rulesProblem({ ...BEFORE, primaryKeys: [] }, [added("x")]), null);
  for (const [name, message] of [
    ["", "Table name is required."],
    ["a\nb", "Table names cannot contain newlines."],
    ["SQLite_x", "Table names cannot start with sqlite_."],
    ["bird", ""],
    ["my sqlite_x", ""],
  ]) {
    assert.equal(nameProblem(BEFORE, name), message, name);
  }
});
