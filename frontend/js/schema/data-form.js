// Making a table from rows that are pasted, opened or dropped (UI-37, UI-38).
import { make } from "../edit/element.js";
import { TextSource } from "../edit/text-source.js";
import { DataPreview } from "./data-preview.js";
import { tableFrom } from "./data-rows.js";

const ID_IS_TAKEN = "Automatic ID column cannot be used because the pasted data already has an id column.";

/** The name of a table for the rows of a file. */
export function tableNameOf(fileName) {
  const stem = fileName.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
  return stem
    .trim()
    .replace(/\s+/g, "_")
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, "");
}

export class DataForm {
  /** @param {object} dialog with `nameTable`, `setError` and `update` */
  constructor(dialog) {
    this.preview = null;
    this.source = new TextSource("table-create-data", {
      change: () => dialog.setError(""),
      file: (name) => dialog.nameTable(tableNameOf(name)),
      fail: (message) => dialog.setError(message),
    });
    this.root = make("div", "table-create-data");
    this.root.append(this.source.root);
  }

  get labels() {
    return this.preview ? { save: "Create table", cancel: "Back" } : { save: "Preview rows", cancel: "Cancel" };
  }

  hasChanges() {
    return this.source.text.trim() !== "";
  }

  focus() {
    (this.preview ?? this.source).focus();
  }

  /** Shows what the text would make. @throws {Error} with what is wrong with it */
  showPreview() {
    this.preview = new DataPreview(tableFrom(this.source.text));
    this.root.replaceChildren(this.preview.root);
  }

  /** Back to the text. */
  leavePreview() {
    this.preview = null;
    this.root.replaceChildren(this.source.root);
  }

  /** What is wrong with what was chosen, or null. */
  problem() {
    const { table, key } = this.preview;
    if (!table.count) {
      return { message: "No rows found to create.", focus: null };
    }
    // SQLite knows no two names that differ in case alone.
    const hasId = table.columns.some(({ name }) => name.toLowerCase() === "id");
    return key === null && hasId ? { message: ID_IS_TAKEN, focus: () => this.preview.focus() } : null;
  }

  /** What is asked of the server. */
  question(table) {
    const { key } = this.preview;
    return { table, rows: this.preview.table.first(Infinity), pk: key ?? "id" };
  }

  /** Values have no custom types before the table is there. */
  customTypes() {
    return [];
  }
}
