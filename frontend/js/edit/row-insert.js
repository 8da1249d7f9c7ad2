// Inserting a row, or many at once: the same dialog with an empty form.
import { decode, identifierOf, insertData } from "./address.js";
import { BulkInsert } from "./bulk-insert.js";
import { setTitle } from "./dialog-title.js";
import { make } from "./element.js";
import { post } from "./exchange.js";
import { RowDialog } from "./row-dialog.js";
import { addFirst, fetchRow, returnOf, tell } from "./row-list.js";

function columnsOf(data) {
  return data.columns.map((column) => ({
    mode: "insert",
    name: column.name,
    value: "",
    kind: column.value_kind,
    sqliteType: column.sqlite_type,
    notNull: Boolean(column.notnull),
    isKey: column.is_pk,
    isFixed: false,
    columnType: column.column_type,
    defaultExpression: column.default,
    takesBytes: column.sqlite_type === "BLOB",
  }));
}

/** Shows the new row first, if the page would show it. */
async function show(row, manager) {
  const identifier = identifierOf(row, insertData().primaryKeys);
  if (!identifier) {
    return tell(manager, "Inserted row. Refresh the page to see it.");
  }
  let made;
  try {
    made = await fetchRow(identifier);
  } catch {
    const words = "Inserted row, but could not refresh the table row. Refresh the page to see it.";
    return tell(manager, words, true);
  }
  if (!made) {
    return tell(manager, "Inserted row. It does not match the current filters.");
  }
  const key = decode(identifier);
  const label = made.dataset.rowLabel;
  const focused = addFirst(made);
  const line = tell(manager, `Inserted row ${key}${label && label !== key ? ` (${label})` : ""}.`);
  return focused ?? line;
}

async function save(dialog, manager) {
  dialog.setError("");
  let values;
  try {
    values = dialog.values();
  } catch (reason) {
    dialog.setError(reason.message);
    return;
  }
  dialog.setBusy(true);
  let answer;
  try {
    answer = await post(insertData().path, { row: values, return: true });
  } catch (reason) {
    dialog.setBusy(false);
    dialog.setError(reason.message);
    return;
  }
  dialog.closeTo(await show(answer?.rows?.[0], manager));
}

/** Goes back and forth between the fields of one row and the text of many; both keep what they hold. */
class InsertForm {
  constructor(dialog, data, manager) {
    this.dialog = dialog;
    this.data = data;
    this.manager = manager;
    this.bulk = new BulkInsert(dialog, data);
    dialog.fill(columnsOf(data), manager);
    if (!data.columns.length) {
      dialog.fields.append(make("p", "row-edit-empty", "This row will use the table defaults."));
    }
    const fieldsChanged = () => dialog.views.some((view) => view.field.hasChanged());
    dialog.modal.unsaved = () => !this.bulk.sending?.isComplete && (fieldsChanged() || this.bulk.hasChanges());
  }

  show(isMany) {
    const { dialog, data } = this;
    dialog.fields.hidden = isMany;
    dialog.other.hidden = !isMany;
    // What is not seen is neither sent nor checked.
    dialog.fields.inert = isMany;
    setTitle(dialog.modal, `${isMany ? "Insert multiple rows" : "Insert row"} into ${data.tableName}`);
    dialog.link.hidden = false;
    dialog.link.textContent = isMany ? "Insert single row" : "Insert multiple rows";
    dialog.link.classList.toggle("row-edit-single-insert", isMany);
    dialog.link.classList.toggle("row-edit-bulk-insert", !isMany);
    dialog.form.noValidate = isMany;
    dialog.onLink = () => this.show(!isMany);
    if (isMany) {
      this.bulk.show();
      return;
    }
    dialog.setError("");
    dialog.labels = { ready: "Insert row", busy: "Saving..." };
    dialog.onSubmit = () => save(dialog, this.manager);
    dialog.setBusy(false);
    dialog.focusFirst();
  }
}

/** Opens the dialog with an empty form. */
export function open(opener, manager) {
  const data = insertData();
  const dialog = RowDialog.get();
  if (!data || dialog.modal.isOpen) {
    return;
  }
  dialog.reset();
  dialog.modal.unsavedQuestion = "Discard this new row?";
  dialog.open(returnOf(opener));
  new InsertForm(dialog, data, manager).show(false);
}
