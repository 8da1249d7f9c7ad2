// The page that writes: operations and the button follow the SQL, first statements fill it.
(() => {
  "use strict";

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form.sql[data-analyze-url]");
    const input = form?.querySelector("textarea[name=sql]");
    const section = document.querySelector("#execute-write-analysis-section");
    if (!input || !section) {
      return;
    }
    const submit = form.querySelector("[data-execute-write-submit]");
    const reason = form.querySelector("[data-execute-write-disabled-reason]");
    const row = form.querySelector(".execute-write-submit-row");

    function allow(why) {
      submit.disabled = Boolean(why);
      reason.textContent = why || "";
      reason.hidden = !why;
    }

    /** The link that keeps the statement leads to what is in the editor. */
    function link(may) {
      let save = row.querySelector("[data-save-query-link]");
      if (!may || !row.dataset.saveQueryBaseUrl) {
        save?.remove();
        return;
      }
      if (!save) {
        save = document.createElement("a");
        save.className = "save-query";
        save.dataset.saveQueryLink = "";
        save.textContent = "Save this query";
        row.append(save);
      }
      const url = new URL(row.dataset.saveQueryBaseUrl, location.href);
      url.searchParams.set("sql", input.value);
      save.href = url.pathname + url.search;
    }

    window.datasetteSqlAnalysis.follow(form, {
      renderParameters: true,
      answered(answer) {
        window.datasetteSqlAnalysis.renderAnalysis(section, answer);
        const why = answer.failed ? answer.analysis_error : answer.execute_disabled_reason;
        allow(why);
        link(!why);
      },
    });

    const menu = form.querySelector(".execute-write-template-menu");
    if (!menu) {
      return;
    }
    const tables = menu.querySelector("#execute-write-template-table");
    const buttons = menu.querySelectorAll("[data-sql-template]");
    const statement = (button) =>
      button.dataset.templateSql || tables?.selectedOptions[0]?.getAttribute(`data-template-${button.dataset.sqlTemplate}-sql`);

    function offer() {
      for (const button of buttons) {
        button.hidden = !statement(button);
      }
    }

    function fill(sql) {
      input.value = sql;
      // The editor, the parameter fields and the operations follow.
      input.dispatchEvent(new Event("input", { bubbles: true }));
      if (window.editor) {
        window.editor.focus();
      } else {
        input.focus();
      }
      const url = new URL(location.href);
      url.searchParams.set("sql", sql);
      history.replaceState(null, "", url);
    }

    for (const button of buttons) {
      button.addEventListener("click", () => fill(statement(button)));
    }
    tables?.addEventListener("change", offer);
    offer();
  });
})();
