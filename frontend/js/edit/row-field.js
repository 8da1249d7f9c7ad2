// One field of the forms for rows: what plugins are given (JS-30 to JS-35) and what is sent.
import { make } from "./element.js";
import { isSame, kindOf, textOf, valueOf } from "./field-value.js";

// Plugins may take these off the field and call them alone.
const FREE = [
  ...["getValue", "getInitialValue", "setValue", "clearValue", "hasChanged", "markClean"],
  ...["isUsingSqliteDefault", "useSqliteDefault", "stopUsingSqliteDefault", "setValidity", "clearValidity"],
];

export class RowField {
  /**
   * @param {object} context what plugins are told of the column (JS-25)
   * @param {HTMLInputElement | HTMLTextAreaElement} control holds the text
   * @param {{value: unknown, kind: string, usesDefault: boolean, omitsBlank: boolean}} start
   */
  constructor(context, control, start) {
    for (const name of FREE) {
      this[name] = this[name].bind(this);
    }
    this.context = context;
    this.control = control;
    this.input = control;
    this.form = context.form;
    this.dialog = context.dialog;
    this.id = control.id;
    this.labelId = `${control.id}-label`;
    this.descriptionId = `${control.id}-meta`;
    this.root = null;
    this.meta = make("span", "row-edit-field-meta", "", { id: this.descriptionId });
    this.omitsBlank = start.omitsBlank;
    this.kind = start.kind;
    this.initial = { text: textOf(start.value), kind: start.kind };
    this.usingDefault = start.usesDefault;
    this.whenDefaultChanges = () => {};
    control.value = this.initial.text;
    // What a control makes of its text, such as the ends of lines, is no change.
    this.initial.text = control.value;
    control.disabled = start.usesDefault;
    this.markClean();
  }

  getValue() {
    return valueOf(this.context.column, this.control.value, this.kind);
  }

  getInitialValue() {
    return valueOf(this.context.column, this.initial.text, this.initial.kind);
  }

  setValue(value) {
    if (value !== null && typeof value === "object") {
      throw new TypeError("A field takes a string, a number, a boolean or null: write objects as JSON text first");
    }
    this.stopUsingSqliteDefault();
    this.control.value = textOf(value);
    this.kind = kindOf(value);
  }

  clearValue() {
    this.setValue(null);
  }

  markClean() {
    this.clean = { text: this.control.value, kind: this.kind, usingDefault: this.usingDefault };
  }

  hasChanged() {
    const { text, kind, usingDefault } = this.clean;
    if (this.usingDefault || usingDefault) {
      return this.usingDefault !== usingDefault;
    }
    return this.differsFrom(text, kind);
  }

  differsFrom(text, kind) {
    if (this.control.value === text && this.kind === kind) {
      return false;
    }
    try {
      return !isSame(this.getValue(), valueOf(this.context.column, text, kind));
    } catch {
      return true;
    }
  }

  isUsingSqliteDefault() {
    return this.usingDefault;
  }

  useSqliteDefault() {
    if (this.context.defaultExpression === null) {
      return;
    }
    this.usingDefault = true;
    this.control.disabled = true;
    this.control.value = "";
    this.kind = this.initial.kind;
    this.whenDefaultChanges();
  }

  stopUsingSqliteDefault() {
    if (!this.usingDefault) {
      return;
    }
    this.usingDefault = false;
    this.control.disabled = false;
    this.whenDefaultChanges();
  }

  setValidity(message = "") {
    this.control.setCustomValidity(message);
    if (message) {
      this.control.setAttribute("aria-invalid", "true");
    } else {
      this.control.removeAttribute("aria-invalid");
    }
    if (!this.validation && message) {
      const attributes = { id: `${this.id}-validation-error`, role: "alert" };
      this.validation = make("span", "row-edit-field-validation-error", "", attributes);
      this.meta.append(this.validation);
    }
    if (this.validation) {
      this.validation.textContent = message;
      this.validation.hidden = !message;
    }
  }

  clearValidity() {
    this.setValidity("");
  }

  /** Whether the field has a say in what is sent; keys of a row that is there have none. */
  get isSent() {
    if (this.context.mode === "edit") {
      return !this.control.readOnly && this.differsFrom(this.initial.text, this.initial.kind);
    }
    const isBlank = this.control.value === "" && this.kind !== "binary";
    return !this.usingDefault && !(this.omitsBlank && isBlank);
  }
}
