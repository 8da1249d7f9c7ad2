// Fields for the :named parameters of the SQL, kept in step while the SQL is edited.
(() => {
  "use strict";

  const DELAY_MS = 350;

  if (window.datasetteSqlParameters) {
    return;
  }

  const done = new WeakSet();

  /** Keeps the fields of a section in step; gives a function that takes the names of parameters. */
  function fieldsOf(section, expands) {
    const prefix = section.dataset.parameterNamePrefix || "";
    const controls = () => Array.from(section.querySelectorAll("[data-parameter-control]"));
    // What was typed survives while its parameter is being renamed or is away for a moment.
    const typed = new Map();
    const remember = () => {
      for (const field of controls()) {
        typed.set(field.dataset.parameterName, { value: field.value, tall: field.tagName === "TEXTAREA" });
      }
    };

    function control(name, id, { value, tall }) {
      const field = document.createElement(tall ? "textarea" : "input");
      if (tall) {
        field.rows = 5;
      } else {
        field.type = "text";
      }
      field.id = id;
      field.name = prefix + name;
      field.value = value;
      field.dataset.parameterControl = "";
      field.dataset.parameterName = name;
      return field;
    }

    function label(button, tall) {
      button.textContent = tall ? "Collapse" : "Expand";
      button.setAttribute("aria-expanded", String(tall));
    }

    /** Puts a field of several lines in place of one of a single line, or the other way round. */
    function turn(button, value) {
      const field = document.getElementById(button.getAttribute("aria-controls"));
      const tall = field.tagName !== "TEXTAREA";
      const turned = control(field.dataset.parameterName, field.id, { value: value ?? field.value, tall });
      field.replaceWith(turned);
      label(button, tall);
      turned.focus();
      return turned;
    }

    if (expands) {
      section.addEventListener("click", (event) => {
        const button = event.target.closest("[data-parameter-toggle]");
        if (button) {
          turn(button);
        }
      });
      // Several lines are not squeezed into one.
      section.addEventListener("paste", (event) => {
        const field = event.target;
        const text = event.clipboardData?.getData("text") || "";
        if (field.tagName !== "INPUT" || !/[\r\n]/.test(text)) {
          return;
        }
        const button = section.querySelector(`[data-parameter-toggle][aria-controls="${field.id}"]`);
        if (button) {
          event.preventDefault();
          const [start, end] = [field.selectionStart, field.selectionEnd];
          const turned = turn(button, field.value.slice(0, start) + text + field.value.slice(end));
          turned.setSelectionRange(start + text.length, start + text.length);
        }
      });
    }

    return (names) => {
      remember();
      const current = controls().map((field) => field.dataset.parameterName);
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
        const title = document.createElement("label");
        title.htmlFor = `qp${index + 1}`;
        title.textContent = name;
        const known = typed.get(name) || { value: "", tall: false };
        row.append(title, " ", control(name, title.htmlFor, known));
        if (expands) {
          const button = document.createElement("button");
          button.type = "button";
          button.className = "sql-parameter-toggle";
          button.dataset.parameterToggle = "";
          button.setAttribute("aria-controls", title.htmlFor);
          label(button, known.tall);
          row.append(" ", button);
        }
        section.append(row);
      });
    };
  }

  /** Asks the server about the SQL of a form whenever it has changed. `onData` learns every answer,
      `onError` why there is none; half-written SQL leaves the fields as they are. */
  function setUp(form, { url, section, renderParameters = true, allowExpand, onData, onError, debounceMs } = {}) {
    const input = form.querySelector("textarea[name=sql]");
    const place = section || form.querySelector("[data-sql-parameters-section]");
    const address = url || form.dataset.parametersUrl;
    if (done.has(form) || !input || !address) {
      return;
    }
    done.add(form);
    const show =
      renderParameters && place ? fieldsOf(place, allowExpand ?? place.dataset.allowExpand === "1") : () => {};
    let timer = 0;
    let request = null;

    async function ask() {
      request?.abort();
      const own = (request = new AbortController());
      const asked = new URL(address, location.href);
      asked.searchParams.set("sql", input.value);
      try {
        const response = await fetch(asked, { signal: own.signal, headers: { accept: "application/json" } });
        const answer = await response.json();
        if (!response.ok) {
          throw new Error((answer.errors || [response.statusText]).join("; "));
        }
        show(answer.parameters || []);
        onData?.(answer);
      } catch (error) {
        if (!own.signal.aborted) {
          onError?.(error);
        }
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, debounceMs || DELAY_MS);
    });
  }

  // Templates that were made for the server before this one call it themselves.
  window.datasetteSqlParameters = {
    setupSqlParameterRefresh(options = {}) {
      const form = options.form || document.querySelector("form.sql[data-parameters-url]");
      if (form) {
        setUp(form, options);
      }
    },
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("form.sql[data-parameters-url]").forEach((form) => setUp(form));
  });
})();
