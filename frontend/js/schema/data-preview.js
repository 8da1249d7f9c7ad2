// The table that pasted rows make, before it is made: its key, its types, its first rows (UI-37).
import { make } from "../edit/element.js";
import { write } from "../edit/exact-json.js";
import { bestKey } from "./data-rows.js";
import { select, typeWords } from "./select.js";

/** More would only make the browser slow. */
const MOST_SHOWN = 500;
/** No column can be called so: a name has no space around it. */
const AUTOMATIC = " ";

function cell(value) {
  if (value === null) {
    return make("td", "table-create-data-preview-null", "null");
  }
  return make("td", "", typeof value === "object" ? write(value) : String(value));
}

export class DataPreview {
  /** @param {object} table as `tableFrom` gives it */
  constructor(table) {
    this.table = table;
    this.root = make("div", "table-create-data-preview");
    this.body = make("tbody");
    this.root.append(this.summary(), this.keyField(), this.frame());
    this.showRows();
  }

  summary() {
    const { count } = this.table;
    let words = `Previewing ${count} row${count === 1 ? "." : "s."}`;
    if (count > MOST_SHOWN) {
      words += ` The first ${MOST_SHOWN} are shown.`;
    }
    return make("p", "table-create-data-preview-summary", words, { role: "status" });
  }

  keyField() {
    const names = this.table.columns.map(({ name }) => [name, name]);
    const options = [[AUTOMATIC, "Automatic ID column"], ...names];
    this.keySelect = select("schema-input table-create-input table-create-data-primary-key", options, {
      id: "table-create-data-primary-key",
    });
    this.keySelect.value = bestKey(this.table) ?? AUTOMATIC;
    const field = make("div", "table-create-data-pk-field");
    field.append(make("label", "table-create-data-label", "Primary key", { for: this.keySelect.id }), this.keySelect);
    return field;
  }

  frame() {
    const head = make("tr");
    head.append(...this.table.columns.map((column) => this.header(column)));
    const top = make("thead");
    top.append(head);
    const grid = make("table", "table-create-data-preview-table");
    grid.append(top, this.body);
    const attributes = { role: "region", "aria-label": "Preview", tabindex: "0" };
    const frame = make("div", "table-create-data-preview-table-wrap", "", attributes);
    frame.append(grid);
    return frame;
  }

  /** The name of a column, and its type where the text fits more than one. */
  header(column) {
    const header = make("th", "", column.name, { scope: "col" });
    if (column.types.length < 2) {
      header.append(...column.types.map((type) => make("span", "table-create-data-type", typeWords(type))));
      return header;
    }
    const options = column.types.map((type) => [type, typeWords(type)]);
    const choice = select("table-create-data-type", options, { "aria-label": `Type of ${column.name}` });
    choice.value = column.type;
    choice.addEventListener("change", () => {
      column.type = choice.value;
      this.showRows();
    });
    header.append(choice);
    return header;
  }

  showRows() {
    const names = this.table.columns.map(({ name }) => name);
    const lines = this.table.first(MOST_SHOWN).map((row) => {
      const line = make("tr");
      line.append(...names.map((name) => cell(row.get(name))));
      return line;
    });
    this.body.replaceChildren(...lines);
  }

  /** The column that is the key; null where the server is to number the rows. */
  get key() {
    return this.keySelect.value === AUTOMATIC ? null : this.keySelect.value;
  }

  focus() {
    this.keySelect.focus();
  }
}
