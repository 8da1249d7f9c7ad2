// Filter form of the table page: rows added and removed in place, and known values of faceted
// columns offered while typing.
(() => {
  "use strict";

  const PLUS = '<svg class="filter-row-add-icon" aria-hidden="true" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"><path d="M8 3v10M3 8h10"/></svg>';
  const MINUS = '<svg class="filter-row-remove-icon" aria-hidden="true" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"><path d="M4 4l8 8M12 4l-8 8"/></svg>';

  const form = document.querySelector("form.filters");
  if (!form) {
    return;
  }

  const rows = () => Array.from(form.querySelectorAll(".filter-controls-row"));
  const columnOf = (row) => row.querySelector('select[name^="_filter_column"]');
  const operatorOf = (row) => row.querySelector('select[name^="_filter_op"]');
  const valueOf = (row) => row.querySelector(".filter-value");

  function facetValues(column) {
    const box = Array.from(document.querySelectorAll(".facet-results [data-column]")).find(
      (each) => each.dataset.column === column
    );
    return box ? Array.from(box.querySelectorAll("[data-facet-value]"), (link) => link.dataset.facetValue) : [];
  }

  function offerValues(row) {
    const input = valueOf(row);
    const values = facetValues(columnOf(row).value);
    if (!values.length) {
      input.removeAttribute("list");
      return;
    }
    const id = `values-of-${input.name}`;
    let list = document.getElementById(id);
    if (!list) {
      list = document.createElement("datalist");
      list.id = id;
      form.append(list);
    }
    list.replaceChildren(
      ...values.map((value) => {
        const option = document.createElement("option");
        option.value = value;
        return option;
      })
    );
    input.setAttribute("list", id);
  }

  function makeButton(className, label, icon, action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `filter-row-icon ${className}`;
    button.title = label;
    button.setAttribute("aria-label", label);
    button.innerHTML = icon;
    button.addEventListener("click", action);
    return button;
  }

  /** Draws the buttons each row should have now. */
  function refresh() {
    const all = rows();
    all.forEach((row, index) => {
      const last = index === all.length - 1;
      row.classList.toggle("filter-row-without-value", operatorOf(row).value.endsWith("__1"));
      offerValues(row);

      let remove = row.querySelector(".filter-row-remove");
      if (index > 0 && !remove) {
        remove = makeButton("filter-row-remove", "Remove this filter", MINUS, () => {
          const neighbour = row.previousElementSibling?.matches(".filter-controls-row")
            ? row.previousElementSibling
            : rows()[0];
          row.remove();
          refresh();
          columnOf(neighbour).focus();
        });
        row.append(remove);
      }

      const add = row.querySelector(".filter-row-add");
      if (last && columnOf(row).value && !add) {
        row.append(makeButton("filter-row-add", "Add another filter", PLUS, () => addAfter(row)));
      } else if (!(last && columnOf(row).value)) {
        add?.remove();
      }
    });
  }

  function addAfter(row) {
    const numbers = rows().map((each) => Number(columnOf(each).name.replace("_filter_column", "").slice(1)) || 0);
    const number = Math.max(...numbers) + 1;
    const copy = row.cloneNode(true);
    copy.querySelectorAll("button").forEach((button) => button.remove());
    columnOf(copy).name = `_filter_column_${number}`;
    columnOf(copy).options[0].textContent = "- column -";
    columnOf(copy).value = "";
    operatorOf(copy).name = `_filter_op_${number}`;
    operatorOf(copy).selectedIndex = 0;
    const value = valueOf(copy);
    value.name = `_filter_value_${number}`;
    value.value = "";
    value.removeAttribute("list");
    row.after(copy);
    refresh();
    columnOf(copy).focus();
  }

  form.addEventListener("change", (event) => {
    if (event.target.closest(".filter-controls-row")) {
      refresh();
    }
  });
  refresh();
})();
