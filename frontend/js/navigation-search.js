// <navigation-search url="/-/jump">: the dialog that jumps to a database, table, view or query.
(() => {
  "use strict";

  const DELAY_MS = 200;
  const RECENT_KEY = "datasette.navigationSearch.recentItems";
  const RECENT_LIMIT = 5;

  function element(name, className, text) {
    const node = document.createElement(name);
    if (className) {
      node.className = className;
    }
    if (text !== undefined) {
      node.textContent = text;
    }
    return node;
  }

  /** Stored items are only as trustworthy as everything else that writes to this origin's storage. */
  function isItem(item) {
    if (!item || typeof item.name !== "string" || typeof item.url !== "string") {
      return false;
    }
    try {
      return ["http:", "https:"].includes(new URL(item.url, location.href).protocol);
    } catch {
      return false;
    }
  }

  function readRecent() {
    try {
      const items = JSON.parse(localStorage.getItem(RECENT_KEY) || "[]");
      return Array.isArray(items) ? items.filter(isItem).slice(0, RECENT_LIMIT) : [];
    } catch {
      return [];
    }
  }

  function writeRecent(items) {
    try {
      localStorage.setItem(RECENT_KEY, JSON.stringify(items));
    } catch {
      // Storage may be switched off or full; the menu works without it.
    }
  }

  function isTyping(target) {
    return (
      target instanceof Element &&
      (target.isContentEditable || target.closest("input, textarea, select, [contenteditable]"))
    );
  }

  class NavigationSearch extends HTMLElement {
    connectedCallback() {
      if (this.dialog) {
        return;
      }
      this.items = [];
      this.selected = -1;
      this.build();

      document.addEventListener("keydown", (event) => {
        const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
        if (event.key === "/" && plain && !isTyping(event.target) && !document.querySelector("dialog[open]")) {
          event.preventDefault();
          this.open(document.activeElement);
        }
      });
      document.addEventListener("click", (event) => {
        const button = event.target.closest?.("[data-navigation-search-open]");
        if (button) {
          event.preventDefault();
          this.open(button.closest("details")?.querySelector("summary") || button);
        }
      });
    }

    build() {
      this.dialog = element("dialog", "jump-dialog");
      this.dialog.setAttribute("aria-label", "Jump to");

      const bar = element("div", "jump-search");
      this.input = element("input");
      this.input.type = "search";
      this.input.placeholder = "Jump to a table, query or page";
      this.input.autocomplete = "off";
      this.input.spellcheck = false;
      this.input.setAttribute("role", "combobox");
      this.input.setAttribute("aria-label", "Jump to");
      this.input.setAttribute("aria-autocomplete", "list");
      this.input.setAttribute("aria-expanded", "false");
      this.input.setAttribute("aria-controls", "jump-list");
      const closeButton = element("button", "modal-close", "✕");
      closeButton.type = "button";
      closeButton.setAttribute("aria-label", "Close");
      bar.append(this.input, closeButton);

      this.results = element("div", "jump-results");
      this.heading = element("div", "jump-heading");
      this.heading.hidden = true;
      const clear = element("button", "button-as-link", "Clear recent");
      clear.type = "button";
      this.heading.append(element("span", "", "Recent"), clear);
      this.list = element("div", "jump-list");
      this.list.id = "jump-list";
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", "Results");
      this.sections = element("div", "jump-sections");
      this.results.append(this.heading, this.list, this.sections);

      this.status = element("p", "jump-status");
      this.status.setAttribute("role", "status");
      this.dialog.append(bar, this.results, this.status);
      this.append(this.dialog);

      closeButton.addEventListener("click", () => this.dialog.close());
      clear.addEventListener("click", () => {
        writeRecent([]);
        this.showStart();
        this.input.focus();
      });
      this.dialog.addEventListener("click", (event) => {
        if (event.target === this.dialog) {
          this.dialog.close();
        }
      });
      this.dialog.addEventListener("close", () => {
        clearTimeout(this.timer);
        this.request?.abort();
        if (this.opener?.isConnected) {
          this.opener.focus();
        }
      });
      this.input.addEventListener("input", () => this.schedule());
      this.input.addEventListener("keydown", (event) => this.onKey(event));
      this.list.addEventListener("click", (event) => {
        const link = event.target.closest(".jump-item");
        if (link) {
          this.remember(this.items[Number(link.dataset.index)]);
        }
      });
    }

    open(opener) {
      if (this.dialog.open) {
        return;
      }
      this.opener = opener;
      this.input.value = "";
      this.dialog.showModal();
      this.input.focus();
      this.showStart();
    }

    /** Before typing: what was chosen lately, and whatever plugins offer. */
    showStart() {
      const recent = readRecent();
      this.show(recent);
      this.heading.hidden = recent.length === 0;
      this.status.textContent = "Start typing to search...";
      this.sections.replaceChildren();
      const manager = window.__DATASETTE__;
      if (!manager) {
        return;
      }
      const context = { navigationSearch: this };
      for (const section of manager.makeJumpSections(context)) {
        if (typeof section.render !== "function") {
          continue;
        }
        const node = element("div", "jump-start-content");
        node.dataset.jumpSectionId = section.id;
        this.sections.append(node);
        section.render(node, { ...context, container: this.results, input: this.input });
      }
    }

    schedule() {
      clearTimeout(this.timer);
      this.request?.abort();
      const text = this.input.value.trim();
      if (!text) {
        this.showStart();
        return;
      }
      this.status.textContent = "Searching...";
      this.timer = setTimeout(() => this.search(text), DELAY_MS);
    }

    async search(text) {
      const request = new AbortController();
      this.request = request;
      const url = new URL(this.getAttribute("url"), location.href);
      url.searchParams.set("q", text);
      try {
        const response = await fetch(url, { signal: request.signal, headers: { accept: "application/json" } });
        if (!response.ok) {
          throw new Error(`status ${response.status}`);
        }
        const answer = await response.json();
        this.heading.hidden = true;
        this.sections.replaceChildren();
        this.show(answer.matches.filter(isItem));
        if (!this.items.length) {
          this.status.textContent = "No results found.";
        } else if (answer.truncated) {
          this.status.textContent = "More than 100 results. Keep typing to narrow the list.";
        } else {
          this.status.textContent = `${this.items.length} result${this.items.length === 1 ? "" : "s"}`;
        }
      } catch (error) {
        if (error.name !== "AbortError") {
          this.show([]);
          this.status.textContent = "Search failed.";
        }
      }
    }

    show(items) {
      this.items = items;
      this.list.replaceChildren(
        ...items.map((item, index) => {
          const link = element("a", "jump-item");
          link.href = item.url;
          link.id = `jump-item-${index}`;
          link.dataset.index = String(index);
          link.tabIndex = -1;
          link.setAttribute("role", "option");
          link.append(element("span", "jump-item-name", item.display_name || item.name));
          if (item.type) {
            link.append(element("span", "jump-item-type", item.type));
          }
          link.append(
            element("span", "jump-item-detail", item.description ? `${item.url} – ${item.description}` : item.url)
          );
          return link;
        })
      );
      this.list.hidden = items.length === 0;
      this.input.setAttribute("aria-expanded", String(items.length > 0));
      this.select(this.input.value.trim() && items.length ? 0 : -1);
    }

    select(index) {
      this.selected = index;
      Array.from(this.list.children).forEach((link, at) => {
        link.setAttribute("aria-selected", String(at === index));
      });
      const link = this.list.children[index];
      if (link) {
        this.input.setAttribute("aria-activedescendant", link.id);
        link.scrollIntoView({ block: "nearest" });
      } else {
        this.input.removeAttribute("aria-activedescendant");
      }
    }

    onKey(event) {
      const last = this.items.length - 1;
      if (event.key === "ArrowDown" && last >= 0) {
        event.preventDefault();
        this.select(this.selected >= last ? 0 : this.selected + 1);
      } else if (event.key === "ArrowUp" && last >= 0) {
        event.preventDefault();
        this.select(this.selected <= 0 ? last : this.selected - 1);
      } else if (event.key === "Enter" && this.items[this.selected]) {
        event.preventDefault();
        this.list.children[this.selected].click();
      } else if (event.key === "Escape") {
        // A search field would first swallow Escape to clear itself.
        event.preventDefault();
        this.dialog.close();
      }
    }

    remember(item) {
      const { name, url, type, description, display_name } = item;
      const others = readRecent().filter((each) => each.url !== url);
      writeRecent([{ name, url, type, description, display_name }, ...others].slice(0, RECENT_LIMIT));
    }
  }

  customElements.define("navigation-search", NavigationSearch);
})();
