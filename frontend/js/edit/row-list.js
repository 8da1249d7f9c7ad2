// The rows on a table page after one of them was changed, and the line that says so.
import { fragmentUrl } from "./address.js";
import { make } from "./element.js";

/** The line above the rows, made when it is first needed. */
function statusLine(manager) {
  const known = document.querySelector(".row-mutation-status");
  if (known) {
    return known;
  }
  const line = make("p", "row-mutation-status", "", { role: "status", "aria-live": "polite", tabindex: "-1" });
  line.hidden = true;
  const wrapper = document.querySelector(manager.selectors.tableWrapper);
  if (wrapper) {
    wrapper.before(line);
  } else {
    document.body.append(line);
  }
  return line;
}

/** Says what became of a change; gives the line, which can take the focus. */
export function tell(manager, message, isError = false) {
  const line = statusLine(manager);
  line.hidden = false;
  line.classList.toggle("row-mutation-status-error", isError);
  line.textContent = message;
  return line;
}

/** Takes back what was said last. */
export function untell() {
  const line = document.querySelector(".row-mutation-status");
  if (line) {
    line.hidden = true;
    line.textContent = "";
  }
}

/** The row that a button is about: the element that says `data-row`. */
export const rowOf = (button) => button.closest("[data-row]");

/** Where the focus returns when a dialog closes: a button in a menu is hidden by then. */
export const returnOf = (button) => button.closest("details.details-menu")?.querySelector("summary") ?? button;

function find(root, identifier) {
  return Array.from(root.querySelectorAll("[data-row]")).find((row) => row.dataset.row === identifier) ?? null;
}

/** The row as the page would show it now; null when the filters leave it out. */
export async function fetchRow(identifier) {
  const response = await fetch(fragmentUrl(identifier), { headers: { accept: "text/html" } });
  if (!response.ok) {
    throw new Error(`Request failed with HTTP ${response.status}`);
  }
  const found = find(new DOMParser().parseFromString(await response.text(), "text/html"), identifier);
  return found && document.importNode(found, true);
}

/** The same button of a row nearby, for the focus when the row goes. */
function neighbour(row, action) {
  const selector = `button[data-row-action="${action}"]`;
  for (const step of ["nextElementSibling", "previousElementSibling"]) {
    for (let other = row[step]; other; other = other[step]) {
      const button = other.querySelector(selector);
      if (button) {
        return button;
      }
    }
  }
  return null;
}

/** Takes a row off the page; gives what should have the focus, if a row is left. */
export function remove(row, action) {
  const next = neighbour(row, action);
  row.remove();
  return next;
}

/** Puts the changed row in the place of the old one; gives its button. */
export function replace(row, changed) {
  row.replaceWith(changed);
  return changed.querySelector('button[data-row-action="edit"]');
}

/** Puts a new row before all others; gives its button, or null when the page has no place for it. */
export function addFirst(row) {
  const first = document.querySelector("[data-row]");
  if (first) {
    first.before(row);
  } else {
    document.querySelector("table.rows-and-columns tbody")?.append(row);
  }
  document.querySelector(".zero-results")?.remove();
  return row.querySelector('button[data-row-action="edit"]');
}
