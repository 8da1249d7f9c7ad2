// Menus made of <details class="details-menu">: one open at a time, closed by a click elsewhere
// or by Escape, walked with the arrow keys.
(() => {
  "use strict";

  // A page may include the script twice: once itself, once through the base template.
  if (window._datasetteMenus) {
    return;
  }
  window._datasetteMenus = true;

  const openMenus = () => document.querySelectorAll("details.details-menu[open]");

  function itemsOf(menu) {
    const items = menu.querySelectorAll('[role="menuitem"]');
    return Array.from(items.length ? items : menu.querySelectorAll("ul a, ul button, form button"));
  }

  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    }
  });

  document.addEventListener("focusout", (event) => {
    const menu = event.target.closest?.("details.details-menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) {
      menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    const menu = Array.from(openMenus()).find((each) => each.contains(document.activeElement)) || openMenus()[0];
    if (!menu) {
      return;
    }
    const summary = menu.querySelector("summary");
    if (event.key === "Escape") {
      menu.open = false;
      summary.focus();
      return;
    }
    if (!menu.contains(document.activeElement)) {
      return;
    }
    const items = itemsOf(menu);
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
    }
  });

  for (const menu of document.querySelectorAll("details.details-menu")) {
    const summary = menu.querySelector("summary");
    menu.addEventListener("toggle", () => {
      if (!menu.open) {
        return;
      }
      const first = menu.querySelector('[role="menuitem"]');
      if (first && (document.activeElement === summary || document.activeElement === document.body)) {
        first.focus();
      }
    });
    menu.addEventListener("click", (event) => {
      if (event.target.closest("ul a, ul button")) {
        menu.open = false;
      }
    });
  }
})();
