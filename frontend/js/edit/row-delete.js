// The dialog that asks before a row is deleted.
import { decode, deleteUrl } from "./address.js";
import { setTitle } from "./dialog-title.js";
import { button, make } from "./element.js";
import { post } from "./exchange.js";
import { remove, returnOf, rowOf, tell } from "./row-list.js";

let dialog = null;

function build() {
  const modal = make("datasette-modal", "", "", {
    "dialog-id": "row-delete-dialog",
    "dialog-class": "row-delete-dialog",
    heading: "Delete row",
  });
  document.body.append(modal);
  const message = make("p", "row-delete-message", "Delete row ", { id: "row-delete-message" });
  const name = make("span", "row-delete-id");
  message.append(name, "?");
  const error = make("p", "modal-error row-delete-error", "", { role: "alert" });
  const cancel = button("modal-btn modal-btn-ghost row-delete-cancel", "Cancel", () => modal.close());
  const confirm = button("modal-btn modal-btn-danger row-delete-confirm", "Delete row", () => void carryOut());
  modal.dialog.setAttribute("aria-describedby", message.id);
  modal.body.append(error, message);
  modal.footer.append(cancel, confirm);
  return { modal, name, error, cancel, confirm };
}

function setBusy(isBusy) {
  const { modal, cancel, confirm } = dialog;
  modal.busy = isBusy;
  cancel.disabled = isBusy;
  confirm.disabled = isBusy;
  confirm.textContent = isBusy ? "Deleting..." : "Delete row";
}

async function carryOut() {
  const { modal, error, confirm, row, identifier, manager } = dialog;
  error.textContent = "";
  setBusy(true);
  try {
    const answer = await post(deleteUrl(identifier));
    if (answer?.redirect) {
      location.href = answer.redirect;
      return;
    }
  } catch (reason) {
    setBusy(false);
    error.textContent = reason.message;
    confirm.focus();
    return;
  }
  setBusy(false);
  const next = remove(row, "delete");
  const line = tell(manager, `Deleted row ${decode(identifier)}.`);
  modal.opener = next ?? line;
  modal.close();
}

/** Opens the dialog for the row of a button. */
export function open(opener, manager) {
  const row = rowOf(opener);
  if (!row?.dataset.row) {
    return;
  }
  dialog ??= build();
  const identifier = row.dataset.row;
  Object.assign(dialog, { row, identifier, manager });
  const key = decode(identifier);
  dialog.error.textContent = "";
  dialog.name.textContent = key;
  setTitle(dialog.modal, "Delete row", key, row.dataset.rowLabel);
  dialog.modal.open(returnOf(opener));
  dialog.confirm.focus();
}
