// The dialog that changes a table: its columns, its name, or away with all of it (UI-39 to UI-41).
import { encode, tableData } from "../edit/address.js";
import { button, make } from "../edit/element.js";
import { post } from "../edit/exchange.js";
import { returnOf } from "../edit/row-list.js";
import { knownColumns, nameProblem, planOf, rulesProblem } from "./alter-plan.js";
import { ChangeReview } from "./change-review.js";
import { ColumnList } from "./column-list.js";
import { setCustomTypes } from "./custom-types.js";

const SAVED = "Saved schema changes";

class AlterDialog {
  constructor(data) {
    this.data = data;
    this.modal = make("datasette-modal", "", "", { "dialog-id": "table-alter-dialog", "dialog-class": "table-alter-dialog" });
    document.body.append(this.modal);
    this.form = make("form", "table-alter-form", "", { id: "table-alter-form", method: "post", novalidate: "", autocomplete: "off" });
    this.error = make("p", "modal-error table-alter-error", "", { id: "table-alter-error", role: "alert", tabindex: "-1" });
    const foreignKeySuggestionsPath = data.path.replace(/alter$/, "foreign-key-suggestions");
    this.list = new ColumnList({ ...data, foreignKeySuggestionsPath }, "table-alter", () => this.setError(""));
    this.fields = make("div", "table-alter-fields");
    this.fields.append(this.list.root, this.renaming());
    this.review = new ChangeReview();
    this.form.append(this.fields, this.review.root);
    this.modal.body.before(this.error);
    this.modal.body.append(this.form);
    this.footer();
    this.modal.titleElement.textContent = `Alter table ${data.tableName}`;
    this.modal.unsavedQuestion = "Discard table changes?";
    this.modal.unsaved = () => !this.isSaved && this.hasChanges();
    this.modal.addEventListener("modal-close", () => this.afterClose());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.modal.busy) {
        this.submit();
      }
    });
  }

  renaming() {
    this.options = make("details", "table-alter-table-options");
    this.name = make("input", "schema-input table-alter-input table-alter-table-name", "", {
      id: "table-alter-table-name",
      type: "text",
      required: "",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      placeholder: "table name",
    });
    this.name.addEventListener("input", () => this.setError(""));
    const label = make("label", "schema-detail-label table-alter-detail-label", "New table name", { for: this.name.id });
    const field = make("div", "schema-detail-field table-alter-table-name-field");
    field.append(label, this.name);
    this.options.append(make("summary", "", "Rename table"), field);
    return this.options;
  }

  footer() {
    const ghost = (name, text, onClick) => button(`modal-btn modal-btn-ghost table-alter-${name}`, text, onClick);
    this.drop = button("modal-btn modal-btn-danger table-alter-drop", "Drop table", () => void this.dropTable());
    this.back = ghost("back", "Back", () => this.edit());
    this.cancel = ghost("cancel", "Cancel", () => this.modal.close());
    this.save = make("button", "modal-btn modal-btn-primary table-alter-save", "", { type: "submit", form: this.form.id });
    this.modal.footer.append(this.drop, this.back, this.cancel, this.save);
  }

  open(opener) {
    this.list.fill(knownColumns(this.data.columns));
    this.name.value = this.data.tableName;
    this.options.open = false;
    this.plan = null;
    this.isSaved = false;
    this.show();
    this.modal.open(opener);
    this.modal.body.scrollTop = 0;
    this.list.focus();
    void this.list.loadTargets();
  }

  get tableName() {
    return this.name.value.trim();
  }

  hasChanges() {
    return this.list.hasChanges() || this.tableName !== this.data.tableName;
  }

  /** Shows the columns, or what is about to happen to them where there is a plan. */
  show() {
    const isReview = Boolean(this.plan);
    this.setError("");
    this.modal.dialog.classList.toggle("table-alter-reviewing", isReview);
    this.fields.hidden = isReview;
    this.review.root.hidden = !isReview;
    this.back.hidden = !isReview || this.isSaved;
    this.drop.hidden = isReview || !this.data.dropPath;
    this.setBusy(false);
  }

  edit() {
    this.plan = null;
    this.show();
    this.list.focus();
  }

  /** Says what is wrong; what was chosen and typed stays. */
  setError(message, takesFocus = true) {
    this.error.textContent = message;
    if (message && takesFocus) {
      this.error.focus();
    }
  }

  setBusy(isBusy) {
    this.modal.busy = isBusy;
    this.form.setAttribute("aria-busy", String(isBusy));
    for (const each of [this.drop, this.back, this.cancel, this.save, this.name]) {
      each.disabled = isBusy;
    }
    this.list.disabled = isBusy;
    if (!isBusy) {
      this.save.textContent = this.plan ? "Apply changes" : "Review changes";
    }
  }

  submit() {
    if (this.plan) {
      void this.apply();
      return;
    }
    const columns = this.list.columns();
    if (this.isWrong(columns)) {
      return;
    }
    const plan = planOf(this.data, { tableName: this.tableName, columns, removed: this.list.removed });
    if (!plan.operations.length && !plan.types.length) {
      this.setError("No changes to apply.");
      return;
    }
    this.plan = plan;
    this.show();
    this.review.show(plan, this.data.defaultExpressions);
    this.modal.body.scrollTop = 0;
  }

  /** Says what is wrong first, and goes there. */
  isWrong(columns) {
    const wrongName = nameProblem(this.data, this.tableName);
    if (wrongName) {
      this.setError(wrongName, false);
      this.options.open = true;
      this.name.focus();
      return true;
    }
    const problem = this.list.problem() ?? rulesProblem(this.data, columns);
    if (problem) {
      this.setError(problem.message, false);
      this.list.point(problem.place);
    }
    return Boolean(problem);
  }

  /** The page of the table, as it is called now or will be. */
  pathOf(name) {
    return this.data.path.replace(/[^/]*\/-\/alter$/, () => encode(name));
  }

  async apply() {
    const { plan } = this;
    this.setError("");
    this.setBusy(true);
    this.save.textContent = "Applying...";
    const name = this.tableName;
    try {
      if (plan.operations.length && !this.isSaved) {
        await post(this.data.path, { operations: plan.operations });
        this.isSaved = true;
      }
      await setCustomTypes(this.pathOf(name), plan.types, SAVED);
    } catch (reason) {
      this.setBusy(false);
      this.back.hidden = this.isSaved;
      this.setError(reason.message);
      return;
    }
    this.isSaved = true;
    this.leave();
  }

  /** Shows the table as it is now. What the address says of columns that are gone is left out. */
  leave() {
    // Who comes back with the browser's button finds no dialog that waits.
    this.isSaved = false;
    this.modal.busy = false;
    this.modal.close();
    if (this.tableName !== this.data.tableName || (this.plan.isForgotten && location.search)) {
      location.href = this.pathOf(this.tableName);
    } else {
      location.reload();
    }
  }

  async dropTable() {
    const { tableName, dropPath, path } = this.data;
    const words = `Permanently delete the table "${tableName}"? This will delete all of its data and cannot be undone.`;
    if (!window.confirm(words)) {
      return;
    }
    this.setError("");
    this.setBusy(true);
    try {
      await post(dropPath, { confirm: true });
    } catch (reason) {
      this.setBusy(false);
      this.setError(reason.message);
      return;
    }
    this.modal.busy = false;
    this.modal.close();
    location.href = path.replace(/\/[^/]*\/-\/alter$/, "") || "/";
  }

  afterClose() {
    // The table is no longer what the page shows.
    if (this.isSaved) {
      this.leave();
    }
  }
}

let dialog = null;

/** Opens the dialog for the table of the page. */
export function open(opener) {
  const data = tableData().alterTable;
  if (!data) {
    return;
  }
  dialog ??= new AlterDialog(data);
  if (!dialog.modal.isOpen) {
    dialog.open(returnOf(opener));
  }
}
