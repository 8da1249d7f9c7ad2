// <column-chooser>: choose which columns to show and in which order.
(() => {
  "use strict";

  function element(name, className, text) {
    const node = document.createElement(name);
    if (className) {
      node.className = className;
    }
    if (text) {
      node.textContent = text;
    }
    return node;
  }

  class ColumnChooser extends HTMLElement {
    connectedCallback() {
      const data = window._columnChooserData;
      if (this.modal || !data) {
        return;
      }
      const isChoosable = (column) => data.allColumns.includes(column) && !data.primaryKeys.includes(column);
      this.original = data.allColumns.filter(isChoosable);
      this.selected = data.selectedColumns.filter(isChoosable);
    }

    build() {
      const modal = document.createElement("datasette-modal");
      modal.setAttribute("heading", "Choose columns");
      modal.setAttribute("dialog-class", "column-chooser-dialog");
      this.append(modal);
      this.modal = modal;

      this.all = element("button", "modal-btn modal-btn-ghost");
      this.all.type = "button";
      this.all.addEventListener("click", () => {
        const check = !this.boxes().every((box) => box.checked);
        this.boxes().forEach((box) => {
          box.checked = check;
        });
        this.refresh();
      });
      this.list = element("ul", "column-choices");
      this.list.addEventListener("change", () => this.refresh());
      modal.body.append(this.all, this.list);

      const cancel = element("button", "modal-btn", "Cancel");
      cancel.type = "button";
      cancel.addEventListener("click", () => modal.close());
      this.apply = element("button", "modal-btn modal-btn-primary", "Apply");
      this.apply.type = "button";
      this.apply.addEventListener("click", () => location.assign(this.url()));
      modal.footer.append(cancel, this.apply);
      this.makeDraggable();
    }

    boxes() {
      return Array.from(this.list.querySelectorAll("input"));
    }

    open(opener) {
      if (!this.modal) {
        this.build();
      }
      const rest = this.original.filter((column) => !this.selected.includes(column));
      this.list.replaceChildren(...[...this.selected, ...rest].map((column) => this.choice(column)));
      this.refresh();
      this.modal.open(opener);
    }

    choice(column) {
      const row = element("li", "column-choice");
      const handle = element("span", "column-choice-handle", "⠿");
      handle.setAttribute("aria-hidden", "true");
      const label = element("label");
      const box = element("input");
      box.type = "checkbox";
      box.value = column;
      box.checked = this.selected.includes(column);
      label.append(box, column);
      row.append(handle, label, this.mover(row, column, "up"), this.mover(row, column, "down"));
      return row;
    }

    /** Moving by button, for everyone who does not drag. */
    mover(row, column, direction) {
      const button = element("button", "column-choice-move", direction === "up" ? "↑" : "↓");
      button.type = "button";
      button.setAttribute("aria-label", `Move ${column} ${direction}`);
      button.addEventListener("click", () => {
        const other = direction === "up" ? row.previousElementSibling : row.nextElementSibling;
        if (other) {
          other[direction === "up" ? "before" : "after"](row);
          button.focus();
        }
      });
      return button;
    }

    makeDraggable() {
      let dragged = null;
      this.list.addEventListener("pointerdown", (event) => {
        if (event.target.closest(".column-choice-handle")) {
          dragged = event.target.closest(".column-choice");
          dragged.classList.add("dragging");
          this.list.setPointerCapture(event.pointerId);
          event.preventDefault();
        }
      });
      this.list.addEventListener("pointermove", (event) => {
        if (!dragged) {
          return;
        }
        for (const row of this.list.children) {
          const box = row.getBoundingClientRect();
          if (row !== dragged && event.clientY > box.top && event.clientY < box.bottom) {
            const upper = event.clientY < box.top + box.height / 2;
            row[upper ? "before" : "after"](dragged);
            break;
          }
        }
      });
      const drop = () => {
        dragged?.classList.remove("dragging");
        dragged = null;
      };
      this.list.addEventListener("pointerup", drop);
      this.list.addEventListener("pointercancel", drop);
    }

    refresh() {
      const boxes = this.boxes();
      const checked = boxes.filter((box) => box.checked).length;
      this.all.textContent = checked === boxes.length ? "Deselect all" : "Select all";
      this.modal.metaElement.textContent = `${checked} of ${boxes.length} shown`;
      this.apply.disabled = checked === 0;
    }

    url() {
      const columns = this.boxes()
        .filter((box) => box.checked)
        .map((box) => box.value);
      const parameters = new URLSearchParams(location.search);
      ["_col", "_nocol", "_next"].forEach((name) => parameters.delete(name));
      const asOriginally =
        columns.length === this.original.length && columns.every((column, at) => column === this.original[at]);
      if (!asOriginally) {
        columns.forEach((column) => parameters.append("_col", column));
      }
      const text = parameters.toString();
      return location.pathname + (text ? `?${text}` : "");
    }
  }

  customElements.define("column-chooser", ColumnChooser);

  const chooser = document.querySelector("column-chooser");
  const button = document.querySelector("button.choose-columns-mobile");
  if (chooser?.original?.length) {
    window.openColumnChooser = () => chooser.open(document.activeElement);
    button?.addEventListener("click", () => chooser.open(button));
  } else {
    button?.remove();
  }
})();
