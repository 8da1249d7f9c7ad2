// The link to the row that a foreign key field refers to (UI-23).
import { encode } from "./address.js";
import { make } from "./element.js";
import { read } from "./exchange.js";

function keyOf(row) {
  const keys = Object.values(row?.pks ?? {});
  return keys.length === 1 ? keys[0] : null;
}

/** Keeps the link of a field up to date; `notes` is the text beside it. */
export class ForeignKeyLink {
  constructor(field, source, notes) {
    this.control = field.control;
    this.source = source;
    this.notes = notes;
    this.wrap = make("span", "row-edit-fk-link-wrap");
    this.separator = make("span", "row-edit-fk-separator", " · ");
    this.key = make("span", "row-edit-fk-pk");
    this.link = make("a", "row-edit-fk-link", "", { target: "_blank", rel: "noopener noreferrer" });
    this.wrap.append(this.separator, this.key, " ", this.link);
    field.meta.classList.add("row-edit-field-meta-autocomplete");
    field.meta.append(this.wrap);
    this.show(null);
  }

  /** Wraps the input into the element that completes it. */
  completing() {
    const element = make("datasette-autocomplete", "", "", { src: this.source, "suggest-on-focus": "" });
    element.append(this.control);
    this.control.addEventListener("input", () => this.show(null));
    this.control.addEventListener("change", () => void this.look());
    element.addEventListener("datasette-autocomplete-select", (event) => this.show(event.detail.row));
    void this.look();
    return element;
  }

  /** Asks which row the value stands for. */
  async look() {
    const text = this.control.value.trim();
    if (!text) {
      this.show(null);
      return;
    }
    const url = new URL(this.source, location.href);
    url.searchParams.set("q", text);
    let row = null;
    try {
      const answer = await read(url.href);
      row = answer.rows.find((candidate) => String(keyOf(candidate)) === text) ?? null;
    } catch {
      // Without an answer there is no link; the value stands as it is.
    }
    if (this.control.value.trim() === text) {
      this.show(row);
    }
  }

  show(row) {
    const key = keyOf(row);
    const isKnown = key !== null && typeof key !== "object";
    this.wrap.hidden = !isKnown;
    this.notes.hidden = false;
    if (!isKnown) {
      this.link.removeAttribute("href");
      return;
    }
    // NULL is no longer the current value once a row was chosen.
    const notes = this.notes.textContent.split(" · ").filter((note) => note !== "Current value: NULL");
    this.notes.textContent = notes.join(" · ");
    this.separator.hidden = !this.notes.textContent;
    const url = new URL(this.source, location.href);
    url.pathname = url.pathname.replace(/\/-\/autocomplete$/, `/${encode(key)}`);
    const hasLabel = row.label !== null && row.label !== undefined && String(row.label) !== String(key);
    this.key.textContent = String(key);
    this.link.href = url.href;
    this.link.textContent = hasLabel ? String(row.label) : "View row";
    this.link.setAttribute("aria-label", `Open referenced row ${key} ${this.link.textContent} in a new tab`);
  }
}
