// The pages that store a query: the URL follows the title, the note and the button the SQL.
(() => {
  "use strict";

  function slug(title) {
    return title
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]/g, "")
      .toLowerCase()
      .trim()
      .replace(/[^a-z0-9_-]+/g, "-")
      .replace(/-+/g, "-")
      .replace(/^-|-$/g, "");
  }

  function words(answer) {
    if (answer.analysis_error) {
      return "This query cannot be saved until the SQL is valid.";
    }
    if (answer.has_sql === false) {
      return "Enter SQL to analyze this query.";
    }
    return answer.analysis_is_write ? "This query updates data in the database." : "This is a read-only query.";
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form.query-create-form");
    const input = form?.querySelector("textarea[name=sql]");
    if (!input) {
      return;
    }
    const title = form.querySelector("#query-title");
    const url = form.querySelector("#query-url-slug");
    if (title && url) {
      let edited = Boolean(url.value);
      url.addEventListener("input", () => {
        edited = true;
      });
      title.addEventListener("input", () => {
        if (!edited) {
          url.value = slug(title.value);
        }
      });
    }

    const submit = form.querySelector("[data-query-create-submit]");
    const note = form.querySelector("[data-query-create-analysis-note]");
    const section = form.querySelector("#query-create-analysis-section");
    window.datasetteSqlAnalysis.follow(form, {
      renderParameters: false,
      answered(answer) {
        window.datasetteSqlAnalysis.renderAnalysis(section, answer);
        submit.disabled = Boolean(answer.failed || answer.save_disabled);
        note.textContent = words(answer);
      },
    });
  });
})();
