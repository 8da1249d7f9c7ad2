// Buttons that insert, edit and delete rows and make tables. What they open is in edit/ and schema/
// and comes when it is first wanted.
(() => {
  "use strict";

  if (window._datasetteEditTools || !window.fetch || !window.HTMLDialogElement) {
    return;
  }
  window._datasetteEditTools = true;

  const TOOLS = [
    ['button[data-row-action="edit"]', () => import("./edit/row-edit.js")],
    ['button[data-row-action="delete"]', () => import("./edit/row-delete.js")],
    ['button[data-table-action="insert-row"]', () => import("./edit/row-insert.js")],
    ['button[data-table-action="alter-table"]', () => import("./schema/table-alter.js")],
    ['button[data-database-action="create-table"]', () => import("./schema/table-create.js")],
  ];

  document.addEventListener("click", async (event) => {
    for (const [selector, load] of TOOLS) {
      const button = event.target.closest?.(selector);
      if (button) {
        event.preventDefault();
        const { open } = await load();
        open(button, window.__DATASETTE__);
        return;
      }
    }
  });

  /** Text that is no JSON is told while it is typed, and keeps the form from being sent. */
  function validate(field) {
    let problem = "";
    if (field.input.value.trim()) {
      try {
        JSON.parse(field.input.value);
      } catch (error) {
        problem = `Invalid JSON: ${error.message}`;
      }
    }
    field.setValidity(problem);
  }

  document.addEventListener("datasette_init", ({ detail: manager }) => {
    manager.registerPlugin("datasette-json-column", {
      version: "1.0",
      makeColumnField({ columnType }) {
        if (columnType?.type !== "json") {
          return undefined;
        }
        return {
          useTextarea: true,
          render(field) {
            field.input.addEventListener("input", () => validate(field));
            field.input.addEventListener("change", () => validate(field));
            validate(field);
            return field.input;
          },
          focus: (field) => field.input.focus(),
        };
      },
    });
  });
})();
