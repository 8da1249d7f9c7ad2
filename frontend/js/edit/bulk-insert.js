// Inserting many rows: the dialog for a new row with a text in place of the fields.
import { tableUrl } from "./address.js";
import { BulkEditor } from "./bulk-editor.js";
import { preview } from "./bulk-preview.js";
import { missingKey } from "./bulk-rows.js";
import { BulkSend } from "./bulk-send.js";
import { StreamSend } from "./stream-send.js";

const SAVE = { insert: "Insert these rows", ignore: "Insert these rows", upsert: "Update or insert rows" };

export class BulkInsert {
  constructor(dialog, data) {
    this.dialog = dialog;
    this.data = data;
    this.sending = null;
    this.editor = new BulkEditor(data, (problem) => this.tell(problem));
  }

  /** Shows the text, as it was left. */
  show() {
    const { dialog } = this;
    this.sending = null;
    dialog.setError("");
    dialog.labels = { ready: "Preview rows", busy: "Preview rows" };
    dialog.other.replaceChildren(this.editor.root);
    dialog.cancel.textContent = "Cancel";
    dialog.onCancel = () => dialog.modal.close();
    dialog.onSubmit = () => this.preview();
    dialog.setBusy(false);
    dialog.link.hidden = false;
    this.editor.check();
    this.editor.focus();
  }

  /** What the text is like while it is typed. */
  tell(problem) {
    // The editor checks once before it is shown.
    if (this.editor && this.editor.root.isConnected) {
      this.dialog.setError(problem, false);
      this.dialog.save.disabled = Boolean(problem);
    }
  }

  hasChanges() {
    return this.editor.isFilled && !this.sending?.isComplete;
  }

  preview() {
    const { dialog, data } = this;
    dialog.setError("");
    let rows;
    try {
      rows = this.editor.rows();
    } catch (error) {
      dialog.setError(error.message);
      return;
    }
    const { mode, rowFile } = this.editor;
    this.sending = rowFile ? new StreamSend(data, rowFile, mode) : new BulkSend(data, rows, mode);
    dialog.other.replaceChildren(preview(data.bulkColumns, rows, rowFile), this.sending.root);
    dialog.labels = { ready: SAVE[mode], busy: mode === "upsert" ? "Updating..." : "Inserting..." };
    this.offerBack();
    dialog.onSubmit = () => this.send(rows, mode);
    dialog.link.hidden = true;
    dialog.setBusy(false);
    dialog.save.focus();
  }

  offerBack() {
    this.dialog.cancel.textContent = "Back";
    this.dialog.onCancel = () => this.show();
  }

  /** What is sent as one can be stopped as one. */
  offerCancel() {
    const { dialog, sending } = this;
    dialog.cancel.textContent = "Cancel";
    dialog.cancel.disabled = false;
    dialog.onCancel = () => sending.cancel();
    dialog.cancel.focus();
  }

  async send(rows, mode) {
    const { dialog, sending } = this;
    dialog.setError("");
    const missing = mode === "upsert" ? missingKey(rows, this.data.primaryKeys) : null;
    if (missing) {
      dialog.setError(missing);
      return;
    }
    dialog.setBusy(true);
    if (sending.cancel) {
      this.offerCancel();
    }
    let problem = "";
    let isDone = true;
    try {
      await sending.send();
    } catch (error) {
      problem = error.message;
      isDone = false;
    }
    dialog.setBusy(false);
    this.offerBack();
    if (sending.stored) {
      // The page shows what it showed before; the table shows what is stored now.
      dialog.onClose = () => location.assign(tableUrl());
    }
    dialog.setError(problem);
    if (!isDone && !problem) {
      dialog.save.focus();
    }
    if (isDone) {
      dialog.save.textContent = "Inserted";
      dialog.save.disabled = true;
      dialog.cancel.textContent = "Close and view table";
      dialog.onCancel = () => dialog.modal.close();
      dialog.cancel.focus();
    }
  }
}
