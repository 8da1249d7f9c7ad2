// The rows that are about to be inserted, as a table.
import { write } from "./exact-json.js";
import { make } from "./element.js";

/** More would only make the browser slow. */
const MOST_SHOWN = 500;

function cell(column, row) {
  if (!row.has(column.name)) {
    return column.is_auto_pk ? make("td", "row-edit-bulk-preview-auto", "auto") : make("td");
  }
  const value = row.get(column.name);
  if (value === null) {
    return make("td", "row-edit-bulk-preview-null", "null");
  }
  return make("td", "", typeof value === "object" ? write(value) : String(value));
}

/** The preview of these rows; `file` is the one that they are the first rows of. */
export function preview(columns, rows, file = null) {
  const root = make("div", "row-edit-bulk-preview");
  let words = `Previewing ${rows.length} row${rows.length === 1 ? "." : "s."}`;
  if (file) {
    words = `Previewing the first rows of ${file.words}.`;
  } else if (rows.length > MOST_SHOWN) {
    words += ` The first ${MOST_SHOWN} are shown.`;
  }
  const head = make("tr");
  head.append(...columns.map((column) => make("th", "", column.name, { scope: "col" })));
  const body = make("tbody");
  for (const row of rows.slice(0, MOST_SHOWN)) {
    const line = make("tr");
    line.append(...columns.map((column) => cell(column, row)));
    body.append(line);
  }
  const table = make("table", "row-edit-bulk-preview-table");
  const top = make("thead");
  top.append(head);
  table.append(top, body);
  const frame = make("div", "row-edit-bulk-preview-table-wrap", "", { role: "region", "aria-label": "Preview", tabindex: "0" });
  frame.append(table);
  root.append(make("p", "row-edit-bulk-preview-summary", words, { role: "status" }), frame);
  return root;
}
