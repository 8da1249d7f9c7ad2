// A table out of a pasted text: its columns, types and rows, and what is said when there is none.
import assert from "node:assert/strict";
import { test } from "node:test";
import { write } from "../js/edit/exact-json.js";
import { bestKey, tableFrom } from "../js/schema/data-rows.js";

const types = (text) => tableFrom(text).columns.map((column) => column.type);
const sent = (text) => write(tableFrom(text).first(Infinity));
const key = (text) => bestKey(tableFrom(text));

function fails(text, message) {
  assert.throws(() => tableFrom(text), { message }, JSON.stringify(text));
}

// Proves: UI-38
test("columns of text have the type that all their values have", () => {
  const text = "whole,number,words,none,mixed\n1,1,a,,1\n-2,2.5,b,,x\n,,,,\n+3,-1e3,c,,3";
  assert.deepEqual(types(text), ["integer", "float", "text", "text", "text"]);
  assert.equal(
    sent(text),
    '[{"whole":1,"number":1.0,"words":"a","none":"","mixed":"1"},' +
      '{"whole":-2,"number":2.5,"words":"b","none":"","mixed":"x"},' +
      '{"whole":3,"number":-1000.0,"words":"c","none":"","mixed":"3"}]'
  );
  assert.equal(write(tableFrom("n\n1\n2").first(1)), '[{"n":1}]');
  assert.equal(sent("a\tb\n1\t\n\t2.5"), '[{"a":1,"b":null},{"a":null,"b":2.5}]');
});

test("no digit of a number is lost", () => {
  assert.equal(sent("n\n9223372036854775807\n1"), '[{"n":9223372036854775807},{"n":1}]');
  assert.deepEqual(types("n\n9223372036854775808"), ["text"]);
  assert.deepEqual(types("n\n0x1F"), ["text"]);
  assert.deepEqual(types("n\nInfinity\nNaN"), ["text"]);
  assert.deepEqual(types("n\n1e999"), ["text"]);
  assert.equal(sent('[{"n": 9223372036854775807}]'), '[{"n":9223372036854775807}]');
});

// Proves: UI-38
test("a type that fits less can be chosen", () => {
  const table = tableFrom("zip\n02139\n10115");
  assert.deepEqual(table.columns[0].types, ["integer", "float", "text"]);
  assert.equal(write(table.first(Infinity)), '[{"zip":2139},{"zip":10115}]');
  table.columns[0].type = "text";
  assert.equal(write(table.first(Infinity)), '[{"zip":"02139"},{"zip":"10115"}]');
  assert.deepEqual(tableFrom("a\nx").columns[0].types, ["text"]);
});

// Proves: UI-37
test("objects give their columns, nested values become text, missing ones null", () => {
  assert.equal(
    sent('{"meta": [], "rows": [{"a": 1, "b": {"c": [1.5]}}, {"d": true, "a": null, "__proto__": "x"}]}'),
    '[{"a":1,"b":"{\\"c\\":[1.5]}","d":null,"__proto__":null},{"a":null,"b":null,"d":true,"__proto__":"x"}]'
  );
  assert.equal(sent('[{"photo": {"$base64": true, "encoded": "AA=="}}]'), '[{"photo":{"$base64":true,"encoded":"AA=="}}]');
});

// Proves: UI-37
test("one column needs no delimiter, and a delimiter is found", () => {
  assert.equal(sent("name\nRook, the\nKite"), '[{"name":"Rook, the"},{"name":"Kite"}]');
  assert.equal(sent('name,note\n"Rook, the","says ""caw"""\n'), '[{"name":"Rook, the","note":"says \\"caw\\""}]');
  assert.equal(sent("a\tb\n\t2"), '[{"a":"","b":2}]');
  assert.equal(sent("2021,2020\n1,2"), '[{"2021":1,"2020":2}]');
});

// Proves: UI-37
test("the column with the shortest values that differ is proposed as the key", () => {
  assert.equal(key("name,code\nRook,r\nKite,k"), "code");
  assert.equal(key("one,two\n1,2\n2,1"), "one");
  assert.equal(key("a\nx\nx"), null);
  assert.equal(key("a,b\nx y,1\nz,\n"), null);
  assert.equal(key(`a\n${"x".repeat(19)}`), "a");
  assert.equal(key(`a\n${"x".repeat(20)}`), null);
  assert.equal(key('[{"a": null}, {"a": 1}]'), null);
});

// Proves: UI-29, UI-38
test("what is wrong with a text is told", () => {
  fails("  \n ", "Paste rows before previewing.");
  fails("a,b", "No data rows found to preview.");
  fails("a,,c\n1,2,3", "Column header 2 is blank.");
  fails("a,b,A\n1,2,3", "Duplicate column name: A");
  fails('"a\nb",c\n1,2', "Column names cannot contain newlines.");
  fails("a,b\n1,2,3", "Row 1 has 3 values, but only 2 columns were provided.");
  fails('a,b\n"1,2', "Unclosed quoted value.");
  fails("[]", "No rows found to preview.");
  fails("[{}]", "No columns found to preview.");
  fails('[{"a": 1}, 2]', "JSON row 2 must be an object.");
  fails('[{"": 1}]', "Column header 1 is blank.");
  fails('{"a": 1}', "JSON object must contain at least one root key with an array of objects.");
  fails("[{", /^Invalid JSON: /);
});
