// The manager object that plugins of the page talk to: window.__DATASETTE__, and the event
// `datasette_init` that hands it over.
(() => {
  "use strict";

  const selectors = {
    jsonExportLink: ".export-links a[href*=json]",
    tableWrapper: ".table-wrapper",
    table: "table.rows-and-columns",
    aboveTablePanel: ".above-table-panel",
    tableHeaders: "table.rows-and-columns th",
    filterRows: ".filter-row",
    facetResults: ".facet-results [data-column]",
  };

  /** Asks each plugin that has the named function; a result that is not there counts as empty. */
  function gather(plugins, hook, argument) {
    const items = [];
    for (const implementation of plugins.values()) {
      if (typeof implementation[hook] === "function") {
        items.push(...(implementation[hook](argument) || []));
      }
    }
    return items;
  }

  /** Tabs over the panels that plugins put above the rows; panels are made once and kept. */
  function renderPanels(container, plugins) {
    let tabs = container.querySelector(":scope > .panel-tabs");

    function show(shown) {
      for (const tab of tabs.children) {
        const selected = tab === shown;
        tab.setAttribute("aria-selected", String(selected));
        tab.tabIndex = selected ? 0 : -1;
        document.getElementById(tab.getAttribute("aria-controls")).hidden = !selected;
      }
    }

    for (const [name, implementation] of plugins) {
      if (typeof implementation.makeAboveTablePanelConfigs !== "function") {
        continue;
      }
      for (const config of implementation.makeAboveTablePanelConfigs()) {
        const id = `${name}_${config.id}_panel-content`;
        if (document.getElementById(id)) {
          continue;
        }
        if (!tabs) {
          tabs = document.createElement("div");
          tabs.className = "panel-tabs";
          tabs.setAttribute("role", "tablist");
          tabs.setAttribute("aria-label", "Panels");
          tabs.addEventListener("keydown", (event) => {
            const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
            const all = Array.from(tabs.children);
            const at = all.indexOf(document.activeElement);
            if (step && at >= 0) {
              event.preventDefault();
              const next = all[(at + step + all.length) % all.length];
              next.focus();
              show(next);
            }
          });
          container.append(tabs);
        }
        const tab = document.createElement("button");
        tab.type = "button";
        tab.id = `${id}-tab`;
        tab.textContent = config.label;
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", id);
        tab.addEventListener("click", () => show(tab));
        tabs.append(tab);

        const panel = document.createElement("div");
        panel.id = id;
        panel.className = "panel-content";
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-labelledby", tab.id);
        container.append(panel);
        config.render(panel);

        const first = tabs.children.length === 1;
        panel.hidden = !first;
        tab.setAttribute("aria-selected", String(first));
        tab.tabIndex = first ? 0 : -1;
      }
    }
  }

  const manager = {
    VERSION: window.datasetteVersion,
    plugins: new Map(),
    selectors,

    registerPlugin(name, implementation) {
      if (manager.plugins.has(name)) {
        console.warn(`The plugin ${name} was registered before; its new implementation replaces the old one.`);
      }
      manager.plugins.set(name, implementation);
      if (implementation.makeAboveTablePanelConfigs) {
        manager.renderAboveTablePanel();
      }
    },

    makeColumnActions(columnMeta) {
      return gather(manager.plugins, "makeColumnActions", columnMeta);
    },

    makeJumpSections(context) {
      return gather(manager.plugins, "makeJumpSections", context);
    },

    makeAboveTablePanelConfigs() {
      return gather(manager.plugins, "makeAboveTablePanelConfigs");
    },

    makeColumnField(context) {
      for (const [pluginName, implementation] of manager.plugins) {
        if (typeof implementation.makeColumnField !== "function") {
          continue;
        }
        try {
          const control = implementation.makeColumnField(context);
          if (control) {
            control.pluginName = pluginName;
            return control;
          }
        } catch (error) {
          console.error(`makeColumnField of the plugin ${pluginName} failed`, error);
        }
      }
      return null;
    },

    renderAboveTablePanel() {
      const container = document.querySelector(selectors.aboveTablePanel);
      if (!container) {
        console.warn("This page has no place for panels above a table.");
        return;
      }
      renderPanels(container, manager.plugins);
    },
  };

  document.addEventListener("DOMContentLoaded", () => {
    window.__DATASETTE__ = manager;
    document.dispatchEvent(new CustomEvent("datasette_init", { detail: manager }));
  });
})();
