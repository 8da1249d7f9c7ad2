// Making a table from a list of columns (UI-34).
import { ColumnList } from "./column-list.js";

const START = [{ name: "id", type: "integer", isKey: true }, { name: "" }];

/** A column as the server is asked for it. */
function asked({ name, type, notNull, defaultValue, defaultExpression, foreignKey }) {
  return {
    name,
    type,
    ...(foreignKey && { fk_table: foreignKey.table, fk_column: foreignKey.column }),
    ...(notNull && { not_null: true }),
    ...(defaultExpression && { default_expr: defaultExpression }),
    ...(!defaultExpression && defaultValue && { default: defaultValue }),
  };
}

export class ColumnsForm {
  labels = { save: "Create table", cancel: "Cancel" };

  /** @param {object} data the page's `createTable` */
  constructor(data, dialog) {
    this.list = new ColumnList(data, "table-create", () => dialog.setError(""));
    this.root = this.list.root;
    this.list.fill(START);
    void this.list.loadTargets();
  }

  hasChanges() {
    return this.list.hasChanges();
  }

  focus() {
    this.list.focus();
  }

  /** What is wrong with the columns, or null. */
  problem() {
    const problem = this.list.problem();
    return problem && { message: problem.message, focus: () => this.list.point(problem.place) };
  }

  /** What is asked of the server. */
  question(table) {
    const columns = this.list.columns();
    const keys = columns.filter((column) => column.isKey).map((column) => column.name);
    return {
      table,
      columns: columns.map(asked),
      ...(keys.length === 1 && { pk: keys[0] }),
      ...(keys.length > 1 && { pks: keys }),
    };
  }

  /** The custom types that columns are given once they are there. */
  customTypes() {
    const typed = this.list.columns().filter((column) => column.customType);
    return typed.map(({ name, customType }) => ({ column: name, type: customType }));
  }
}
