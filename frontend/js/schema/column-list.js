// The list of columns in the dialogs that create and alter tables (UI-34, UI-39).
//
//   const list = new ColumnList(data, "table-create", () => ...);  // something was changed
//   form.append(list.root);
//   list.fill([{ name: "id", type: "integer", isKey: true }, {}]);       // columns to be made
//   list.fill(columns.map((column) => ({ ...column, original: column }))); // columns that are there
//   void list.loadTargets();                                           // what foreign keys offer
//
//   list.columns()     // the columns as they are now, in their order; see Column
//   list.removed       // the `original` of each that was removed, in the order of removal
//   list.hasChanges()  // since the list was filled
//   list.problem()     // what is wrong, or null; list.point(problem.place) shows where
//   list.disabled = true                                               // while a request runs
//
// `data` is what the page says: `columnTypes`, `defaultExpressions`, `foreignKeyTargetsPath` and,
// where the visitor may set them, `customColumnTypes`; of a table that is there also
// `foreignKeySuggestionsPath`. Elements have the classes `schema-NAME` and
// `PREFIX-NAME`. A type that is not offered and a target that is not listed stay choosable where a
// column has them. `original` is given back as it came, so it may say more than Column does.
import { button, make } from "../edit/element.js";
import { columnsProblem } from "./column-checks.js";
import { ColumnRow } from "./column-row.js";
import { ForeignKeyTargets } from "./foreign-key-targets.js";

/**
 * A column of the list. What is left out when one is added is blank, a text.
 * @typedef {object} Column
 * @property {Column | null} original what the column was before; null for a new one
 * @property {string} name without space around it
 * @property {string} type one of `columnTypes`, or that of `original`
 * @property {string} customType "" for none
 * @property {boolean} isKey
 * @property {boolean} notNull
 * @property {string} defaultValue "" for none
 * @property {string} defaultExpression a `value` of `defaultExpressions`, or ""
 * @property {{table: string, column: string} | null} foreignKey
 */

const KEYS_FIRST = "Primary key columns are always listed first";

export class ColumnList {
  /**
   * @param {object} data what the page says
   * @param {string} prefix of class names and ids
   * @param {() => void} onChange called when a visitor changed something
   */
  constructor(data, prefix, onChange) {
    const names = (...all) => all.flatMap((name) => [`schema-${name}`, `${prefix}-${name}`]).join(" ");
    this.targets = new ForeignKeyTargets(data.foreignKeyTargetsPath, data.foreignKeySuggestionsPath);
    this.kit = { data, names, id: (name, place) => `${prefix}-${name}-${place}`, targets: this.targets };
    this.onChange = onChange;
    this.count = 0;
    this.rows = [];
    this.root = make("fieldset", names("columns"));
    this.list = make("div", names("column-list"));
    this.addButton = button(names("add-column"), "Add column", () => this.addBlank());
    this.status = make("p", "visually-hidden", "", { role: "status" });
    this.root.append(make("legend", "visually-hidden", "Columns"), this.headings(), this.list, this.addButton, this.status);
    this.fill([]);
  }

  headings() {
    const line = make("div", this.kit.names("column-headings"), "", { "aria-hidden": "true" });
    line.append(...["Column", "Type", "Move"].map((text) => make("span", "", text)));
    return line;
  }

  /** Starts anew with these columns. @param {Partial<Column>[]} columns */
  fill(columns) {
    for (const row of this.rows) {
      row.details.forget();
    }
    this.rows = [];
    this.removed = [];
    this.list.replaceChildren();
    for (const column of columns) {
      this.add(column);
    }
    // A table whose key is elsewhere keeps its order.
    const lastKey = this.rows.findLastIndex((row) => row.isKey);
    this.hasKeysFirst = this.rows.slice(0, lastKey + 1).every((row) => row.isKey);
    this.arrange();
    this.status.textContent = "";
    this.clean = this.signature();
  }

  /** Asks what foreign keys may refer to. */
  loadTargets() {
    return this.targets.load();
  }

