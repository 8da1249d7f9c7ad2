// What can be said about a column beyond its name and type (UI-34): custom type, default, whether
// it may be NULL, the key, what it refers to.
import { make } from "../edit/element.js";
import { ForeignKeyChoice } from "./foreign-key-targets.js";
import { choose, select } from "./select.js";

export class ColumnDetails {
  /**
   * @param {object} kit what all columns of a list share: `data`, `targets`, `names` and `id`
   * @param {object} column how the column starts
   * @param {string} place tells the ids of this column from those of others
   */
  constructor(kit, column, place) {
    this.kit = kit;
    this.place = place;
    this.start = column;
    this.root = make("div", kit.names("column-details"), "", { id: kit.id("column-details", place) });
    this.root.hidden = true;
    this.root.append(
      ...this.customType(column),
      this.defaults(column),
      this.check("notNull", "not-null", column.notNull, "Not null", "This value cannot be left unset"),
      this.check("isKey", "primary-key", column.isKey, "Primary key", "This ID uniquely identifies the record"),
      this.foreignKeyField(column)
    );
  }

  field(control, name, label, help) {
    const { kit } = this;
    control.id = kit.id(`column-${name}`, this.place);
    const field = make("div", kit.names("detail-field", `${name}-field`));
    field.append(make("label", kit.names("detail-label"), label, { for: control.id }));
    if (help) {
      const note = make("p", kit.names("detail-help"), help, { id: `${control.id}-help` });
      control.setAttribute("aria-describedby", note.id);
      field.append(note);
    }
    field.append(control);
    return field;
  }

  customType(column) {
    const { kit } = this;
    const offered = kit.data.customColumnTypes ?? [];
    if (!offered.length) {
      this.custom = null;
      return [];
    }
    const words = ({ name, description }) => (description ? `${description} (${name})` : name);
    const options = [["", "- custom type -"], ...offered.map((each) => [each.name, words(each)])];
    this.custom = select(kit.names("input", "custom-column-type"), options);
    choose(this.custom, column.customType);
    const help = "Controls how Datasette displays and edits this column";
    return [this.field(this.custom, "custom-type", "Custom type", help)];
  }

  defaults(column) {
    const { kit } = this;
    const offered = kit.data.defaultExpressions ?? [];
    const options = [["", "- default expr -"], ...offered.map(({ value, label }) => [value, label])];
    this.expression = select(kit.names("input", "default-expr"), options);
    choose(this.expression, column.defaultExpression);
    this.value = make("input", kit.names("input", "default"), "", { type: "text", autocomplete: "off", placeholder: "default" });
    this.value.value = column.defaultValue;
    const grid = make("div", kit.names("default-grid"));
    grid.append(
      this.field(this.expression, "default-expr", "Default expression"),
      this.field(this.value, "default", "or default to a specific value")
    );
    const around = make("details", kit.names("default-options"));
    around.open = Boolean(column.defaultValue || column.defaultExpression);
    around.append(make("summary", "", "Set a default value"), grid);
    this.value.addEventListener("input", () => {
      if (this.value.value) {
        this.expression.value = "";
      }
    });
    this.expression.addEventListener("change", () => {
      if (this.expression.value) {
        this.value.value = "";
      }
    });
    return around;
  }

  check(member, name, isChecked, label, help) {
    const { kit } = this;
    this[member] = make("input", kit.names(`${name}-input`), "", { type: "checkbox" });
    this[member].checked = isChecked;
    const words = make("span");
    words.append(make("strong", "", label), ` ${help}`);
    const field = make("label", kit.names("detail-check", name));
    field.append(this[member], words);
    return field;
  }

  foreignKeyField(column) {
    const { kit } = this;
    const node = make("select", kit.names("input", "foreign-key-target"));
    this.foreignKey = new ForeignKeyChoice(kit.targets, column.foreignKey, node, column.original?.name);
    return this.field(node, "foreign-key", "Foreign key", "Link this column to another table.");
  }

  /** The facts of the chosen custom type; undefined where none is chosen. */
  get customFacts() {
    const name = this.custom?.value;
    return name ? this.kit.data.customColumnTypes.find((each) => each.name === name) : undefined;
  }

  /** The type that the chosen default is of; empty where it is of any. */
  get defaultType() {
    const chosen = (this.kit.data.defaultExpressions ?? []).find((each) => each.value === this.expression.value);
    return chosen?.sqliteType ?? "";
  }

  values() {
    return {
      customType: this.custom ? this.custom.value : this.start.customType,
      isKey: this.isKey.checked,
      notNull: this.notNull.checked,
      defaultValue: this.value.value,
      defaultExpression: this.expression.value,
      foreignKey: this.foreignKey.value,
    };
  }

  open() {
    this.root.hidden = false;
    this.foreignKey.open();
  }

  close() {
    this.root.hidden = true;
  }

  /** The answers of the server no longer concern a column that is gone. */
  forget() {
    this.foreignKey.forget();
  }

  /** What is set, in a few words, for those who do not look at the details. */
  summary() {
    const { customType, isKey, notNull, defaultValue, defaultExpression, foreignKey } = this.values();
    return [
      isKey && "Primary key",
      notNull && "Not null",
      (defaultExpression || defaultValue) && `Default ${defaultExpression || defaultValue}`,
      customType && `Custom type ${customType}`,
      foreignKey && `Refers to ${foreignKey.table}.${foreignKey.column}`,
    ]
      .filter(Boolean)
      .join(" · ");
  }
}
