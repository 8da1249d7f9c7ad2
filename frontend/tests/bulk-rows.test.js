// Rows out of a pasted text: what is read, and what is said when it cannot be.
import assert from "node:assert/strict";
import { test } from "node:test";
import { includesKey, missingKey, rowsFrom } from "../js/edit/bulk-rows.js";
import { delimiterOf, split } from "../js/edit/delimited-text.js";
import { decode, encode, identifierOf } from "../js/edit/address.js";
import { parse, write } from "../js/edit/exact-json.js";
import { isSame, kindOf, valueOf } from "../js/edit/field-value.js";

const COLUMNS = [
  { name: "id", value_kind: "number" },
  { name: "name", value_kind: "string" },
  { name: "size", value_kind: "number" },
];

const read = (text, columns = COLUMNS) => rowsFrom(text, columns).map((row) => Object.fromEntries(row));

function fails(text, message, columns) {
  assert.throws(() => rowsFrom(text, columns ?? COLUMNS), { message }, JSON.stringify(text));
}

// Proves: UI-26
test("the delimiter is found on the first line that is not blank", () => {
  const names = ["id", "name"];
  assert.equal(delimiterOf("\n \na\tb\n1,2", names), "\t");
  assert.equal(delimiterOf("a\tb,c", names), ",");
  assert.equal(delimiterOf("a\tb\tc,d", names), "\t");
  assert.equal(delimiterOf("a,b", names), ",");
  assert.equal(delimiterOf('"a,b,c"\td', names), "\t");
  assert.equal(delimiterOf('\n"a\nb",c', names), ",");
  assert.equal(delimiterOf("name\nWren", names), null);
  assert.equal(delimiterOf("anything", ["only"]), null);
  assert.throws(() => delimiterOf("anything", names), { message: "Could not detect CSV or TSV columns." });
});

// Proves: UI-26
test("cells in quotes hold delimiters, quotes and ends of lines", () => {
  assert.deepEqual(split('a,"b, ""c""\r\nd",e\r\nf,,\rg', ","), [["a", 'b, "c"\r\nd', "e"], ["f", "", ""], ["g"]]);
  assert.throws(() => split('a,"b', ","), { message: "Unclosed quoted value." });
});

// Proves: UI-27
test("the first line is a header when one of its cells names a column", () => {
  assert.deepEqual(read("name,id\nWren,1\n\nRobin,2\n"), [{ name: "Wren", id: 1 }, { name: "Robin", id: 2 }]);
  assert.deepEqual(read("1\tWren\t9.5\n2\tRobin"), [{ id: 1, name: "Wren", size: 9.5 }, { id: 2, name: "Robin" }]);
  assert.deepEqual(read(" name , size \nWren,"), [{ name: "Wren", size: null }]);
  assert.deepEqual(read("name\nWren\n"), [{ name: "Wren" }]);
  assert.deepEqual(read("\tWren\t3"), [{ id: null, name: "Wren", size: 3 }]);
  assert.deepEqual(read("name,\nWren,ignored"), [{ name: "Wren" }]);
});

// Proves: UI-26, UI-28
test("JSON is an array of objects, or the longest one in an object", () => {
  assert.deepEqual(read('[{"name": "a", "size": "3"}, {"id": null}]'), [{ name: "a", size: 3 }, { id: null }]);
  const wrapped = '{"ok": true, "few": [{"id": 1}], "rows": [{"id": 2}, {"id": 3}], "other": [1, 2, 3]}';
  assert.deepEqual(read(wrapped), [{ id: 2 }, { id: 3 }]);
  assert.deepEqual(read('[{"name": {"deep": [1]}, "id": 9007199254740993}]'), [{ name: { deep: [1] }, id: 9007199254740993n }]);
});

// Proves: UI-29
test("what is wrong is said", () => {
  fails(" \n", "Paste rows before previewing.");
  fails("[]", "No rows found to preview.");
  fails("id,name\n\n", "No data rows found to preview.");
  fails("id,colour\n1,2", "Unknown column colour in header row.");
  fails("id,id\n1,2", "Duplicate column id in header row.");
  fails('[{"id": 1}, {"colour": 1}]', "JSON row 2 has unknown column colour.");
  fails('[{"id": 1}, 2]', "JSON row 2 must be an object.");
  fails("id,name\n1,2\n1,2,3", "Row 2 has 3 values, but only 2 columns were provided.");
  fails('id,name\n1,"open', "Unclosed quoted value.");
  fails("one\ntwo", "Could not detect CSV or TSV columns.");
  fails("[{", /^Invalid JSON: /);
  fails('"text"', "Could not detect CSV or TSV columns.");
  fails("{}", "JSON object must contain at least one root key with an array of objects.");
  fails("id,size\n1,big", "size must be a number");
});

