// The dialog for one row, a new one or one that is there: fields, messages, buttons. What is sent
// and what follows is decided by those who open it.
import { button, make } from "./element.js";
import { FieldView } from "./field-view.js";

/** Built once; both forms use the same dialog. */
export class RowDialog {
  static #only = null;

  static get() {
    RowDialog.#only ??= new RowDialog();
    return RowDialog.#only;
  }

  constructor() {
    this.modal = make("datasette-modal", "", "", { "dialog-id": "row-edit-dialog", "dialog-class": "row-edit-dialog" });
    document.body.append(this.modal);
    this.views = [];
    this.session = 0;
    this.form = make("form", "row-edit-form", "", { id: "row-edit-form", method: "post", autocomplete: "off" });
    this.loading = make("p", "row-edit-loading", "Loading row...", { role: "status" });
    this.error = make("p", "modal-error row-edit-error", "", { role: "alert", tabindex: "-1" });
    this.fields = make("div", "row-edit-fields");
    /** Where another way to fill the form is put in place of the fields. */
    this.other = make("div", "row-edit-bulk");
    this.form.append(this.loading, this.fields, this.other);
    this.modal.body.before(this.error);
    this.modal.body.append(this.form);
    this.link = button("button-as-link row-edit-mode-link", "", () => this.onLink());
    this.cancel = button("modal-btn modal-btn-ghost row-edit-cancel", "Cancel", () => this.onCancel());
    this.save = make("button", "modal-btn modal-btn-primary row-edit-save", "Save", { type: "submit", form: this.form.id });
    this.modal.footer.append(this.link, this.cancel, this.save);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.modal.busy && !this.save.disabled) {
        void this.onSubmit();
      }
    });
    this.modal.addEventListener("modal-close", () => this.afterClose());
    this.reset();
  }

  /** Forgets what an earlier visit left; late answers to it are recognised by their session. */
  reset() {
    this.session += 1;
    this.onLink = () => {};
    this.onCancel = () => this.modal.close();
    this.onSubmit = () => {};
    this.onClose = () => {};
    this.labels = { ready: "Save", busy: "Saving..." };
    this.link.hidden = true;
    this.loading.hidden = true;
    this.fields.hidden = false;
    this.fields.inert = false;
    this.form.noValidate = false;
    this.other.hidden = true;
    this.other.replaceChildren();
    this.modal.unsaved = () => this.hasChanges();
    this.setError("");
    this.empty();
    this.setBusy(false);
    this.save.disabled = true;
    this.cancel.textContent = "Cancel";
  }

  open(opener) {
    this.modal.open(opener);
  }

  afterClose() {
    this.onClose();
    this.reset();
  }

  /** Closes; the focus goes to this element in place of the opener. */
  closeTo(target) {
    this.modal.busy = false;
    if (target) {
      this.modal.opener = target;
    }
    this.modal.close();
  }

  setLoading(isLoading) {
    this.loading.hidden = !isLoading;
    this.form.setAttribute("aria-busy", String(isLoading));
  }

  setBusy(isBusy) {
    this.modal.busy = isBusy;
    this.form.setAttribute("aria-busy", String(isBusy));
    this.cancel.disabled = isBusy;
    this.save.disabled = isBusy;
    this.link.disabled = isBusy;
    this.save.textContent = isBusy ? this.labels.busy : this.labels.ready;
  }

  /** Says what is wrong; what was typed stays. */
  setError(message, takesFocus = true) {
    this.error.textContent = message;
    if (message && takesFocus && this.modal.isOpen) {
      this.error.focus();
    }
  }

  empty() {
    for (const view of this.views) {
      view.destroy();
    }
    this.views = [];
    this.fields.replaceChildren();
  }

  /** Shows a field per column, and lets the form be sent. */
  fill(columns, manager) {
    this.empty();
    const around = { manager, form: this.form, dialog: this.modal.dialog };
    this.views = columns.map((facts, place) => new FieldView(facts, place, around));
    this.fields.append(...this.views.map((view) => view.element));
    this.save.disabled = false;
    this.save.textContent = this.labels.ready;
  }

  focusFirst() {
    if (!this.views.some((view) => view.focus())) {
      (this.save.disabled ? this.cancel : this.save).focus();
    }
  }

  hasChanges() {
    return this.views.some((view) => view.field.hasChanged());
  }

  /** What the fields say, by column. @throws {Error} when a text is no value of its column */
  values() {
    const sent = this.views.map((view) => view.field).filter((field) => field.isSent);
    return new Map(sent.map((field) => [field.context.column, field.getValue()]));
  }
}
