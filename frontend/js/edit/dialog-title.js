// The title of a dialog about a row: what is done, the key, and the label where it says more.
import { make } from "./element.js";

/** Fills the heading of a modal. */
export function setTitle(modal, action, key = "", label = "") {
  const parts = [make("span", "row-dialog-action", action)];
  if (key) {
    parts.push(" ", make("code", "", key));
  }
  if (label && label !== key) {
    parts.push(" ", make("span", "row-dialog-label", label));
  }
  modal.titleElement.replaceChildren(...parts);
}
