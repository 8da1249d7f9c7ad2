// Editing a row: reads it, sends what changed, and brings the page up to date.
import { decode, isRowPage, rowUrl, updateUrl } from "./address.js";
import { setTitle } from "./dialog-title.js";
import { member } from "./element.js";
import { post, read } from "./exchange.js";
import { RowDialog } from "./row-dialog.js";
import { fetchRow, remove, replace, returnOf, rowOf, tell, untell } from "./row-list.js";

const GENERATED = [2, 3];

/** What the fields are made of, in the order of the row. */
function columnsOf(answer) {
  const row = answer.rows[0];
  const keys = answer.primary_keys;
  return answer.columns.map((name) => {
    const details = member(answer.column_details, name) ?? {};
    const value = member(row, name) ?? null;
    const isKey = keys.includes(name);
    return {
      mode: "edit",
      name,
      value,
      sqliteType: details.sqlite_type ?? null,
      notNull: Boolean(details.notnull),
      isKey,
      isFixed: isKey || GENERATED.includes(details.hidden),
      columnType: member(answer.column_types, name) ?? null,
      defaultExpression: null,
      defaultNote: details.default ?? null,
      // A column without a declared type is for anything.
      takesBytes: details.sqlite_type === "BLOB" && details.type !== "" && value === null,
    };
  });
}

/** Shows the row as it is now, or takes it away when the filters leave it out. */
async function refresh(row, identifier, manager) {
  const said = `Updated row ${decode(identifier)}.`;
  if (!row.isConnected) {
    return tell(manager, said);
  }
  let changed;
  try {
    changed = await fetchRow(identifier);
  } catch {
    return tell(manager, `${said} Refresh the page to see it.`, true);
  }
  if (changed) {
    const focused = replace(row, changed);
    const line = tell(manager, said);
    return focused ?? line;
  }
  const next = remove(row, "edit");
  const line = tell(manager, `${said} It no longer matches the current filters.`);
  return next ?? line;
}

async function save(dialog, row, identifier, manager) {
  dialog.setError("");
  let values;
  try {
    values = dialog.values();
  } catch (reason) {
    dialog.setError(reason.message);
    return;
  }
  if (!values.size) {
    untell();
    dialog.closeTo(null);
    return;
  }
  dialog.setBusy(true);
  try {
    await post(updateUrl(identifier), { update: values, return: true });
  } catch (reason) {
    dialog.setBusy(false);
    dialog.setError(reason.message);
    return;
  }
  if (isRowPage()) {
    location.reload();
    return;
  }
  dialog.closeTo(await refresh(row, identifier, manager));
}

/** Opens the dialog for the row of a button. */
export async function open(opener, manager) {
  const row = rowOf(opener);
  const identifier = row?.dataset.row;
  const dialog = RowDialog.get();
  if (!identifier || dialog.modal.isOpen) {
    return;
  }
  dialog.reset();
  const { session } = dialog;
  dialog.modal.unsavedQuestion = "Discard unsaved changes to this row?";
  setTitle(dialog.modal, "Edit row", decode(identifier), row.dataset.rowLabel);
  dialog.setLoading(true);
  dialog.open(returnOf(opener));
  dialog.cancel.focus();
  let answer;
  let problem;
  try {
    answer = await read(rowUrl(identifier));
  } catch (reason) {
    problem = reason.message;
  }
  if (session !== dialog.session) {
    return;
  }
  dialog.setLoading(false);
  if (problem) {
    dialog.setError(problem);
    return;
  }
  dialog.fill(columnsOf(answer), manager);
  dialog.onSubmit = () => save(dialog, row, identifier, manager);
  dialog.focusFirst();
}
