// Phones: the actions of every column in one dialog, since the header row is not shown there.
(() => {
  "use strict";

  document.addEventListener("datasette_init", (event) => {
    const manager = event.detail;
    const button = document.querySelector("button.column-actions-mobile");
    const headers = Array.from(document.querySelectorAll("table.rows-and-columns th[data-column]")).filter(
      (th) => !th.dataset.isLinkColumn
    );
    if (!button || !headers.length) {
      button?.remove();
      return;
    }

    let modal = null;

    function itemRow(item) {
      const li = document.createElement("li");
      const control = document.createElement(item.href ? "a" : "button");
      if (item.href) {
        control.href = item.href;
      } else {
        control.type = "button";
        control.className = "button-as-link";
      }
      control.textContent = item.label;
      control.addEventListener("click", (clicked) => {
        modal.close();
        item.onClick?.(clicked);
      });
      li.append(control);
      return li;
    }

    function columnSection(th) {
      const section = document.createElement("details");
      section.name = "mobile-column";
      const summary = document.createElement("summary");
      summary.append(th.dataset.column);
      const typeText = manager.columnActions.getColumnTypeText(th);
      if (typeText) {
        const type = document.createElement("span");
        type.className = "column-type";
        type.textContent = typeText;
        summary.append(type);
      }
      section.append(summary);
      if (th.dataset.columnDescription) {
        const description = document.createElement("p");
        description.className = "dropdown-column-description";
        description.textContent = th.dataset.columnDescription;
        section.append(description);
      }
      const list = document.createElement("ul");
      list.append(...manager.columnActions.buildColumnActionItems(th).map(itemRow));
      section.append(list);
      return section;
    }

    button.addEventListener("click", () => {
      if (!modal) {
        modal = document.createElement("datasette-modal");
        modal.setAttribute("dialog-class", "mobile-column-actions-dialog");
        modal.setAttribute("dialog-id", "mobile-column-actions-dialog");
        modal.setAttribute("heading", "Column actions");
        document.body.append(modal);
      }
      // Drawn anew each time, so that plugins registered meanwhile are asked too.
      modal.body.replaceChildren(...headers.map(columnSection));
      modal.open(button);
    });
  });
})();
