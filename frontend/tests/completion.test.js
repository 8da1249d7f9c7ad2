// What the editor offers while SQL is typed, without a browser. The cursor is at the `|`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CompletionContext } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { completeNames, written } from "../editor/names.js";
import { SQLite, completeFunctions, completeKeywords } from "../editor/sqlite.js";

const SCHEMA = JSON.parse(`{
  "town": ["id", "name", "Länge"],
  "order": ["id", "group", "say \\"hi\\"", "__proto__", "constructor"],
  "two words": ["id", "a column"],
  "big_towns": []
}`);

function ask(source, text, explicit = false) {
  const pos = text.indexOf("|");
  const state = EditorState.create({ doc: text.replace("|", ""), extensions: [SQLite.language] });
  const result = source(new CompletionContext(state, pos, explicit));
  const typed = result && state.sliceDoc(result.from, pos).toLowerCase();
  const options = (result?.options ?? []).filter((option) => option.label.toLowerCase().startsWith(typed));
  const chosen = (label) => {
    const option = options.find((each) => each.label === label);
    return state.sliceDoc(0, result.from) + (option.apply ?? option.label) + state.sliceDoc(result.to ?? pos);
  };
  const staysFor = (text) => result.validFor.test(text);
  return { labels: options.map((option) => option.label), chosen, staysFor };
}

const names = (text, explicit) => ask(completeNames(SCHEMA), text, explicit);

// Proves: HTML-102
test("tables, and columns of the tables that the statement names", () => {
  assert.deepEqual(names("select * from to|").labels, ["town"]);
  assert.deepEqual(names("select na| from town").labels, ["name"]);
  assert.deepEqual(names("select na| from [two words]").labels, []);
  assert.deepEqual(names("select a| from [two words]").labels, ["a column"]);
  assert.deepEqual(names("select 1 from town; select na|; select 1 from [two words]").labels, ["name"]);
  assert.deepEqual(names("select id, na|").labels, ["name"]);
  assert.deepEqual(names("select lä| from TOWN").labels, ["Länge"]);
  assert.deepEqual(names("select 1 from (select na| from town)").labels, ["name"]);
});

// Proves: HTML-102
test("columns behind a table, an alias, a database", () => {
  for (const text of [
    "select town.| from town",
    "select t.| from town t",
    "select t.| from town as t",
    "select T.| from main.town as t",
    'select "t".| from "town" as "t"',
    "with x as (select t.| from town t) select 1",
  ]) {
    assert.deepEqual(names(text).labels, ["id", "name", "Länge"], text);
  }
  assert.deepEqual(names("select other.| from town").labels, []);
  assert.deepEqual(names("select t.n| from town t").labels, ["name"]);
  assert.deepEqual(names("select big| from town big_t").labels, ["big_towns", "big_t"]);
});

// Proves: HTML-102
test("names are quoted when they have to be", () => {
  assert.equal(names("select * from ord|").chosen("order"), 'select * from "order"');
  assert.equal(names("select * from tw|").chosen("two words"), 'select * from "two words"');
  assert.equal(names("select say| from [order]").chosen('say "hi"'), 'select "say ""hi""" from [order]');
  assert.equal(names('select * from "ord|"').chosen("order"), 'select * from "order"');
  assert.equal(names("select * from [two|]").chosen("two words"), "select * from [two words]");
  assert.equal(names("select * from [two w|").chosen("two words"), "select * from [two words]");
  assert.equal(written("LIMIT"), '"LIMIT"');
  assert.equal(written("Town_1"), "Town_1");
  assert.equal(written("1st"), '"1st"');
});

test("what is offered for one word is not kept for the next", () => {
  const offered = names("select tow|");
  assert.deepEqual([offered.staysFor("town"), offered.staysFor("town n")], [true, false]);
  assert.equal(names('select "two|"').staysFor("two words"), true);
});

test("nothing inside texts and comments, and nothing unasked", () => {
  for (const text of ["select 'to|'", "select 1 -- to|", "/* to| */", "select |"]) {
    assert.deepEqual(names(text).labels, [], text);
  }
  assert.ok(names("select | from town", true).labels.includes("name"));
  assert.deepEqual(names("select __| from [order]").labels, ["__proto__"]);
  assert.deepEqual(ask(completeNames({}), "select t|").labels, []);
});

test("words and functions of SQLite", () => {
  assert.deepEqual(ask(completeKeywords, "sel|").labels, ["select"]);
  assert.deepEqual(ask(completeFunctions, "select json_ex|").labels, ["json_extract"]);
  assert.deepEqual(ask(completeFunctions, "select 'json_ex|'").labels, []);
});