  /** Adds a column at the end. @param {Partial<Column>} column */
  add(column) {
    const place = String(this.count);
    this.count += 1;
    const row = new ColumnRow(this.kit, column, place, {
      move: (to) => this.move(row, to),
      remove: () => this.remove(row),
      change: () => this.edited(),
    });
    this.rows.push(row);
    this.list.append(row.root);
    return row;
  }

  addBlank() {
    const row = this.add({});
    this.changed();
    row.name.focus();
  }

  remove(row) {
    const place = this.rows.indexOf(row);
    const name = row.name.value.trim();
    row.details.forget();
    row.root.remove();
    this.rows.splice(place, 1);
    if (row.original) {
      this.removed.push(row.original);
    }
    this.changed();
    this.status.textContent = `Removed column ${name}`.trim();
    this.focus(Math.min(place, this.rows.length - 1));
  }

  /** How many columns at the start keep their place. */
  get fixed() {
    return this.hasKeysFirst ? this.rows.filter((row) => row.isKey).length : 0;
  }

  move(row, to) {
    const from = this.rows.indexOf(row);
    const focused = document.activeElement;
    const target = { top: this.fixed, up: from - 1, down: from + 1, bottom: this.rows.length - 1 }[to];
    this.rows.splice(from, 1);
    this.rows.splice(target, 0, row);
    this.changed();
    // Moving an element takes the focus away, and a button that leads nowhere cannot have it.
    (focused && !focused.disabled ? focused : row.name).focus();
    this.status.textContent = `Column ${row.name.value.trim()} is now ${target + 1} of ${this.rows.length}`;
  }

  changed() {
    this.arrange();
    this.onChange();
  }

  /** What is typed changes no place unless it makes a key, or no key. */
  edited() {
    const keys = this.rows.filter((row) => row.isKey);
    if (keys.length !== this.keys.length || keys.some((row, place) => row !== this.keys[place])) {
      this.arrange();
    }
    this.onChange();
  }

  /** Puts keys first, and offers the moves that there are. */
  arrange() {
    if (this.hasKeysFirst) {
      this.rows = [...this.rows.filter((row) => row.isKey), ...this.rows.filter((row) => !row.isKey)];
    }
    this.keys = this.rows.filter((row) => row.isKey);
    const focused = document.activeElement;
    let next = this.list.firstElementChild;
    for (const { root } of this.rows) {
      if (root === next) {
        next = next.nextElementSibling;
      } else {
        this.list.insertBefore(root, next);
      }
    }
    if (focused !== document.activeElement && this.list.contains(focused)) {
      focused.focus();
    }
    const { fixed } = this;
    const last = this.rows.length - 1;
    for (const [place, row] of this.rows.entries()) {
      const isFixed = place < fixed;
      const belowKeys = fixed > 0 && place <= fixed;
      row.setMove(["top", "up"], place > fixed, belowKeys ? KEYS_FIRST : "");
      row.setMove(["down", "bottom"], !isFixed && place < last, isFixed ? KEYS_FIRST : "");
    }
  }

  /** @returns {Column[]} */
  columns() {
    return this.rows.map((row) => row.values());
  }

  signature() {
    const originals = this.removed.map((original) => original.name);
    return JSON.stringify([this.columns(), originals]);
  }

  hasChanges() {
    return this.signature() !== this.clean;
  }

  /** What is wrong with the columns, or null. @returns {{message: string, place: number | null} | null} */
  problem() {
    return columnsProblem(this.columns(), this.kit.data);
  }

  /** Marks the column at this place as what is wrong, and goes there. */
  point(place) {
    this.rows[place ?? -1]?.setProblem(true);
    this.focus(place ?? 0);
  }

  /** Goes to the column at this place, or to where one is added. */
  focus(place = 0) {
    (this.rows[place]?.name ?? this.addButton).focus();
  }

  set disabled(isDisabled) {
    this.root.disabled = isDisabled;
  }
}
