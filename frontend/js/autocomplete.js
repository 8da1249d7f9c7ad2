// <datasette-autocomplete src="{table}/-/autocomplete"><input></datasette-autocomplete>: completes the key of a row.
(() => {
  "use strict";

  const DELAY_MS = 150;
  const GAP = 3;
  const MARGIN = 8;
  const ENOUGH = 160;

  if (!window.customElements || customElements.get("datasette-autocomplete")) {
    return;
  }

  let fields = 0;

  /** Integers that a JavaScript number would round stay text: a rounded key is another row's. */
  function parse(text) {
    return JSON.parse(text, (_name, value, context) =>
      Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source ? context.source : value
    );
  }

  /** Binary keys cannot be typed. */
  function isTypable(row) {
    return Object.values(row.pks || {}).every((value) => value !== null && typeof value !== "object");
  }

  /** What the field holds once a row is chosen. */
  function valueOf(row) {
    const pairs = Object.entries(row.pks || {});
    if (pairs.length === 1) {
      return String(pairs[0][1]);
    }
    return pairs.map(([name, value]) => `${name}=${value}`).join(", ");
  }

  function titleOf(row) {
    const value = valueOf(row);
    return row.label && String(row.label) !== value ? `${row.label} (${value})` : value;
  }

  function part(name, className, role) {
    const node = document.createElement(name);
    node.className = className;
    node.setAttribute("role", role);
    return node;
  }

  class DatasetteAutocomplete extends HTMLElement {
    connectedCallback() {
      const input = this.querySelector("input");
      if (!this.input && input) {
        this.build(input);
      }
    }

    disconnectedCallback() {
      if (this.input) {
        this.stop();
      }
    }

    build(input) {
      this.input = input;
      this.rows = [];
      this.active = -1;
      fields += 1;
      input.id ||= `datasette-autocomplete-${fields}`;

      this.list = part("div", "datasette-autocomplete-list", "listbox");
      this.list.id = `${input.id}-listbox`;
      this.list.setAttribute("aria-label", "Suggestions");
      this.list.hidden = true;
      this.status = part("span", "datasette-autocomplete-status", "status");
      this.status.id = `${input.id}-status`;
      this.classList.add("datasette-autocomplete");
      this.append(this.list, this.status);

      const described = input.getAttribute("aria-describedby");
      const attributes = {
        role: "combobox",
        autocomplete: "off",
        autocapitalize: "off",
        spellcheck: "false",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": this.list.id,
        "aria-describedby": described ? `${described} ${this.status.id}` : this.status.id,
      };
      for (const [name, value] of Object.entries(attributes)) {
        input.setAttribute(name, value);
      }

      input.addEventListener("input", () => this.schedule());
      input.addEventListener("keydown", (event) => this.onKey(event));
      input.addEventListener("focus", () => {
        if (this.asksFor(input.value.trim())) {
          this.schedule();
        }
      });
      input.addEventListener("blur", () => this.stop());
      // The field keeps the focus while the list is pressed or scrolled.
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role='option']");
        if (option) {
          this.choose(Number(option.dataset.index));
        }
      });
      this.place = () => this.position();
    }

    /** Whether there is something to look for: text, or the first rows where the page wants those. */
    asksFor(text) {
      return text !== "" || this.hasAttribute("suggest-on-focus");
    }

    schedule() {
      clearTimeout(this.timer);
      this.request?.abort();
      this.timer = setTimeout(() => this.search(), DELAY_MS);
    }

    /** Nothing that was under way opens the list any more. */
    stop() {
      clearTimeout(this.timer);
      this.request?.abort();
      this.close();
      this.status.classList.remove("is-shown");
      this.status.textContent = "";
    }

    async search() {
      const text = this.input.value.trim();
      const src = this.getAttribute("src");
      if (!src || !this.asksFor(text)) {
        this.stop();
        return;
      }
      const request = new AbortController();
      this.request = request;
      const url = new URL(src, location.href);
      url.searchParams.set("q", text);
      url.searchParams.delete("_initial");
      if (!text) {
        url.searchParams.set("_initial", "1");
      }
      this.status.classList.remove("is-shown");
      this.status.textContent = "Searching...";
      try {
        const response = await fetch(url, { signal: request.signal, headers: { accept: "application/json" } });
        if (!response.ok) {
          throw new Error(`status ${response.status}`);
        }
        const answer = parse(await response.text());
        this.show((answer.rows || []).filter(isTypable));
      } catch (error) {
        if (error.name !== "AbortError") {
          this.tellInstead("Could not load suggestions");
        }
      }
    }

    show(rows) {
      if (!rows.length) {
        this.tellInstead("No matches");
        return;
      }
      this.rows = rows;
      this.list.replaceChildren(
        ...rows.map((row, index) => {
          const option = part("div", "datasette-autocomplete-option", "option");
          option.id = `${this.input.id}-option-${index}`;
          option.dataset.index = String(index);
          option.dataset.value = valueOf(row);
          option.textContent = titleOf(row);
          return option;
        })
      );
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      this.status.textContent = rows.length === 1 ? "1 match" : `${rows.length} matches`;
      this.position();
      this.activate(0);
      addEventListener("resize", this.place);
      document.addEventListener("scroll", this.place, true);
      visualViewport?.addEventListener("resize", this.place);
    }

    /** Where the list would be everybody can read why there is none. */
    tellInstead(message) {
      this.close();
      this.status.textContent = message;
      this.status.classList.add("is-shown");
    }

    /** The list is fixed to the window so that no dialog or scrolling box cuts it off. */
    position() {
      const field = this.input.getBoundingClientRect();
      const height = visualViewport ? visualViewport.height + visualViewport.offsetTop : innerHeight;
      const below = height - field.bottom - GAP - MARGIN;
      const above = field.top - GAP - MARGIN;
      const style = this.list.style;
      style.maxBlockSize = "";
      const wanted = this.list.offsetHeight;
      const upwards = wanted > below && below < ENOUGH && above > below;
      style.maxBlockSize = `${Math.max(0, Math.min(wanted, upwards ? above : below))}px`;
      style.inlineSize = `${field.width}px`;
      style.left = `${field.left}px`;
      style.top = upwards ? `${field.top - GAP - this.list.offsetHeight}px` : `${field.bottom + GAP}px`;
    }

    activate(index) {
      const options = Array.from(this.list.children);
      this.active = (index + options.length) % options.length;
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.active)));
      const option = options[this.active];
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    onKey(event) {
      const isOpen = !this.list.hidden;
      if (event.isComposing) {
        return;
      }
      if (event.key === "ArrowDown") {
        event.preventDefault();
        if (isOpen) {
          this.activate(this.active + 1);
        } else {
          this.schedule();
        }
      } else if (event.key === "ArrowUp") {
        event.preventDefault();
        if (isOpen) {
          this.activate(this.active - 1);
        }
      } else if (event.key === "Enter" && isOpen && this.active >= 0) {
        event.preventDefault();
        this.choose(this.active);
      } else if (event.key === "Escape" && isOpen) {
        // Only the list closes, not the dialog that it may be in.
        event.preventDefault();
        event.stopPropagation();
        this.stop();
      }
    }

    choose(index) {
      const row = this.rows[index];
      if (!row) {
        return;
      }
      clearTimeout(this.timer);
      const value = valueOf(row);
      const label = titleOf(row);
      this.input.value = value;
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
      this.close();
      this.status.textContent = `Selected ${label}`;
      this.dispatchEvent(
        new CustomEvent("datasette-autocomplete-select", { bubbles: true, detail: { row, value, label } })
      );
    }

    close() {
      removeEventListener("resize", this.place);
      document.removeEventListener("scroll", this.place, true);
      visualViewport?.removeEventListener("resize", this.place);
      this.rows = [];
      this.active = -1;
      this.list.hidden = true;
      this.list.replaceChildren();
      this.list.removeAttribute("style");
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  customElements.define("datasette-autocomplete", DatasetteAutocomplete);
})();
