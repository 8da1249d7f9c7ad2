// The dialog that gives a column a custom type, or takes it away (UI-42).
import { button, make, member } from "../edit/element.js";
import { post } from "../edit/exchange.js";

const NONE = { name: "", label: "No custom type", description: "The values are shown as they are." };

let dialog = null;

function build() {
  const modal = make("datasette-modal", "", "", {
    "dialog-id": "set-column-type-dialog",
    "dialog-class": "set-column-type-dialog",
    heading: "Set custom type",
  });
  document.body.append(modal);
  const error = make("p", "modal-error set-column-type-error", "", { role: "alert" });
  const status = make("p", "set-column-type-status", "", { id: "set-column-type-status" });
  const options = make("fieldset", "set-column-type-options", "", { "aria-labelledby": status.id });
  const info = make("span", "footer-info");
  const cancel = button("modal-btn modal-btn-ghost set-column-type-cancel", "Cancel", () => modal.close());
  const save = button("modal-btn modal-btn-primary set-column-type-save", "Save", () => void carryOut());
  modal.body.append(error, status, options);
  modal.footer.append(info, cancel, save);
  return { modal, error, status, options, info, cancel, save };
}

/** One of the types, or none; its description says what it means. */
function option({ name, label = name, description }, isChosen, place) {
  const choice = make("label", "set-column-type-option");
  const radio = make("input", "", "", { type: "radio", name: "set-column-type-choice", value: name });
  radio.checked = isChosen;
  const words = make("span", "set-column-type-option-content");
  const detail = make("span", "set-column-type-option-description", description, { id: `set-column-type-${place}` });
  radio.setAttribute("aria-label", label);
  radio.setAttribute("aria-describedby", detail.id);
  words.append(make("span", "set-column-type-option-name", label), detail);
  choice.append(radio, words);
  return choice;
}

function setBusy(isBusy) {
  const { modal, options, cancel, save } = dialog;
  modal.busy = isBusy;
  options.disabled = isBusy;
  cancel.disabled = isBusy;
  save.disabled = isBusy;
  save.textContent = isBusy ? "Saving..." : "Save";
}

async function carryOut() {
  const { modal, error, options, save, column, current, path } = dialog;
  const type = options.querySelector("input:checked")?.value ?? "";
  error.textContent = "";
  if (type === current) {
    modal.close();
    return;
  }
  setBusy(true);
  try {
    await post(path, { column, column_type: type ? { type } : null });
  } catch (reason) {
    setBusy(false);
    error.textContent = reason.message;
    save.focus();
    return;
  }
  location.reload();
}

/**
 * Opens the dialog for a column that the page knows.
 * @param {string} column
 * @param {string | null} typeText what the schema says of it, in words
 * @param {Element} opener
 */
export function open(column, typeText, opener) {
  const data = window._setColumnTypeData;
  const facts = member(data?.columns, column);
  dialog ??= build();
  const { modal, error, status, options, info } = dialog;
  if (!facts || modal.isOpen) {
    return;
  }
  const current = facts.current?.type ?? "";
  Object.assign(dialog, { column, current, path: data.path });
  error.textContent = "";
  modal.metaElement.textContent = typeText ?? "Type unavailable";
  status.textContent = `Column: ${column}`;
  info.textContent = current ? `Current custom type: ${current}` : "No custom type set.";
  options.replaceChildren(
    ...[NONE, ...facts.options].map((each, place) => option(each, each.name === current, place))
  );
  if (!facts.options.length) {
    const words = "No registered custom types are compatible with this SQLite type.";
    options.append(make("p", "set-column-type-empty", words));
  }
  setBusy(false);
  modal.open(opener);
  options.querySelector("input:checked")?.focus();
}
