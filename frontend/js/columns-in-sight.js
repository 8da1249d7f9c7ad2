// A row is as tall as its tallest cell in sight: cells of columns that are scrolled out of the
// frame give no height. Their lines are squeezed, not their words, so no column changes width.
(() => {
  "use strict";

  /** The selectors of cells in columns from..to, counted from 1; `to` may be Infinity. */
  const cellsBetween = (from, to) =>
    `.rows-and-columns > tbody > tr > td:nth-child(n + ${from})${to === Infinity ? "" : `:nth-child(-n + ${to})`}`;

  /** Numbers of the first and the last column that can be seen between the edges of the frame. */
  function columnsInSight(frame, headers) {
    const box = frame.getBoundingClientRect();
    const right = box.left + frame.clientLeft + frame.clientWidth;
    const pinned = getComputedStyle(headers[0]).insetInlineStart !== "auto" ? 1 : 0;
    const left = pinned ? headers[0].getBoundingClientRect().right : box.left;
    const seen = headers.map((header, index) => {
      const { left: start, right: end } = header.getBoundingClientRect();
      return index >= pinned && end > left + 1 && start < right - 1;
    });
    const first = seen.indexOf(true);
    return first < 0 ? null : { pinned, first: first + 1, last: seen.lastIndexOf(true) + 1, count: headers.length };
  }

  function ruleFor(sight) {
    const selectors = [];
    if (sight.first > sight.pinned + 1) {
      selectors.push(cellsBetween(sight.pinned + 1, sight.first - 1));
    }
    if (sight.last < sight.count) {
      selectors.push(cellsBetween(sight.last + 1, Infinity));
    }
    return selectors.length ? `@media screen { ${selectors.join(", ")} { line-height: 0; } }` : "";
  }

  function watch(frame) {
    const table = frame.querySelector("table.rows-and-columns");
    const headers = Array.from(table?.tHead?.rows[0]?.cells ?? []);
    if (!headers.length) {
      return;
    }
    const sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    let current = "";
    const update = () => {
      // Rows drawn as cards stand below each other: everything is in sight.
      const sight = getComputedStyle(table).display === "table" ? columnsInSight(frame, headers) : null;
      const rule = sight ? ruleFor(sight) : "";
      if (rule !== current) {
        current = rule;
        sheet.replaceSync(rule);
      }
    };
    let waiting = false;
    const soon = () => {
      if (!waiting) {
        waiting = true;
        requestAnimationFrame(() => {
          waiting = false;
          update();
        });
      }
    };
    frame.addEventListener("scroll", soon, { passive: true });
    new ResizeObserver(soon).observe(frame);
    update();
  }

  // Pages of the server have one frame; the rule of a second one would reach into the first.
  const frames = document.querySelectorAll(".table-wrapper");
  if (frames.length === 1) {
    watch(frames[0]);
  }
})();
