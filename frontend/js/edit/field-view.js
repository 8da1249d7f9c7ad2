// A field of the forms for rows as the page shows it: label, control, notes.
import { tableData } from "./address.js";
import { BinaryField } from "./binary-field.js";
import { withDefault } from "./default-choice.js";
import { make, member } from "./element.js";
import { isBytes, kindOf, textOf } from "./field-value.js";
import { ForeignKeyLink } from "./foreign-key-link.js";
import { RowField } from "./row-field.js";

const LONG = 80;

/**
 * What is known of a column when its field is made.
 * @typedef {object} ColumnFacts
 * @property {"insert" | "edit"} mode
 * @property {string} name
 * @property {unknown} value what the row holds, or "" for a new one
 * @property {string} [kind] of the value, where the column decides
 * @property {string | null} sqliteType
 * @property {boolean} notNull
 * @property {boolean} isKey
 * @property {boolean} isFixed whether it cannot be changed
 * @property {{type: string, config: object | null} | null} columnType
 * @property {string | null} defaultExpression for new rows
 * @property {string | null} [defaultNote] for rows that are there
 * @property {boolean} takesBytes whether it is for bytes and holds nothing else
 */

function contextOf(facts, form, dialog) {
  const { database = null, table = null, tableUrl = null } = tableData();
  const { columnType } = facts;
  return {
    mode: facts.mode,
    database,
    table,
    tableUrl,
    column: facts.name,
    columnType: columnType ? { type: columnType.type, config: columnType.config ?? {} } : null,
    sqliteType: facts.sqliteType,
    notNull: facts.notNull,
    isPk: facts.isKey,
    defaultExpression: facts.defaultExpression,
    form,
    dialog,
  };
}

function notesOf(facts) {
  const { columnType, defaultNote } = facts;
  return [
    facts.isKey && "Primary key",
    facts.notNull && "Required",
    facts.isFixed && !facts.isKey && "Computed",
    defaultNote && `SQLite default: ${defaultNote}`,
    facts.value === null && "Current value: NULL",
    columnType && `Custom type: ${columnType.type}`,
  ].filter(Boolean);
}

function wantsLines(facts) {
  const text = textOf(facts.value);
  return facts.columnType?.type === "textarea" || text.length > LONG || /[\r\n]/.test(text);
}

/** What a plugin makes of the field, in its place; null when it fails or has nothing to say. */
function renderPlugin(plugin, field) {
  const root = make("div", "row-edit-plugin-control");
  root.dataset.pluginName = plugin.pluginName;
  root.dataset.column = field.context.column;
  if (field.context.columnType) {
    root.dataset.columnType = field.context.columnType.type;
  }
  field.root = root;
  try {
    const made = plugin.render(field);
    if (made instanceof Node) {
      root.append(made);
    }
  } catch (error) {
    console.error(`The field of the plugin ${plugin.pluginName} failed`, error);
    field.root = null;
    return null;
  }
  return root;
}

export class FieldView {
  /** @param {ColumnFacts} facts */
  constructor(facts, place, { manager, form, dialog }) {
    const context = contextOf(facts, form, dialog);
    const isBinary = isBytes(facts.value) || facts.takesBytes;
    this.plugin = (!isBinary && manager?.makeColumnField?.(context)) || null;
    const lines = !isBinary && (this.plugin?.useTextarea === true || wantsLines(facts));
    const control = make(lines ? "textarea" : "input", "row-edit-input");
    if (lines) {
      control.rows = Math.min(8, Math.max(3, textOf(facts.value).split("\n").length));
    } else {
      control.type = "text";
    }
    control.id = `row-edit-field-${place}`;
    control.name = facts.name;
    control.autocomplete = "off";
    control.readOnly = facts.isFixed;
    if (facts.value === null) {
      control.placeholder = "NULL";
    }
    const usesDefault = facts.defaultExpression !== null;
    let kind = facts.kind ?? kindOf(facts.value);
    if (isBinary) {
      kind = isBytes(facts.value) ? "binary" : "null";
    }
    const omitsBlank = isBinary && facts.mode === "insert";
    this.field = new RowField(context, control, { value: facts.value, kind, usesDefault, omitsBlank });
    control.setAttribute("aria-describedby", this.field.descriptionId);
    this.element = this.build(facts, isBinary);
  }

  build(facts, isBinary) {
    const { field } = this;
    const notes = make("span", "row-edit-base-meta", notesOf(facts).join(" · "));
    field.meta.append(notes);
    const url = member(tableData().foreignKeys, facts.name);
    let shown = this.plugin && renderPlugin(this.plugin, field);
    if (!shown) {
      this.plugin = null;
    }
    if (isBinary) {
      this.binary = new BinaryField(field);
      shown = this.binary.root;
    } else if (!shown && url && field.control.localName === "input" && !facts.isFixed) {
      shown = new ForeignKeyLink(field, url, notes).completing();
    }
    shown ||= field.control;
    const wrap = make("div", "row-edit-control-wrap");
    wrap.append(...(field.context.defaultExpression === null ? [shown] : withDefault(field, shown)), field.meta);
    const label = make("label", "row-edit-label", facts.name, { id: field.labelId });
    if (!isBinary) {
      label.htmlFor = field.control.id;
    }
    const element = make("div", "row-edit-field");
    element.append(label, wrap);
    return element;
  }

  /** Puts the focus where typing makes sense; says whether there is such a place. */
  focus() {
    const { control } = this.field;
    if (control.readOnly) {
      return false;
    }
    if (this.field.isUsingSqliteDefault()) {
      this.element.querySelector(".row-edit-default-set-value").focus();
    } else if (this.plugin?.focus) {
      try {
        this.plugin.focus(this.field);
      } catch (error) {
        console.error(`The field of the plugin ${this.plugin.pluginName} failed`, error);
      }
    } else {
      (this.binary?.root ?? control).focus();
    }
    return true;
  }

  destroy() {
    this.binary?.forget();
    try {
      this.plugin?.destroy?.(this.field);
    } catch (error) {
      console.error(`The field of the plugin ${this.plugin.pluginName} failed`, error);
    }
  }
}
