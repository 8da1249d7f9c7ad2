// Many rows out of a text that was pasted: which column each value is for, and what it is there
// (UI-25 to UI-31). Rows are maps from names to values.
import { rowsOf } from "./delimited-text.js";
import { valueOf } from "./field-value.js";
import { isObject, looksLikeJson, objectsOf } from "./json-rows.js";

const namesOf = (columns) => columns.map((column) => column.name);

/** What a cell holds for its column: text for a column of numbers is a number. */
function cellOf(column, value) {
  const isNumber = column.value_kind === "number" && typeof value === "string";
  return isNumber ? valueOf(column.name, value, "number") : value;
}

function fromObjects(text, columns) {
  const known = new Map(columns.map((column) => [column.name, column]));
  return objectsOf(text).map((item, place) => {
    if (!isObject(item)) {
      throw new Error(`JSON row ${place + 1} must be an object.`);
    }
    const unknown = Object.keys(item).find((name) => !known.has(name));
    if (unknown !== undefined) {
      throw new Error(`JSON row ${place + 1} has unknown column ${unknown}.`);
    }
    const given = columns.filter((column) => Object.hasOwn(item, column.name));
    return new Map(given.map((column) => [column.name, cellOf(column, item[column.name])]));
  });
}

/** The names of the first row when it is a header; null when it is data. */
export function namedColumns(row, names) {
  const header = row.map((cell) => cell.trim());
  return header.some((name) => names.includes(name)) ? header : null;
}

function checkHeader(header, names) {
  const seen = new Set();
  for (const name of header.filter(Boolean)) {
    if (!names.includes(name)) {
      throw new Error(`Unknown column ${name} in header row.`);
    }
    if (seen.has(name)) {
      throw new Error(`Duplicate column ${name} in header row.`);
    }
    seen.add(name);
  }
}

function fromCells(text, columns) {
  const names = namesOf(columns);
  const rows = rowsOf(text, names);
  if (!rows.length) {
    throw new Error("No rows found to preview.");
  }
  const header = namedColumns(rows[0], names);
  if (header) {
    checkHeader(header, names);
    rows.shift();
  }
  if (!rows.length) {
    throw new Error("No data rows found to preview.");
  }
  const given = header ?? names;
  const known = new Map(columns.map((column) => [column.name, column]));
  return rows.map((row, place) => {
    if (row.length > given.length) {
      throw new Error(
        `Row ${place + 1} has ${row.length} values, but only ${given.length} columns were provided.`
      );
    }
    const cells = row.map((cell, at) => [known.get(given[at]), cell]).filter(([column]) => column);
    return new Map(cells.map(([column, cell]) => [column.name, cellOf(column, cell)]));
  });
}

/**
 * The rows of a text.
 * @param {{name: string, value_kind: string}[]} columns of the table
 * @returns {Map<string, unknown>[]}
 * @throws {Error} with what is wrong, for people
 */
export function rowsFrom(text, columns) {
  const trimmed = text.trim();
  if (!trimmed) {
    throw new Error("Paste rows before previewing.");
  }
  // The first and the last cell may be blank, so cells are not trimmed.
  return looksLikeJson(trimmed) ? fromObjects(trimmed, columns) : fromCells(text, columns);
}

/** Whether the text gives every column of the key, as far as it can be read. */
export function includesKey(text, columns, keys) {
  const trimmed = text.trim();
  if (!keys.length || !trimmed) {
    return false;
  }
  try {
    if (looksLikeJson(trimmed)) {
      const seen = new Set(objectsOf(trimmed).flatMap((item) => Object.keys(item ?? {})));
      return keys.every((key) => seen.has(key));
    }
    const names = namesOf(columns);
    const rows = rowsOf(text, names);
    const header = namedColumns(rows[0], names);
    const most = rows.reduce((count, row) => Math.max(count, row.length), 0);
    return keys.every((key) => (header ?? names.slice(0, most)).includes(key));
  } catch {
    return false;
  }
}

/** What an upsert would refuse: a row without its key; null when there is none. */
export function missingKey(rows, keys) {
  for (const [place, row] of rows.entries()) {
    const missing = keys.filter((key) => (row.get(key) ?? null) === null);
    if (missing.length) {
      const names = missing.join(", ");
      return `Row ${place + 1} is missing primary key ${names}. Upsert requires primary key values for every row.`;
    }
  }
  return null;
}
