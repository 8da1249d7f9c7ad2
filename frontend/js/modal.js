// <datasette-modal>: one behaviour for every dialog of the site.
//
//   const modal = document.createElement("datasette-modal");
//   modal.setAttribute("dialog-id", "row-delete-dialog");
//   modal.setAttribute("heading", "Delete row 5?");
//   document.body.append(modal);
//   modal.body.append(...); modal.footer.append(...);
//   modal.open(buttonThatOpenedIt);
//
// Escape, the close button and a click on the backdrop ask to close; `unsaved` (a function that
// says whether something would be lost) makes them confirm first. `close()` always closes.
// While `busy` is true nothing closes. Focus goes back to where it was.
(() => {
  "use strict";

  if (customElements.get("datasette-modal")) {
    return;
  }

  let count = 0;

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

  class DatasetteModal extends HTMLElement {
    static observedAttributes = ["heading"];

    constructor() {
      super();
      this.busy = false;
      /** @type {(() => boolean) | null} true when closing now would lose something */
      this.unsaved = null;
      this.unsavedQuestion = "Discard your unsaved changes?";
      this.opener = null;
      this.built = false;
    }

    connectedCallback() {
      this.build();
    }

    attributeChangedCallback(name, before, after) {
      if (this.built && name === "heading") {
        this.titleElement.textContent = after;
      }
    }

    build() {
      if (this.built) {
        return;
      }
      this.built = true;
      count += 1;

      this.dialog = element("dialog", this.getAttribute("dialog-class"));
      if (this.hasAttribute("dialog-id")) {
        this.dialog.id = this.getAttribute("dialog-id");
      }

      const header = element("div", "modal-header");
      this.titleElement = element("h2", "modal-title", this.getAttribute("heading") || "");
      this.titleElement.id = `datasette-modal-title-${count}`;
      this.metaElement = element("span", "modal-meta");
      this.closeButton = element("button", "modal-close", "✕");
      this.closeButton.type = "button";
      this.closeButton.setAttribute("aria-label", "Close");
      header.append(this.titleElement, this.metaElement, this.closeButton);

      this.body = element("div", "modal-body");
      this.footer = element("div", "modal-footer");
      this.dialog.setAttribute("aria-labelledby", this.titleElement.id);
      this.dialog.append(header, this.body, this.footer);
      this.append(this.dialog);

      this.closeButton.addEventListener("click", () => this.requestClose());
      this.dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        this.requestClose();
      });
      // A press that starts inside and ends on the backdrop (selecting text) must not close.
      let pressedOnBackdrop = false;
      this.dialog.addEventListener("pointerdown", (event) => {
        pressedOnBackdrop = this.isOutside(event);
      });
      this.dialog.addEventListener("click", (event) => {
        if (pressedOnBackdrop && this.isOutside(event)) {
          this.requestClose();
        }
        pressedOnBackdrop = false;
      });
      this.dialog.addEventListener("close", () => this.afterClose());
    }

    isOutside(event) {
      if (event.target !== this.dialog) {
        return false;
      }
      const box = this.dialog.getBoundingClientRect();
      return (
        event.clientX < box.left ||
        event.clientX > box.right ||
        event.clientY < box.top ||
        event.clientY > box.bottom
      );
    }

    get isOpen() {
      return Boolean(this.dialog && this.dialog.open);
    }

    open(opener) {
      this.build();
      if (this.isOpen) {
        return;
      }
      this.opener = opener || document.activeElement;
      this.dialog.showModal();
      this.dispatchEvent(new CustomEvent("modal-open"));
    }

    /** What Escape and the backdrop do: closes unless busy or the visitor wants to stay. */
    requestClose() {
      if (this.busy || !this.isOpen) {
        return false;
      }
      if (this.unsaved && this.unsaved() && !window.confirm(this.unsavedQuestion)) {
        return false;
      }
      this.close();
      return true;
    }

    close() {
      if (this.isOpen) {
        this.dialog.close();
      }
    }

    afterClose() {
      this.busy = false;
      const opener = this.opener;
      this.opener = null;
      if (opener && opener.isConnected && typeof opener.focus === "function") {
        opener.focus();
      }
      this.dispatchEvent(new CustomEvent("modal-close"));
    }
  }

  customElements.define("datasette-modal", DatasetteModal);
})();
