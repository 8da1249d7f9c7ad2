// What the SQL of a form would do, asked of the server while the SQL is edited and shown as a table.
(() => {
  "use strict";

  const COLUMNS = ["Operation", "Database", "Table", "Required permission", "Allowed"];

  if (window.datasetteSqlAnalysis) {
    return;
  }
  // The first name is that of the server before this one, whose templates call it.
  window.datasetteSqlAnalysis = { renderAnalysis: show, follow };

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) {
      made.textContent = text;
    }
    if (className) {
      made.className = className;
    }
    return made;
  }

  function cell(content) {
    const made = element("td");
    made.append(content);
    return made;
  }

  function notApplicable() {
    return element("span", "n/a", "execute-write-analysis-na");
  }

  function code(text) {
    return cell(text ? element("code", text) : notApplicable());
  }

  function verdict(allowed) {
    if (allowed === null || allowed === undefined) {
      return cell(notApplicable());
    }
    const word = allowed ? "allowed" : "denied";
    return cell(element("span", allowed ? "yes" : "no", `execute-write-analysis-${word}`));
  }

  function table(rows) {
    const made = element("table", undefined, "execute-write-analysis");
    const head = made.createTHead().insertRow();
    for (const title of COLUMNS) {
      const heading = element("th", title);
      heading.scope = "col";
      head.append(heading);
    }
    const body = made.createTBody();
    for (const row of rows) {
      body
        .insertRow()
        .append(
          code(row.operation),
          code(row.database),
          code(row.table),
          code(row.required_permission),
          verdict(row.allowed),
        );
    }
    const wrapper = element("div", undefined, "table-wrapper");
    wrapper.setAttribute("role", "region");
    wrapper.setAttribute("aria-label", "Query operations");
    wrapper.tabIndex = 0;
    wrapper.append(made);
    return wrapper;
  }

  /** Shows an answer of the server in a section of the page. */
  function show(section, answer) {
    if (!section) {
      return;
    }
    section.hidden = answer.has_sql === false;
    const parts = [element("h2", "Query operations")];
    if (answer.analysis_error) {
      parts.push(element("p", answer.analysis_error, "message-error"));
    } else if (answer.analysis_rows?.length) {
      parts.push(table(answer.analysis_rows));
    } else {
      parts.push(element("p", "Analysis will show each affected table and required permission."));
    }
    section.replaceChildren(...parts);
  }

  /** Asks about the SQL of a form whenever it has changed. What could not be asked is an answer too. */
  function follow(form, { renderParameters, answered }) {
    window.datasetteSqlParameters.setupSqlParameterRefresh({
      form,
      url: form.dataset.analyzeUrl,
      renderParameters,
      onData: answered,
      onError(error) {
        answered({ analysis_error: error.message, analysis_rows: [], failed: true });
      },
    });
  }
})();