// Proves: UI-30
test("the text has the key when every column of it is given", () => {
  const has = (text, keys) => includesKey(text, COLUMNS, keys);
  assert.equal(has("id,name\n1,a", ["id"]), true);
  assert.equal(has("name,size\na,1", ["id"]), false);
  assert.equal(has("1,a,2", ["id"]), true);
  assert.equal(has("1,a\n2,b", ["id", "size"]), false);
  assert.equal(has("1,a\n2,b,3", ["id", "size"]), true);
  assert.equal(has('[{"id": 1}, {"name": 2}]', ["id", "name"]), true);
  assert.equal(has('[{"id": 1}]', ["id", "name"]), false);
  assert.equal(has("id,name\n1,a", []), false);
  assert.equal(has("[{", ["id"]), false);
  assert.equal(has("", ["id"]), false);
});

// Proves: UI-31
test("rows without their key are found before an upsert", () => {
  const rows = rowsFrom("id,name\n1,a\n,b", COLUMNS);
  assert.equal(
    missingKey(rows, ["id", "size"]),
    "Row 1 is missing primary key size. Upsert requires primary key values for every row."
  );
  assert.equal(
    missingKey(rows, ["id"]),
    "Row 2 is missing primary key id. Upsert requires primary key values for every row."
  );
  assert.equal(missingKey(rows.slice(0, 1), ["id", "name"]), null);
});

test("names that objects have of their own are names like any other", () => {
  const columns = ["__proto__", "constructor"].map((name) => ({ name, value_kind: "string" }));
  const [row] = rowsFrom('[{"__proto__": "a", "constructor": "b"}]', columns);
  assert.equal(write(row), '{"__proto__":"a","constructor":"b"}');
  assert.equal(write(rowsFrom("constructor,__proto__\n1,2", columns)), '[{"constructor":"1","__proto__":"2"}]');
  fails('[{"toString": 1}]', "JSON row 1 has unknown column toString.", columns);
});

// Proves: UI-20
test("text means a value of the kind that was there", () => {
  const number = (text) => valueOf("n", text, "number");
  assert.deepEqual([" 12 ", "-1.5e3", "", "  ", "9007199254740993", "+9007199254740993"].map(number), [
    12, -1500, null, null, 9007199254740993n, 9007199254740993n,
  ]);
  for (const text of ["x", "1,5", "Infinity", "1e999"]) {
    assert.throws(() => number(text), { message: "n must be a number" });
  }
  assert.deepEqual(["YES", "1", "true"].map((text) => valueOf("b", text, "boolean")), [true, true, true]);
  assert.deepEqual(["no", "0", "False"].map((text) => valueOf("b", text, "boolean")), [false, false, false]);
  assert.throws(() => valueOf("b", "maybe", "boolean"), { message: "b must be true or false" });
  assert.equal(valueOf("t", "", "null"), null);
  assert.equal(valueOf("t", "x", "null"), "x");
  assert.equal(valueOf("t", "", "string"), "");
  const bytes = valueOf("p", "AA==", "binary");
  assert.deepEqual(bytes, { $base64: true, encoded: "AA==" });
  assert.ok(isSame(bytes, { $base64: true, encoded: "AA==" }) && !isSame(bytes, null));
  assert.deepEqual([null, 1, 2n, true, "a", bytes, [1]].map(kindOf), ["null", "number", "number", "boolean", "string", "binary", "string"]);
});

test("JSON keeps the digits of integers", () => {
  const text = '{"a":["9007199254740993",0.1234567890123456,9007199254740993,1.5,null,true,"x"],"b":{"c":-9223372036854775808}}';
  assert.equal(write(parse(text)), text);
});

test("row identifiers are written and read as the server does", () => {
  for (const value of ["a b", "x/y,z", "é~", "100%", "鳥🐦", "-_.", "+"]) {
    assert.match(encode(value), /^[A-Za-z0-9_~+-]*$/);
    assert.equal(decode(encode(value)), value);
  }
  assert.equal(encode("a/b c"), "a~2Fb+c");
  assert.equal(identifierOf({ b: 1, a: "x,y" }, ["a", "b"]), "x~2Cy,1");
  assert.equal(identifierOf({ rowid: 9007199254740993n }, []), "9007199254740993");
  assert.equal(identifierOf({ a: 1 }, ["a", "b"]), null);
  assert.equal(identifierOf(undefined, ["a"]), null);
});
