// The SQL textarea: grows with its text, and Shift-Enter or Command-Enter runs the query.
(() => {
  "use strict";

  if (window._datasetteSqlEditor) {
    return;
  }
  window._datasetteSqlEditor = true;

  document.addEventListener("DOMContentLoaded", () => {
    const input = document.querySelector("textarea#sql-editor");
    if (!input) {
      return;
    }
    const grow = () => {
      // Never smaller than now: a height the visitor dragged stays.
      if (input.scrollHeight > input.clientHeight) {
        input.style.height = `${input.scrollHeight + input.offsetHeight - input.clientHeight}px`;
      }
    };
    input.addEventListener("input", grow);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.shiftKey || event.metaKey)) {
        event.preventDefault();
        input.form.requestSubmit();
      }
    });
    grow();
  });
})();
