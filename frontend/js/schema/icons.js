// The drawings on the buttons of a column.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  top: "M3 2.5h8M7 12V5.5M4 8l3-3 3 3",
  up: "M7 11.5v-8M3.5 7 7 3.5 10.5 7",
  down: "M7 2.5v8M3.5 7 7 10.5 10.5 7",
  bottom: "M3 11.5h8M7 2v6.5M4 6l3 3 3-3",
  remove: "M2 4h10M5 4V2h4v2M3.5 4l.6 8h5.8l.6-8M6 6.5v3M8 6.5v3",
};

/** A drawing that says nothing to those who do not see it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 14 14");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "schema-icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
