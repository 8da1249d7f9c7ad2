// Elements with a class and a text.

/** A new element; `attributes` are set as they are. */
export function make(name, className = "", text = "", attributes = {}) {
  const node = document.createElement(name);
  if (className) {
    node.className = className;
  }
  if (text) {
    node.textContent = text;
  }
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  return node;
}

/** A button that submits nothing. */
export function button(className, text, onClick) {
  const node = make("button", className, text, { type: "button" });
  node.addEventListener("click", onClick);
  return node;
}

/** A member of an object from JSON, whatever it is called; undefined where there is none. */
export function member(object, name) {
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}
