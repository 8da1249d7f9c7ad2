// Choices from a list, and the names of types as people read them.
import { make } from "../edit/element.js";

const TYPES = new Map([
  ["float", "floating point number"],
  ["real", "floating point number"],
  ["blob", "blob - binary data"],
]);

/** A type of columns in words. */
export const typeWords = (type) => TYPES.get(type) ?? type;

/** A select element with these pairs of value and text. */
export function select(className, options, attributes = {}) {
  const node = make("select", className, "", attributes);
  node.append(...options.map(([value, text]) => make("option", "", text, { value })));
  return node;
}

/** Chooses a value; one that is not offered is added, so that what a column has stays as it is. */
export function choose(node, value, text = value) {
  if (!Array.from(node.options).some((option) => option.value === value)) {
    node.append(make("option", "", text, { value }));
  }
  node.value = value;
}
