// Access map and rule explorer: asks for the list that the address names and shows it as a table.
(() => {
  "use strict";

  const tool = document.querySelector(".permission-form[data-list-url]");
  if (!tool) {
    return;
  }
  const form = tool.querySelector("form");
  const button = form.querySelector("[type=submit]");
  const results = document.getElementById("results-container");
  const count = document.getElementById("results-count");
  const content = document.getElementById("results-content");
  const pages = document.getElementById("pagination");
  const raw = document.getElementById("raw-json");
  const isRules = tool.dataset.list === "rules";

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) {
      made.className = className;
    }
    if (text !== undefined) {
      made.textContent = text;
    }
    return made;
  }

  const path = (item) => element("span", "resource-path", item.resource);
  const effect = (item) =>
    element("span", `effect-badge effect-${item.allow ? "allow" : "deny"}`, item.allow ? "ALLOW" : "DENY");

  function reasons(item) {
    const list = element("ul", "reasons");
    list.append(...(item.reason || []).map((reason) => element("li", "", reason)));
    return list;
  }

  const COLUMNS = isRules
    ? [
        ["Effect", effect],
        ["Resource Path", path],
        ["Parent", (item) => item.parent ?? "—"],
        ["Child", (item) => item.child ?? "—"],
        ["Source Plugin", (item) => item.source_plugin || "—"],
        ["Reason", (item) => item.reason || "—"],
      ]
    : [
        ["Resource Path", path],
        ["Parent", (item) => item.parent ?? "—"],
        ["Child", (item) => item.child ?? "—"],
        ...(tool.dataset.withReasons ? [["Reason", reasons]] : []),
      ];

  function table(items) {
    const made = element("table", "results-table");
    const head = made.createTHead().insertRow();
    for (const [title] of COLUMNS) {
      const cell = element("th", "", title);
      cell.scope = "col";
      head.append(cell);
    }
    const body = made.createTBody();
    for (const item of items) {
      const row = body.insertRow();
      if (isRules) {
        row.className = item.allow ? "allow-row" : "deny-row";
      }
      for (const [, value] of COLUMNS) {
        row.insertCell().append(value(item));
      }
    }
    const frame = element("div", "wide-table");
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", "Results");
    frame.append(made);
    return frame;
  }

  // The server links to its JSON; people want to stay on the page.
  function link(url, text, rel) {
    const made = element("a", "", text);
    // `form.action` would be the field of that name.
    made.href = form.getAttribute("action") + new URL(url, location.href).search;
    made.rel = rel;
    return made;
  }

  function show(data) {
    const what = isRules ? "rules" : "resources";
    count.textContent = `Showing ${data.items.length} of ${data.total} total ${what} (page ${data.page})`;
    const nothing = isRules ? "No permission rules found for this action." : "No allowed resources found for this action.";
    content.replaceChildren(data.items.length ? table(data.items) : element("p", "no-results", nothing));
    pages.replaceChildren();
    if (data.previous_url) {
      pages.append(link(data.previous_url, "← Previous", "prev"));
    }
    if (data.previous_url || data.next_url) {
      pages.append(element("span", "", `Page ${data.page}`));
    }
    if (data.next_url) {
      pages.append(link(data.next_url, "Next →", "next"));
    }
  }

  function fail(message) {
    count.textContent = "";
    pages.replaceChildren();
    const shown = element("p", "error-message", `Error: ${message}`);
    shown.setAttribute("role", "alert");
    content.replaceChildren(shown);
  }

  async function ask(page) {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value && name !== "_size") {
        query.append(name, value);
      }
    }
    query.set("_page", page);
    query.set("_size", form.elements._size.value || "50");
    const words = button.textContent;
    button.disabled = true;
    button.textContent = "Loading...";
    raw.textContent = "";
    try {
      const response = await fetch(`${tool.dataset.listUrl}?${query}`, { headers: { accept: "application/json" } });
      const data = await response.json();
      raw.textContent = JSON.stringify(data, null, 2);
      if (response.ok) {
        show(data);
      } else {
        fail(data.error || `HTTP ${response.status}`);
      }
    } catch (error) {
      fail(error.message);
    }
    results.hidden = false;
    button.disabled = false;
    button.textContent = words;
  }

  const given = new URLSearchParams(location.search);
  for (const name of ["action", "parent", "child", "_size"]) {
    const field = form.elements[name];
    const value = given.get(name);
    if (field && value) {
      field.value = value;
    }
  }

  // A child means nothing without its parent.
  const { parent, child } = form.elements;
  if (parent && child) {
    const follow = () => {
      child.disabled = !parent.value;
      if (child.disabled) {
        child.value = "";
      }
    };
    parent.addEventListener("input", follow);
    follow();
  }

  if (given.get("action")) {
    ask(given.get("_page") || "1");
  }
})();
