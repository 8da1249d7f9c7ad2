// Where rows of the page's table are read and changed.

const pageData = () => window._datasetteTableData || {};

export const tableData = pageData;

/** What the page tells about new rows; undefined without the right to insert. */
export const insertData = () => pageData().insertRow;

/** Whether this is the page of one row. */
export const isRowPage = () => document.body.classList.contains("row");

/** A row identifier as people read it. */
export function decode(identifier) {
  const bytes = [];
  const encoder = new TextEncoder();
  for (let at = 0; at < identifier.length; ) {
    const code = identifier.slice(at).match(/^~([0-9a-f]{2})/i);
    if (code) {
      bytes.push(parseInt(code[1], 16));
      at += 3;
      continue;
    }
    const character = String.fromCodePoint(identifier.codePointAt(at));
    bytes.push(...encoder.encode(character === "+" ? " " : character));
    at += character.length;
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** A value as a part of a row identifier. */
export function encode(value) {
  let encoded = "";
  for (const byte of new TextEncoder().encode(String(value))) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9_-]/.test(character)) {
      encoded += character;
    } else {
      encoded += byte === 32 ? "+" : `~${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    }
  }
  return encoded;
}

/** The page of the table, with nothing chosen. */
export function tableUrl() {
  const url = new URL(pageData().tableUrl || location.href, location.href);
  url.search = "";
  url.hash = "";
  return url;
}

function below(path, parameters = {}) {
  const url = tableUrl();
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${path}`;
  for (const [name, value] of Object.entries(parameters)) {
    url.searchParams.set(name, value);
  }
  return url.href;
}

/** The row with what a form must know of its columns. */
export const rowUrl = (identifier) => below(`${identifier}.json`, { _extra: "columns,column_types,column_details" });

/** Where a row is changed; a row page shows the message after it was loaded again. */
export const updateUrl = (identifier) => below(`${identifier}/-/update`, isRowPage() ? { _message: "1" } : {});

/** Where a row is deleted; a row page has to lead somewhere else then. */
export const deleteUrl = (identifier) =>
  below(`${identifier}/-/delete`, isRowPage() ? { _redirect_to_table: "1" } : {});

/** The row as this page would show it, if it does. */
export function fragmentUrl(identifier) {
  const url = new URL(below("-/fragment"));
  url.search = location.search;
  url.searchParams.delete("_next");
  for (const name of ["_nocount", "_nofacet", "_nosuggest"]) {
    url.searchParams.set(name, "1");
  }
  url.searchParams.set("_row", identifier);
  return url.href;
}

/** The identifier of a row that the API returned; null where its key is not among the values. */
export function identifierOf(row, primaryKeys) {
  const keys = primaryKeys.length ? primaryKeys : ["rowid"];
  const values = keys.map((key) => (row && Object.hasOwn(row, key) ? row[key] : undefined));
  const isUsable = (value) => value !== undefined && value !== null && typeof value !== "object";
  return values.every(isUsable) ? values.map(encode).join(",") : null;
}
