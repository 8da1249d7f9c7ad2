// Table page: the menu behind the cog of every sortable column, and the exact count on request.
(() => {
  "use strict";

  const COG =
    '<svg aria-hidden="true" width="14" height="14" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round">' +
    '<circle cx="8" cy="8" r="2.2"/><path d="M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M12.6 3.4l-1.4 1.4M4.8 11.2l-1.4 1.4"/></svg>';

  const query = () => new URLSearchParams(location.search);

  function urlWith(parameters) {
    const text = parameters.toString();
    return text ? `?${text}` : location.pathname;
  }

  const headers = () => Array.from(document.querySelectorAll("table.rows-and-columns th[data-column]"));

  function getColumnMeta(th) {
    return {
      columnName: th.dataset.column,
      columnNotNull: th.dataset.columnNotNull === "1",
      columnType: th.dataset.columnType,
      isPk: th.dataset.isPk === "1",
    };
  }

  function getColumnTypeText(th) {
    const type = th.dataset.columnType;
    if (!type) {
      return null;
    }
    return `Type: ${type.toUpperCase()}${th.dataset.columnNotNull === "1" ? " NOT NULL" : ""}`;
  }

  function sortAscUrl(column) {
    const parameters = query();
    parameters.delete("_sort_desc");
    parameters.delete("_next");
    parameters.set("_sort", column);
    return urlWith(parameters);
  }

  function sortDescUrl(column) {
    const parameters = query();
    parameters.delete("_sort");
    parameters.delete("_next");
    parameters.set("_sort_desc", column);
    return urlWith(parameters);
  }

  function facetUrl(column) {
    const parameters = query();
    parameters.append("_facet", column);
    return urlWith(parameters);
  }

  function hideColumnUrl(column) {
    const parameters = query();
    const chosen = parameters.getAll("_col");
    if (chosen.includes(column)) {
      parameters.delete("_col");
      chosen.filter((each) => each !== column).forEach((each) => parameters.append("_col", each));
    } else {
      parameters.append("_nocol", column);
    }
    return urlWith(parameters);
  }

  function showAllColumnsUrl() {
    const parameters = query();
    parameters.delete("_col");
    parameters.delete("_nocol");
    return urlWith(parameters);
  }

  function notBlankUrl(column) {
    const parameters = query();
    parameters.delete("_next");
    parameters.set(`${column}__notblank`, "1");
    return urlWith(parameters);
  }

  function shouldShowShowAllColumns() {
    const parameters = query();
    return parameters.has("_col") || parameters.has("_nocol");
  }

  function canChooseColumns() {
    return Boolean(window._columnChooserData && window.openColumnChooser);
  }

  function hasBlankCell(th) {
    const index = Array.from(th.parentElement.children).indexOf(th);
    const rows = th.closest("table").tBodies[0]?.rows || [];
    return Array.from(rows).some((row) => row.cells[index] && row.cells[index].textContent.trim() === "");
  }

  function isFaceted(column) {
    const asked = [...query().getAll("_facet"), ...query().getAll("_facet_array"), ...query().getAll("_facet_date")];
    const shown = Array.from(document.querySelectorAll(".facet-results [data-column]"), (box) => box.dataset.column);
    return asked.includes(column) || shown.includes(column);
  }

  /** What can be done with a column now; the menu and the phone dialog are drawn from it. */
  function buildColumnActionState(th) {
    const column = th.dataset.column;
    const parameters = query();
    const all = headers();
    const isPk = th.dataset.isPk === "1";
    const onlyPk = isPk && all.filter((each) => each.dataset.isPk === "1").length === 1;
    const choosable = all.filter((each) => !each.dataset.isLinkColumn);
    return {
      column,
      sortable: Boolean(th.querySelector("a")),
      canSortAscending: parameters.get("_sort") !== column,
      canSortDescending: parameters.get("_sort_desc") !== column,
      canFacet:
        window.DATASETTE_ALLOW_FACET === true &&
        th !== th.parentElement.children[0] &&
        !onlyPk &&
        !isFaceted(column),
      canChoose: canChooseColumns(),
      canHide: !isPk && choosable.length > 1,
      canShowAll: shouldShowShowAllColumns(),
      canFilterNotBlank: parameters.get(`${column}__notblank`) !== "1" && hasBlankCell(th),
    };
  }

  /** The entry that opens the dialog for a custom type; null where the visitor may not set it. */
  function columnTypeItem(th) {
    const { column } = th.dataset;
    const columns = window._setColumnTypeData?.columns;
    if (!columns || !Object.hasOwn(columns, column)) {
      return null;
    }
    const { current } = columns[column];
    return {
      label: current ? `Custom type: ${current.type}` : "Set custom type",
      async onClick() {
        const opener = document.activeElement;
        const { open } = await import("./schema/column-type-dialog.js");
        open(column, getColumnTypeText(th), opener);
      },
    };
  }

  function buildColumnActionItems(th) {
    const state = buildColumnActionState(th);
    const { column } = state;
    const items = [];
    if (state.sortable && state.canSortAscending) {
      items.push({ label: "Sort ascending", href: sortAscUrl(column) });
    }
    if (state.sortable && state.canSortDescending) {
      items.push({ label: "Sort descending", href: sortDescUrl(column) });
    }
    if (state.canFacet) {
      items.push({ label: "Facet by this", href: facetUrl(column) });
    }
    if (state.canChoose) {
      items.push({ label: "Choose columns", onClick: () => window.openColumnChooser() });
    }
    const typeItem = columnTypeItem(th);
    if (typeItem) {
      items.push(typeItem);
    }
    if (state.canHide) {
      items.push({ label: "Hide this column", href: hideColumnUrl(column) });
    }
    if (state.canShowAll) {
      items.push({ label: "Show all columns", href: showAllColumnsUrl() });
    }
    if (state.canFilterNotBlank) {
      items.push({ label: "Show not-blank rows", href: notBlankUrl(column) });
    }
    return items.concat(window.__DATASETTE__.makeColumnActions(getColumnMeta(th)));
  }

  /** One menu for the page, moved to the button that asks for it. */
  class ColumnMenu {
    constructor() {
      this.button = null;
      this.place = null;
      this.root = document.createElement("div");
      this.root.className = "dropdown-menu";
      this.root.hidden = true;
      this.list = document.createElement("ul");
      this.list.className = "dropdown-actions";
      this.list.setAttribute("role", "menu");
      this.type = document.createElement("p");
      this.type.className = "dropdown-column-type";
      this.description = document.createElement("p");
      this.description.className = "dropdown-column-description";
      this.root.append(this.list, this.type, this.description);
      document.body.append(this.root);

      this.root.addEventListener("keydown", (event) => this.onKey(event));
      document.addEventListener("click", (event) => {
        if (this.button && !this.root.contains(event.target) && !this.button.contains(event.target)) {
          this.close(false);
        }
      });
      this.root.addEventListener("focusout", (event) => {
        if (event.relatedTarget && !this.root.contains(event.relatedTarget)) {
          this.close(false);
        }
      });
      window.addEventListener("resize", () => this.close(false));
      document.querySelector(".table-wrapper")?.addEventListener("scroll", () => this.closeIfMoved(), { passive: true });
    }

    /** The event of the scrolling that brought a focused button into sight may come after the menu. */
    closeIfMoved() {
      if (!this.button) {
        return;
      }
      const { left, top } = this.button.getBoundingClientRect();
      if (Math.abs(left - this.place.left) > 1 || Math.abs(top - this.place.top) > 1) {
        this.close(false);
      }
    }

    toggle(button, th) {
      const again = this.button === button;
      this.close(false);
      if (!again) {
        this.open(button, th);
      }
    }

    open(button, th) {
      this.button = button;
      button.setAttribute("aria-expanded", "true");
      this.list.setAttribute("aria-label", `Actions for ${th.dataset.column}`);
      this.list.replaceChildren(...buildColumnActionItems(th).map((item) => this.row(item)));
      this.type.textContent = getColumnTypeText(th) || "";
      this.type.hidden = !this.type.textContent;
      this.description.textContent = th.dataset.columnDescription || "";
      this.description.hidden = !this.description.textContent;
      this.root.hidden = false;
      this.root.classList.remove("anim-scale-in");
      void this.root.offsetWidth;
      this.root.classList.add("anim-scale-in");

      const box = button.getBoundingClientRect();
      this.place = box;
      const width = this.root.offsetWidth;
      const left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - width - 8));
      this.root.style.left = `${left + window.scrollX}px`;
      this.root.style.top = `${box.bottom + 4 + window.scrollY}px`;
      this.list.querySelector("a, button")?.focus({ preventScroll: true });
    }

    row(item) {
      const li = document.createElement("li");
      li.setAttribute("role", "none");
      const link = document.createElement("a");
      link.setAttribute("role", "menuitem");
      link.tabIndex = -1;
      link.textContent = item.label;
      link.href = item.href || "#";
      link.addEventListener("click", (event) => {
        if (!item.href) {
          event.preventDefault();
        }
        this.close(true);
        item.onClick?.(event);
      });
      li.append(link);
      return li;
    }

    onKey(event) {
      const items = Array.from(this.list.querySelectorAll("a"));
      const at = items.indexOf(document.activeElement);
      const target = {
        ArrowDown: items[at + 1] || items[0],
        ArrowUp: items[at - 1] || items[items.length - 1],
        Home: items[0],
        End: items[items.length - 1],
      }[event.key];
      if (target) {
        event.preventDefault();
        target.focus();
      } else if (event.key === "Escape" || event.key === "Tab") {
        event.preventDefault();
        this.close(true);
      }
    }

    close(returnFocus) {
      if (!this.button) {
        return;
      }
      const button = this.button;
      this.button = null;
      this.root.hidden = true;
      button.setAttribute("aria-expanded", "false");
      if (returnFocus) {
        button.focus({ preventScroll: true });
      }
    }
  }

  function addColumnMenus() {
    const sortable = headers().filter((th) => th.querySelector("a"));
    if (!sortable.length) {
      return;
    }
    const menu = new ColumnMenu();
    for (const th of sortable) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "dropdown-menu-icon";
      button.setAttribute("aria-label", `Actions for the column ${th.dataset.column}`);
      button.setAttribute("aria-haspopup", "menu");
      button.setAttribute("aria-expanded", "false");
      button.innerHTML = COG;
      button.addEventListener("click", () => menu.toggle(button, th));
      th.append(button);
      if (th.dataset.columnDescription) {
        th.title = th.dataset.columnDescription;
      }
    }
  }

  /** The name of a column of numbers stands above their last digits. */
  function alignHeadersOfNumbers() {
    for (const th of headers()) {
      const index = Array.from(th.parentElement.children).indexOf(th);
      const rows = Array.from(th.closest("table").tBodies[0]?.rows || []);
      const cell = rows.map((row) => row.cells[index]).find((each) => each?.textContent.trim());
      const isNumber = cell?.matches(".type-int, .type-float") && !cell.querySelector("a");
      th.classList.toggle("of-numbers", Boolean(isNumber));
    }
  }

  function addExactCount() {
    const button = document.querySelector("button.count-all");
    if (!button) {
      return;
    }
    const summary = button.closest(".table-summary");
    const shown = summary.querySelector(".table-count");
    const error = summary.querySelector(".count-error");
    const bounded = shown.textContent;
    button.addEventListener("click", async () => {
      button.disabled = true;
      error.textContent = "";
      shown.textContent = "Counting…";
      try {
        const response = await fetch(button.dataset.countUrl + location.search, {
          method: "POST",
          headers: { accept: "application/json" },
        });
        const answer = await response.json();
        if (!response.ok) {
          throw new Error(answer.error || (answer.errors || []).join("; ") || `Status ${response.status}`);
        }
        shown.textContent = `${answer.count.toLocaleString("en")} row${answer.count === 1 ? "" : "s"}`;
        button.remove();
      } catch (reason) {
        shown.textContent = bounded;
        error.textContent = reason.message;
        button.disabled = false;
      }
    });
  }

  /** Browsers that keep the fold of a closed <details> start with it open where there is room. */
  function openPanelsWhereWide() {
    if (CSS.supports("selector(::details-content)")) {
      return;
    }
    for (const [selector, width] of [[".filters-panel", 768], [".facets-panel", 1024]]) {
      const panel = document.querySelector(selector);
      if (panel && matchMedia(`(min-width: ${width}px)`).matches) {
        panel.open = true;
      }
    }
  }

  openPanelsWhereWide();

  document.addEventListener("datasette_init", (event) => {
    event.detail.columnActions = {
      buildColumnActionItems,
      buildColumnActionState,
      canChooseColumns,
      facetUrl,
      getColumnMeta,
      getColumnTypeText,
      hideColumnUrl,
      notBlankUrl,
      shouldShowShowAllColumns,
      showAllColumnsUrl,
      sortAscUrl,
      sortDescUrl,
    };
    addColumnMenus();
    alignHeadersOfNumbers();
    addExactCount();
  });
})();
