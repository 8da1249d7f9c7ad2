// The dialog that gives a column a custom type, or takes it away. Present on pages whose visitor may.
(() => {
  "use strict";

  const data = window._setColumnTypeData;
  if (!data) {
    return;
  }

  let modal = null;
  let column = null;

  function element(name, className, text) {
    const node = document.createElement(name);
    if (className) {
      node.className = className;
    }
    if (text) {
      node.textContent = text;
    }
    return node;
  }

  function choice(value, label, checked) {
    const row = element("label", "column-type-choice");
    const radio = element("input");
    radio.type = "radio";
    radio.name = "column-type";
    radio.value = value;
    radio.checked = checked;
    row.append(radio, label);
    return row;
  }

  async function save() {
    const type = modal.body.querySelector("input:checked").value;
    const { error } = modal;
    error.textContent = "";
    modal.busy = true;
    try {
      const response = await fetch(data.path, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify({ column, column_type: type ? { type } : null }),
      });
      const answer = await response.json();
      if (!response.ok) {
        throw new Error(answer.error || (answer.errors || []).join("; ") || `Status ${response.status}`);
      }
      location.reload();
    } catch (reason) {
      error.textContent = reason.message;
    } finally {
      modal.busy = false;
    }
  }

  function build() {
    modal = document.createElement("datasette-modal");
    modal.setAttribute("dialog-id", "set-column-type-dialog");
    modal.setAttribute("dialog-class", "set-column-type-dialog");
    modal.setAttribute("heading", "Set custom type");
    document.body.append(modal);
    modal.error = element("p", "modal-error");
    modal.error.setAttribute("role", "alert");
    modal.choices = element("fieldset", "column-type-choices");
    modal.body.append(modal.error, modal.choices);
    const cancel = element("button", "modal-btn", "Cancel");
    cancel.type = "button";
    cancel.addEventListener("click", () => modal.close());
    const apply = element("button", "modal-btn modal-btn-primary", "Save");
    apply.type = "button";
    apply.addEventListener("click", save);
    modal.footer.append(cancel, apply);
  }

  function open(name, opener) {
    if (!modal) {
      build();
    }
    column = name;
    const { current, options } = data.columns[name];
    modal.metaElement.textContent = name;
    modal.error.textContent = "";
    modal.choices.replaceChildren(
      element("legend", "visually-hidden", `Type of ${name}`),
      choice("", "No custom type", !current),
      ...options.map((option) =>
        choice(option.name, `${option.name} – ${option.description}`, current?.type === option.name)
      )
    );
    modal.open(opener);
  }

  /** The entry for a column's menu, or null when no custom type suits the column. */
  window.datasetteColumnTypeItem = (name) => {
    const entry = data.columns[name];
    if (!entry || (!entry.options.length && !entry.current)) {
      return null;
    }
    return {
      label: entry.current ? `Custom type: ${entry.current.type}` : "Set custom type",
      onClick: () => open(name, document.activeElement),
    };
  };
})();
