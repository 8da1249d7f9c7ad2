// The SQL of a page: its textarea becomes an editor (bundles/sql-editor.bundle.js), and a button
// lays the SQL out, in the editor or where it can only be read.
(() => {
  "use strict";

  if (window._datasetteSqlEditor) {
    return;
  }
  window._datasetteSqlEditor = true;

  const formatterUrl = document.currentScript.dataset.formatter;
  let formatter = null;

  /** The formatter, which is loaded when it is first wanted. */
  function loadFormatter() {
    formatter ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = formatterUrl;
      script.onload = () => resolve(window.sqlFormatter);
      script.onerror = () => {
        script.remove();
        formatter = null;
        reject(new Error("The formatter could not be loaded."));
      };
      document.head.append(script);
    });
    return formatter;
  }

  /** Tables and columns that the page knows: `{table: [column, ...]}`. */
  function schema() {
    const element = document.querySelector("script#sql-editor-schema");
    return element ? JSON.parse(element.textContent) : {};
  }

  /** A line under the editor that says which keys do what; also read out with its label. */
  function hint(input) {
    const mac = /mac|iphone|ipad/i.test(navigator.platform);
    const line = document.createElement("span");
    line.id = "sql-editor-hint";
    line.className = "sql-editor-hint";
    line.textContent = `Shift-Enter runs the query, ${mac ? "Alt-i" : "Ctrl-Space"} completes names, Tab leaves the editor.`;
    input.after(line);
    input.setAttribute("aria-describedby", line.id);
  }

  /** A textarea without the editor grows with its text and also runs from the keyboard. */
  function servePlain(input) {
    const grow = () => {
      // Never smaller than now: a height the visitor dragged stays.
      if (input.scrollHeight > input.clientHeight) {
        input.style.height = `${input.scrollHeight + input.offsetHeight - input.clientHeight}px`;
      }
    };
    input.addEventListener("input", grow);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.shiftKey || event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        input.form.requestSubmit();
      }
    });
    grow();
  }

  function formatInput(button, input) {
    const status = document.createElement("span");
    status.className = "sql-format-status";
    status.setAttribute("role", "status");
    button.parentElement.append(status);
    button.hidden = false;
    button.addEventListener("click", async () => {
      status.textContent = "";
      try {
        const formatted = (await loadFormatter()).tryFormat(input.value);
        if (formatted === null) {
          status.textContent = "This SQL cannot be formatted: something in it is not understood.";
        } else if (formatted !== input.value) {
          input.value = formatted;
          // The editor and the parameter fields follow.
          input.dispatchEvent(new Event("input", { bubbles: true }));
        }
      } catch (error) {
        status.textContent = error.message;
      }
    });
  }

  /** SQL that can only be read is offered to be formatted when that would change it. */
  async function formatReadOnly(button, shown) {
    const formatted = await loadFormatter().then((loaded) => loaded.format(shown.textContent), () => null);
    if (formatted === null || formatted === shown.textContent) {
      return;
    }
    button.hidden = false;
    button.addEventListener("click", () => {
      shown.textContent = formatted;
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const input = document.querySelector("textarea#sql-editor");
    const shown = document.querySelector("pre#sql-query");
    const button = document.querySelector("button#sql-format");
    if (input && window.cm) {
      hint(input);
      window.editor = window.cm.editorFromTextArea(input, { schema: schema() });
    } else if (input) {
      servePlain(input);
    }
    if (button && input) {
      formatInput(button, input);
    } else if (button && shown) {
      formatReadOnly(button, shown);
    }
  });
})();
