// A large text that is pasted, opened from a file or dropped.
import { button, make } from "./element.js";
import { takeDrops } from "./file-drop.js";

const ACCEPTED = ".csv,.tsv,.json,.txt,text/csv,text/tab-separated-values,application/json,text/plain";

export class TextSource {
  /**
   * @param {string} prefix of class names and of the id of the textarea
   * @param {{change: () => void, file: (name: string) => void, fail: (message: string) => void}} on
   *   `change` after the text did, `file` with the name of the file it came from, `fail` where the
   *   file cannot be read
   */
  constructor(prefix, on) {
    this.prefix = prefix;
    this.on = on;
    this.textarea = make("textarea", `schema-input text-source ${prefix}-textarea`, "", {
      id: `${prefix}-textarea`,
      rows: "12",
      spellcheck: "false",
      autocapitalize: "off",
    });
    this.textarea.addEventListener("input", () => on.change());
    this.root = make("div", `text-source-editor ${prefix}-editor`);
    this.root.append(this.note(), this.textarea);
    takeDrops(this.textarea, ["text-source-drop-target", `${prefix}-drop-target`], (file) => void this.take(file));
  }

  note() {
    const { prefix } = this;
    const file = make("input", `${prefix}-file-input`, "", { type: "file", accept: ACCEPTED, "aria-label": "File with rows" });
    file.hidden = true;
    file.addEventListener("change", () => {
      void this.take(file.files[0]);
      file.value = "";
    });
    const open = button(`button-as-link text-source-open ${prefix}-open-file`, "open a file", () => file.click());
    const label = make("label", "", "Paste TSV, CSV, or JSON", { for: this.textarea.id });
    const note = make("p", `text-source-note ${prefix}-note`);
    note.append(label, ". You can also ", open, " or drop it here.", file);
    return note;
  }

  async take(file) {
    if (!file) {
      return;
    }
    try {
      this.textarea.value = await file.text();
    } catch {
      this.on.fail("Could not read that text file.");
      return;
    }
    this.on.file(file.name);
    this.on.change();
    this.textarea.focus();
  }

  get text() {
    return this.textarea.value;
  }

  focus() {
    this.textarea.focus();
  }
}
