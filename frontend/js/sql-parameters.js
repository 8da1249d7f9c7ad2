// Fields for the :named parameters of the SQL, kept in step while the SQL is edited.
(() => {
  "use strict";

  const DELAY_MS = 350;

  if (window.datasetteSqlParameters) {
    return;
  }

  const done = new WeakSet();

  function setUp(form) {
    if (done.has(form)) {
      return;
    }
    done.add(form);
    const section = form.querySelector("[data-sql-parameters-section]");
    const input = form.querySelector("textarea[name=sql]");
    if (!section || !input) {
      return;
    }
    // What was typed survives while its parameter is being renamed or is away for a moment.
    const typed = new Map();
    const remember = () => {
      for (const field of section.querySelectorAll("[data-parameter-control]")) {
        typed.set(field.dataset.parameterName, field.value);
      }
    };

    function show(names) {
      remember();
      const current = Array.from(section.querySelectorAll("[data-parameter-control]"), (field) => field.name);
      if (names.length === current.length && names.every((name, at) => name === current[at])) {
        return;
      }
      section.replaceChildren();
      if (!names.length) {
        return;
      }
      const heading = document.createElement("h2");
      heading.textContent = "Parameters";
      section.append(heading);
      names.forEach((name, index) => {
        const row = document.createElement("p");
        row.className = "sql-parameter-row";
        const label = document.createElement("label");
        label.htmlFor = `qp${index + 1}`;
        label.textContent = name;
        const field = document.createElement("input");
        field.type = "text";
        field.id = label.htmlFor;
        field.name = name;
        field.value = typed.get(name) || "";
        field.dataset.parameterControl = "";
        field.dataset.parameterName = name;
        row.append(label, " ", field);
        section.append(row);
      });
    }

    let timer = 0;
    let request = null;

    async function ask() {
      request?.abort();
      request = new AbortController();
      const url = new URL(form.dataset.parametersUrl, location.href);
      url.searchParams.set("sql", input.value);
      try {
        const response = await fetch(url, { signal: request.signal, headers: { accept: "application/json" } });
        if (response.ok) {
          show((await response.json()).parameters);
        }
      } catch {
        // Half-written SQL and lost connections leave the fields as they are.
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, DELAY_MS);
    });
  }

  // Templates that were made for the server before this one call it themselves.
  window.datasetteSqlParameters = {
    setupSqlParameterRefresh(options = {}) {
      const form = options.form || document.querySelector("form.sql[data-parameters-url]");
      if (form) {
        setUp(form);
      }
    },
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("form.sql[data-parameters-url]").forEach(setUp);
  });
})();
