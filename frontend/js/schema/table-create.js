// The dialog that makes a table (UI-34 to UI-38): its name, and either a list of columns or rows.
import { encode } from "../edit/address.js";
import { button, make } from "../edit/element.js";
import { isThere, post } from "../edit/exchange.js";
import { returnOf } from "../edit/row-list.js";
import { ColumnsForm } from "./columns-form.js";
import { setCustomTypes } from "./custom-types.js";
import { DataForm } from "./data-form.js";

/** What the page tells about new tables; undefined without the right to make them. */
const createData = () => window._datasetteDatabaseData?.createTable;

/** What is wrong with the name of a table; empty when nothing is. */
export function tableNameProblem(name) {
  if (!name) {
    return "Table name is required.";
  }
  if (/[\r\n]/.test(name)) {
    return "Table name cannot contain newlines.";
  }
  return /^sqlite_/i.test(name) ? "Table name cannot start with sqlite_." : "";
}

/** One visit to the dialog. */
class TableCreate {
  constructor(data) {
    this.data = data;
    /** Where the table is, once it was made. */
    this.made = null;
    this.columns = new ColumnsForm(data, this);
    this.rows = new DataForm(this);
    this.build();
    this.show(this.columns);
  }

  build() {
    this.modal = make("datasette-modal", "", "", {
      "dialog-id": "table-create-dialog",
      "dialog-class": "table-create-dialog",
      heading: `Create a table in ${this.data.databaseName}`,
    });
    document.body.append(this.modal);
    this.form = make("form", "table-create-form", "", { id: "table-create-form", method: "post", novalidate: "", autocomplete: "off" });
    this.error = make("p", "modal-error table-create-error", "", { id: "table-create-error", role: "alert", tabindex: "-1" });
    this.place = make("div", "table-create-fields");
    this.form.append(this.nameField(), this.place);
    this.modal.body.before(this.error);
    this.modal.body.append(this.form);
    this.link = button("button-as-link table-create-mode-link", "", () => this.change());
    this.cancel = button("modal-btn modal-btn-ghost table-create-cancel", "", () => this.back());
    this.save = make("button", "modal-btn modal-btn-primary table-create-save", "", { type: "submit", form: this.form.id });
    this.modal.footer.append(this.link, this.cancel, this.save);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.modal.busy) {
        void this.submit();
      }
    });
    this.modal.unsavedQuestion = "Discard this new table?";
    this.modal.unsaved = () => !this.made && this.hasChanges();
    this.modal.addEventListener("modal-close", () => this.closed());
  }

  nameField() {
    this.name = make("input", "schema-input table-create-input table-create-table-name", "", {
      id: "table-create-name",
      type: "text",
      name: "table",
      required: "",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
    });
    this.name.addEventListener("input", () => this.setError(""));
    const field = make("div", "table-create-field");
    field.append(make("label", "table-create-label", "Table name", { for: this.name.id }), this.name);
    return field;
  }

  /** A file may name the table as long as nobody else did. */
  nameTable(name) {
    if (name && (!this.name.value.trim() || this.name.value === this.named)) {
      this.name.value = name;
      this.named = name;
    }
  }

  /** Shows one of the two ways; both keep what they hold. */
  show(form) {
    this.current = form;
    this.place.replaceChildren(form.root);
    this.setError("");
    this.update();
  }

  change() {
    this.show(this.current === this.columns ? this.rows : this.columns);
    this.current.focus();
  }

  update() {
    const { save, cancel } = this.current.labels;
    const isManual = this.current === this.columns;
    this.save.textContent = this.modal.busy ? "Creating..." : save;
    this.cancel.textContent = cancel;
    this.link.textContent = isManual ? "Create table from data" : "Create table manually";
    this.link.classList.toggle("table-create-from-data", isManual);
    this.link.classList.toggle("table-create-manual", !isManual);
    this.link.hidden = isManual ? !this.data.canInsertRows : Boolean(this.rows.preview);
  }

  back() {
    if (this.current === this.rows && this.rows.preview) {
      this.rows.leavePreview();
      this.setError("");
      this.update();
      this.rows.focus();
    } else {
      this.modal.requestClose();
    }
  }

  hasChanges() {
    return this.name.value !== "" || this.columns.hasChanges() || this.rows.hasChanges();
  }

  /** Says what is wrong; what was typed stays. `focus` goes to where it can be put right. */
  setError(message, focus = null) {
    this.error.textContent = message;
    this.name.removeAttribute("aria-invalid");
    if (!message) {
      return;
    }
    if (focus) {
      focus();
    } else {
      this.error.focus();
    }
  }

  setBusy(isBusy) {
    this.modal.busy = isBusy;
    this.form.setAttribute("aria-busy", String(isBusy));
    this.form.inert = isBusy;
    for (const control of [this.save, this.cancel, this.link]) {
      control.disabled = isBusy;
    }
    this.update();
  }

  async submit() {
    this.setError("");
    if (this.made) {
      this.modal.close();
    } else if (this.current === this.rows && !this.rows.preview) {
      this.preview();
    } else if (this.check()) {
      await this.create();
    }
  }

  preview() {
    try {
      this.rows.showPreview();
    } catch (error) {
      this.setError(error.message, () => this.rows.focus());
      return;
    }
    this.update();
    this.rows.focus();
  }

  check() {
    const wrongName = tableNameProblem(this.name.value.trim());
    if (wrongName) {
      this.setError(wrongName, () => {
        this.name.setAttribute("aria-invalid", "true");
        this.name.focus();
      });
      return false;
    }
    const problem = this.current.problem();
    if (problem) {
      this.setError(problem.message, problem.focus);
    }
    return !problem;
  }

  async create() {
    const table = this.name.value.trim();
    const question = this.current.question(table);
    const types = this.current.customTypes();
    this.setBusy(true);
    try {
      // Rows for a table that is there would be added to it, which nobody asked for here.
      if (question.rows && (await isThere(this.pageOf(table)))) {
        throw new Error(`table "${table}" already exists`);
      }
      const answer = await post(this.data.path, question);
      // Behind a proxy the server may take itself for another host than the browser does.
      this.made = new URL(answer?.table_url ?? this.pageOf(table), location.href).pathname;
      await setCustomTypes(this.made, types, "Created table");
    } catch (error) {
      this.failed(error);
      return;
    }
    this.setBusy(false);
    this.modal.close();
  }

  /** Nothing is made twice: what is left to do with a table that is there is to look at it. */
  failed(error) {
    this.setBusy(false);
    if (this.made) {
      this.form.inert = true;
      this.link.hidden = true;
      this.cancel.hidden = true;
      this.save.textContent = "View table";
    }
    this.setError(error.message);
  }

  pageOf(table) {
    return this.data.path.replace(/\/-\/create$/, `/${encode(table)}`);
  }

  /** A page that is come back to has no dialog left over. */
  closed() {
    this.modal.remove();
    if (this.made) {
      location.assign(this.made);
    }
  }
}

/** Opens the dialog, with an empty table. */
export function open(opener) {
  const data = createData();
  if (!data || document.getElementById("table-create-dialog")) {
    return;
  }
  const dialog = new TableCreate(data);
  dialog.modal.open(returnOf(opener));
  dialog.name.focus();
}
