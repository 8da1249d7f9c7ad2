// Explains one permission decision in words and tables.
(() => {
  "use strict";

  const tool = document.querySelector(".permission-form[data-check-url]");
  if (!tool) {
    return;
  }
  const form = tool.querySelector("form");
  const button = form.querySelector("[type=submit]");
  const output = document.getElementById("output");
  const known = new Map(
    JSON.parse(document.getElementById("known-actions").textContent).map((action) => [action.name, action])
  );
  const byId = (id) => document.getElementById(id);

  function element(name, className, ...content) {
    const made = document.createElement(name);
    if (className) {
      made.className = className;
    }
    made.append(...content);
    return made;
  }

  function followAction() {
    const action = known.get(form.elements.action.value);
    byId("parent-section").hidden = !action?.takes_parent;
    byId("child-section").hidden = !action?.takes_child;
    const help = action?.description || "What is to be done";
    byId("action-help").textContent = action?.also_requires ? `${help}; also requires ${action.also_requires}` : help;
  }

  function question() {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      // Fields that are out of sight ask nothing.
      if (value && !form.elements[name].closest("[hidden]")) {
        query.append(name, value);
      }
    }
    return query;
  }

  function badge(id, className, text) {
    byId(id).className = `result-badge ${className}`;
    byId(id).textContent = text;
  }

  function ruleRow(rule) {
    const status = rule.decisive
      ? element("span", "rule-status", "Decisive")
      : element("span", "rule-status rule-ignored", rule.ignored_because);
    const cells = [
      ["Effect", element("span", `effect-badge effect-${rule.effect}`, rule.effect.toUpperCase())],
      ["Scope", rule.scope],
      ["Source", element("code", "", rule.source || "unknown")],
      ["Reason", rule.reason || "No reason supplied"],
      ["Role in decision", status],
    ];
    const row = element("tr");
    for (const [title, value] of cells) {
      const cell = element("td", "", value);
      cell.dataset.label = title;
      row.append(cell);
    }
    return row;
  }

  function rules(explanation) {
    if (!explanation.matched_rules.length) {
      return element("p", "", "No rule matches, and what no rule allows is denied.");
    }
    const head = element("tr");
    for (const title of ["Effect", "Scope", "Source", "Reason", "Role in decision"]) {
      const cell = element("th", "", title);
      cell.scope = "col";
      head.append(cell);
    }
    return element(
      "table",
      "results-table rules-table",
      element("thead", "", head),
      element("tbody", "", ...explanation.matched_rules.map(ruleRow))
    );
  }

  function restriction(each) {
    const verdict = element("strong", "", each.allowed ? "INCLUDED ✓" : "EXCLUDED ✗");
    const className = `requirement-${each.allowed ? "allowed" : "denied"}`;
    return element("p", className, verdict, " by ", element("code", "", each.source || "unknown"), `: ${each.reason}`);
  }

  function requirement(each) {
    const verdict = element("strong", "", `${each.action}: ${each.allowed ? "ALLOWED ✓" : "DENIED ✗"}`);
    return element("p", `requirement-${each.allowed ? "allowed" : "denied"}`, verdict, ` — ${each.summary}`);
  }

  function fill(section, container, items) {
    byId(section).hidden = !items.length;
    byId(container).replaceChildren(...items);
  }

  function show(data) {
    output.className = `permission-decision ${data.allowed ? "allowed" : "denied"}`;
    badge("result-badge", data.allowed ? "allowed-badge" : "denied-badge", data.allowed ? "ALLOWED ✓" : "DENIED ✗");
    byId("result-summary").textContent = data.explanation.summary;
    byId("result-actor").textContent = data.actor === null ? "anonymous" : JSON.stringify(data.actor);
    byId("result-action").textContent = data.action;
    byId("result-resource").textContent = data.resource.path;
    byId("matching-rules").replaceChildren(rules(data.explanation));
    fill("restrictions-section", "restriction-results", data.explanation.restrictions.map(restriction));
    fill("requirements-section", "requirement-results", data.explanation.required_actions.map(requirement));
  }

  function fail(message) {
    output.className = "permission-decision denied";
    badge("result-badge", "denied-badge", "ERROR");
    byId("result-summary").textContent = message;
    for (const id of ["result-actor", "result-action", "result-resource"]) {
      byId(id).textContent = "—";
    }
    byId("matching-rules").replaceChildren();
    fill("restrictions-section", "restriction-results", []);
    fill("requirements-section", "requirement-results", []);
  }

  async function ask() {
    const words = button.textContent;
    const query = question();
    button.disabled = true;
    button.textContent = "Explaining...";
    byId("raw-json").textContent = "";
    try {
      const response = await fetch(`${tool.dataset.checkUrl}?${query}`, { headers: { accept: "application/json" } });
      const data = await response.json();
      byId("raw-json").textContent = JSON.stringify(data, null, 2);
      if (response.ok) {
        show(data);
      } else {
        fail(data.error || `HTTP ${response.status}`);
      }
    } catch (error) {
      fail(error.message);
    }
    output.hidden = false;
    button.disabled = false;
    button.textContent = words;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `${location.pathname}?${question()}`);
    ask();
  });
  form.elements.action.addEventListener("change", followAction);

  const given = new URLSearchParams(location.search);
  for (const name of ["action", "parent", "child"]) {
    if (given.get(name)) {
      form.elements[name].value = given.get(name);
    }
  }
  followAction();
  if (given.get("action")) {
    ask();
  }
})();
