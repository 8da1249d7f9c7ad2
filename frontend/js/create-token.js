// The page that makes API tokens: the duration only where there is one, copying, what is ticked in
// groups that are closed, and the tables of servers that have very many.
(() => {
  "use strict";

  const form = document.querySelector(".token-form form");
  if (!form) {
    return;
  }
  const unit = form.elements.expire_type;
  const duration = form.elements.expire_duration;
  const restrictions = document.getElementById("restrict-permissions");

  // Servers with more tables than this get a field to look for one.
  const MANY_GROUPS = 12;
  // So many tables are made at once where a script makes them.
  const SHOWN_TABLES = 50;

  function element(name, className, ...content) {
    const made = document.createElement(name);
    if (className) {
      made.className = className;
    }
    made.append(...content);
    return made;
  }

  // Expiry
  function followUnit() {
    duration.hidden = !unit.value;
    duration.placeholder = unit.value;
    duration.setAttribute("aria-label", `How many ${unit.value}`);
  }
  duration.inputMode = "numeric";
  unit.addEventListener("change", followUnit);
  followUnit();

  // Copying
  function copyByHand(input) {
    input.select();
    return document.execCommand("copy");
  }

  async function copy(input) {
    try {
      await navigator.clipboard.writeText(input.value);
      return true;
    } catch {
      // Sites without HTTPS have no clipboard, and a visitor may refuse it.
      return copyByHand(input);
    }
  }

  const copyable = document.querySelector(".copyable");
  if (copyable) {
    const words = "Copy to clipboard";
    const button = element("button", "copyable-copy-button", words);
    const said = element("span", "token-copied");
    let resting;
    button.type = "button";
    said.setAttribute("role", "status");
    copyable.addEventListener("focus", () => copyable.select());
    button.addEventListener("click", async () => {
      const done = await copy(copyable);
      button.focus();
      said.textContent = done ? "Copied!" : "Press Ctrl+C to copy";
      if (!done) {
        copyable.focus();
      }
      clearTimeout(resting);
      resting = setTimeout(() => {
        said.textContent = "";
      }, 4000);
    });
    document.querySelector(".copy-link-wrapper").append(button, " ", said);
    copyable.readOnly = true;
    copyable.form.addEventListener("submit", (event) => event.preventDefault());
  }

  // Whoever ticked the last box need not go back up.
  const submit = form.querySelector("[type=submit]").cloneNode();
  restrictions.append(element("p", "token-submit", submit));

  // What is ticked in a group, told on its summary.
  function tell(group) {
    const number = group.querySelectorAll("input:checked").length;
    const summary = group.querySelector(":scope > summary");
    let count = summary.querySelector(".token-count");
    if (!count) {
      count = element("span", "token-count");
      summary.append(" ", count);
    }
    count.textContent = number ? `${number} ticked` : "";
  }

  function tellAll(from) {
    for (let group = from.closest("details"); group; group = group.parentElement.closest("details")) {
      tell(group);
    }
  }

  restrictions.addEventListener("change", (event) => {
    if (event.target.matches("[type=checkbox]")) {
      tellAll(event.target);
    }
  });
  for (const box of restrictions.querySelectorAll("input:checked")) {
    tellAll(box);
  }

  // Looking for a group by its name
  function search(label, look) {
    const input = element("input", "");
    input.type = "search";
    input.setAttribute("autocomplete", "off");
    input.setAttribute("spellcheck", "false");
    const found = element("span", "token-found");
    found.setAttribute("role", "status");
    const follow = () => {
      found.textContent = look(input.value.trim().toLowerCase());
    };
    input.addEventListener("input", follow);
    // Enter would send the form.
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
      }
    });
    follow();
    return element("p", "token-search", element("label", "", `${label} `, input), " ", found);
  }

  function isTicked(group) {
    return Boolean(group.querySelector("input:checked"));
  }

  const place = document.getElementById("token-tables");
  const groups = [...restrictions.querySelectorAll(".token-group")];
  if (groups.length > MANY_GROUPS) {
    const named = groups.map((group) => [group, group.querySelector("summary").textContent.toLowerCase()]);
    const sought = place ? "Look for a database" : "Look for a database or table";
    const field = search(sought, (wanted) => {
      let number = 0;
      for (const [group, name] of named) {
        group.hidden = !name.includes(wanted) && !isTicked(group);
        number += group.hidden ? 0 : 1;
      }
      return wanted ? `${number} shown` : "";
    });
    groups[0].before(field);
  }

  // Very many tables: those that are looked for, made when they are
  if (place) {
    const actions = JSON.parse(place.dataset.actions);
    const ticked = new Set(JSON.parse(place.dataset.ticked || "[]"));
    const databases = JSON.parse(document.getElementById("token-table-names").textContent);
    const made = new Map();
    const encoder = new TextEncoder();
    const list = element("div", "");

    const encoded = (name) =>
      [...encoder.encode(name)]
        .map((byte) => {
          const character = String.fromCharCode(byte);
          if (/[A-Za-z0-9_-]/.test(character)) {
            return character;
          }
          return character === " " ? "+" : `~${byte.toString(16).toUpperCase().padStart(2, "0")}`;
        })
        .join("");

    const box = (prefix, action) => {
      const input = element("input", "");
      input.type = "checkbox";
      input.name = prefix + action;
      input.checked = ticked.has(input.name);
      return element("li", "", element("label", "", input, ` ${action}`));
    };

    const group = (database, databaseEncoded, table) => {
      const prefix = `resource:${databaseEncoded}:${encoded(table)}:`;
      if (!made.has(prefix)) {
        const boxes = element("ul", "token-actions", ...actions.map((action) => box(prefix, action)));
        const details = element("details", "token-group", element("summary", "", `${database}: ${table}`), boxes);
        made.set(prefix, details);
        if (isTicked(details)) {
          tell(details);
        }
      }
      return made.get(prefix);
    };

    const tables = databases.flatMap(([database, databaseEncoded, names]) =>
      names.map((name) => [`${database}: ${name}`.toLowerCase(), database, databaseEncoded, name])
    );
    // What was ticked before a mistake in the form stays ticked.
    if (ticked.size) {
      for (const [, database, databaseEncoded, name] of tables) {
        const prefix = `resource:${databaseEncoded}:${encoded(name)}:`;
        if (actions.some((action) => ticked.has(prefix + action))) {
          group(database, databaseEncoded, name);
        }
      }
    }
    const field = search("Look for a table", (wanted) => {
      const found = tables.filter(([name]) => name.includes(wanted));
      const shown = found.slice(0, SHOWN_TABLES).map(([, ...names]) => group(...names));
      // What is ticked stays in sight, and in the form.
      const kept = [...made.values()].filter((each) => isTicked(each) && !shown.includes(each));
      list.replaceChildren(...kept, ...shown);
      return found.length > shown.length
        ? `The first ${shown.length} of ${found.length} tables`
        : `${found.length} ${found.length === 1 ? "table" : "tables"}`;
    });
    place.append(field, list);
    tellAll(place);
  }
})();
