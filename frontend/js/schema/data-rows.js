// A table out of a text that was pasted: its columns, their types, its rows (UI-37, UI-38). Rows
// are maps from names to values, so that names may be any and keep their order.
import { guess, rowsBy } from "../edit/delimited-text.js";
import { Real, write } from "../edit/exact-json.js";
import { isBytes } from "../edit/field-value.js";
import { isObject, looksLikeJson, objectsOf } from "../edit/json-rows.js";
import { namesProblem } from "./column-checks.js";

const INTEGER = /^[-+]?\d+$/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** Keys are found at a glance when they are short. */
const LONGEST_KEY = 19;

function isInteger(text) {
  const isWritten = INTEGER.test(text);
  // More digits than SQLite has room for are no number that could be counted with.
  return isWritten && (text.length < 18 || (BigInt(text) >= LEAST && BigInt(text) <= MOST));
}

const isNumber = (text) => NUMBER.test(text) && !INTEGER.test(text) && Number.isFinite(Number(text));

/** The types that fit all these texts, the best first. */
function typesOf(texts) {
  const filled = texts.map((text) => text.trim()).filter(Boolean);
  if (!filled.length) {
    return ["text"];
  }
  if (filled.every(isInteger)) {
    return ["integer", "float", "text"];
  }
  return filled.every((text) => isInteger(text) || isNumber(text)) ? ["float", "text"] : ["text"];
}

function valueOf(text, type) {
  const trimmed = text.trim();
  if (type === "text") {
    return trimmed === "" ? "" : text;
  }
  if (trimmed === "") {
    return null;
  }
  const number = Number(trimmed);
  if (type === "float") {
    return new Real(number);
  }
  return Number.isSafeInteger(number) ? number : BigInt(trimmed);
}

function checkHeader(names) {
  if (!names.length) {
    throw new Error("No columns found to preview.");
  }
  const blank = names.indexOf("");
  if (blank >= 0) {
    throw new Error(`Column header ${blank + 1} is blank.`);
  }
  const problem = namesProblem(names);
  if (problem) {
    throw new Error(problem.message);
  }
}

/** A table of texts, whose columns may be given another type that fits. */
class TextTable {
  constructor(names, cells) {
    this.cells = cells;
    this.columns = names.map((name, place) => {
      const types = typesOf(cells.map((row) => row[place] ?? ""));
      return { name, types, type: types[0] };
    });
  }

  get count() {
    return this.cells.length;
  }

  /** The first rows, as the types say now. */
  first(most) {
    const value = (row, { name, type }, place) => [name, valueOf(row[place] ?? "", type)];
    return this.cells.slice(0, most).map((row) => new Map(this.columns.map((column, place) => value(row, column, place))));
  }
}

/** A table of values that have types of their own. */
class ValueTable {
  constructor(names, rows) {
    this.columns = names.map((name) => ({ name, types: [], type: null }));
    this.rows = rows;
  }

  get count() {
    return this.rows.length;
  }

  first(most) {
    return this.rows.slice(0, most);
  }
}

function fromCells(text) {
  const [header, ...cells] = rowsBy(text, guess(text));
  if (!header) {
    throw new Error("No rows found to preview.");
  }
  const names = header.map((name) => name.trim());
  checkHeader(names);
  if (!cells.length) {
    throw new Error("No data rows found to preview.");
  }
  const long = cells.findIndex((row) => row.length > names.length);
  if (long >= 0) {
    const count = cells[long].length;
    throw new Error(`Row ${long + 1} has ${count} values, but only ${names.length} columns were provided.`);
  }
  return new TextTable(names, cells);
}

/** A value of JSON for a cell: what SQLite has no type for becomes its text. */
function cellOf(value) {
  const isNested = value !== null && typeof value === "object" && !isBytes(value);
  return isNested ? write(value) : value;
}

function fromObjects(text) {
  const objects = objectsOf(text);
  const wrong = objects.findIndex((each) => !isObject(each));
  if (wrong >= 0) {
    throw new Error(`JSON row ${wrong + 1} must be an object.`);
  }
  const names = Array.from(new Set(objects.flatMap((each) => Object.keys(each))));
  checkHeader(names);
  const valueAt = (each, name) => (Object.hasOwn(each, name) ? cellOf(each[name]) : null);
  const rows = objects.map((each) => new Map(names.map((name) => [name, valueAt(each, name)])));
  return new ValueTable(names, rows);
}

/**
 * The table in a text.
 * @returns {{columns: {name: string, types: string[], type: string | null}[], count: number,
 *   first: (most: number) => Map<string, unknown>[]}} `types` are those that `type` may be set to;
 *   rows follow it
 * @throws {Error} with what is wrong, for people
 */
export function tableFrom(text) {
  const trimmed = text.trim();
  if (!trimmed) {
    throw new Error("Paste rows before previewing.");
  }
  // The first and the last cell may be blank, so cells are not trimmed.
  return looksLikeJson(trimmed) ? fromObjects(trimmed) : fromCells(text);
}

function longestKey(rows, name) {
  const seen = new Set();
  let longest = 0;
  for (const row of rows) {
    const value = row.get(name) ?? "";
    const text = typeof value === "object" && !(value instanceof Real) ? "" : String(value).trim();
    if (!text || text.length > LONGEST_KEY || /\s/.test(text) || seen.has(text)) {
      return Infinity;
    }
    seen.add(text);
    longest = Math.max(longest, text.length);
  }
  return longest;
}

/** The column that tells rows apart with the shortest values; null where none does. */
export function bestKey(table) {
  const rows = table.first(Infinity);
  let best = null;
  let shortest = Infinity;
  for (const { name } of table.columns) {
    const longest = longestKey(rows, name);
    if (longest < shortest) {
      best = name;
      shortest = longest;
    }
  }
  return best;
}
