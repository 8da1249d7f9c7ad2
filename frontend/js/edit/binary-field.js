// The control of a column of bytes: a file, dropped or pasted content, or NULL (UI-22).
import { button, make } from "./element.js";

const MOST_SHOWN = 10 * 1024 * 1024;

const SIGNATURES = [
  ["image/png", 0, "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/gif", 0, "GIF87a"],
  ["image/gif", 0, "GIF89a"],
  ["image/webp", 8, "WEBP"],
  ["image/avif", 4, "ftypavif"],
  ["image/avif", 4, "ftypavis"],
  ["image/bmp", 0, "BM"],
];

/** The type of an image by its first bytes; null for anything else. */
function imageType(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  return SIGNATURES.find(([, at, mark]) => start.startsWith(mark, at))?.[0] ?? null;
}

function decode(encoded) {
  return Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
}

function encode(bytes) {
  const step = 0x8000;
  let text = "";
  for (let at = 0; at < bytes.length; at += step) {
    text += String.fromCharCode(...bytes.subarray(at, at + step));
  }
  return btoa(text);
}

function sizeOf(encoded) {
  const padding = encoded.endsWith("==") ? 2 : Number(encoded.endsWith("="));
  return (encoded.length * 3) / 4 - padding;
}

export class BinaryField {
  /** Builds the control around the hidden input of a field. */
  constructor(field) {
    this.field = field;
    field.control.type = "hidden";
    this.root = make("div", "row-edit-binary-control", "", {
      role: "group",
      tabindex: "0",
      "aria-labelledby": field.labelId,
      "aria-describedby": field.descriptionId,
    });
    this.root.dataset.column = field.context.column;
    this.preview = make("div", "row-edit-binary-preview");
    this.size = make("span", "row-edit-binary-size");
    this.name = make("span", "row-edit-binary-name");
    this.problem = make("span", "row-edit-field-validation-error", "", { role: "alert" });
    const state = make("div", "row-edit-binary-status");
    state.append(this.size, this.name, this.problem);
    this.clear = button("row-edit-binary-clear", "Set NULL", () => {
      this.set(null);
      this.root.focus();
    });
    const actions = make("div", "row-edit-binary-actions");
    actions.append(this.chooser(), this.clear);
    const target = make("div", "row-edit-binary-drop-target", "Drop or paste file contents");
    this.root.append(field.control, this.preview, state, actions, target);
    this.listen();
    this.show("");
  }

  chooser() {
    const label = make("label", "row-edit-binary-file-button", "Attach file");
    const input = make("input", "", "", { type: "file", "aria-label": `Attach file for ${this.field.context.column}` });
    input.addEventListener("change", () => {
      void this.take(input.files[0]);
      // The same file may be chosen again after it was changed.
      input.value = "";
    });
    label.append(input);
    return label;
  }

  listen() {
    for (const name of ["dragenter", "dragover"]) {
      this.root.addEventListener(name, (event) => {
        event.preventDefault();
        this.root.classList.add("row-edit-binary-dragover");
      });
    }
    for (const name of ["dragleave", "drop"]) {
      this.root.addEventListener(name, () => this.root.classList.remove("row-edit-binary-dragover"));
    }
    this.root.addEventListener("drop", (event) => {
      event.preventDefault();
      void this.take(event.dataTransfer.files[0]);
    });
    this.root.addEventListener("paste", (event) => {
      const [file] = event.clipboardData.files;
      const text = event.clipboardData.getData("text");
      if (file) {
        event.preventDefault();
        void this.take(file);
      } else if (text) {
        event.preventDefault();
        this.set(new TextEncoder().encode(text), "Pasted text");
      }
    });
  }

  async take(file) {
    if (!file) {
      return;
    }
    try {
      this.set(new Uint8Array(await file.arrayBuffer()), file.name);
    } catch {
      this.problem.textContent = `${file.name} cannot be read.`;
    }
  }

  /** Holds these bytes, or NULL. */
  set(bytes, name = "") {
    const { field } = this;
    field.stopUsingSqliteDefault();
    field.control.value = bytes ? encode(bytes) : "";
    field.kind = bytes ? "binary" : "null";
    this.show(name);
    field.control.dispatchEvent(new Event("input", { bubbles: true }));
  }

  show(name) {
    const { control, kind, context } = this.field;
    const holdsBytes = kind === "binary";
    const size = sizeOf(control.value);
    this.size.textContent = holdsBytes
      ? `Binary: ${size.toLocaleString("en-US")} byte${size === 1 ? "" : "s"}`
      : "No binary data";
    this.name.textContent = name;
    this.problem.textContent = "";
    this.clear.hidden = context.notNull || !holdsBytes;
    this.forget();
    if (holdsBytes && size < MOST_SHOWN) {
      this.showImage(decode(control.value));
    }
  }

  showImage(bytes) {
    const type = imageType(bytes);
    if (!type) {
      return;
    }
    this.url = URL.createObjectURL(new Blob([bytes], { type }));
    const image = make("img", "", "", { alt: "", src: this.url });
    image.addEventListener("error", () => image.remove());
    this.preview.append(image);
  }

  forget() {
    if (this.url) {
      URL.revokeObjectURL(this.url);
      this.url = null;
    }
    this.preview.replaceChildren();
  }
}
