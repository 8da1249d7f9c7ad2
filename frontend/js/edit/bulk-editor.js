// Where many rows are pasted, opened or dropped, and what should happen to those that exist.
import { includesKey, rowsFrom } from "./bulk-rows.js";
import { button, make } from "./element.js";
import { takeDrops } from "./file-drop.js";
import { RowFile } from "./row-file.js";

/** Longer texts are looked at when they are previewed only, so that typing stays quick. */
const MOST_CHECKED = 200_000;
/** What is likely to be finished by the next key is not told while typing. */
const UNFINISHED = /^(Paste rows before previewing\.|No data rows found to preview\.|Invalid JSON:)/;
const COPIED_MS = 1500;

const HELP = {
  insert: "Rows with existing primary keys will stop the import.",
  ignore: "Rows with existing primary keys will be skipped.",
  upsert: "Rows with existing primary keys will be updated; new primary keys will be inserted.",
};

async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Pages that are not served over TLS have no clipboard of that kind.
  const holder = make("textarea");
  holder.value = text;
  (document.querySelector("dialog[open]") ?? document.body).append(holder);
  holder.select();
  const isCopied = document.execCommand("copy");
  holder.remove();
  if (!isCopied) {
    throw new Error("The browser refused the clipboard");
  }
}

export class BulkEditor {
  /**
   * @param {object} data the page's `insertRow`
   * @param {(problem: string) => void} tell says what is wrong, or that nothing is
   */
  constructor(data, tell) {
    this.data = data;
    this.tell = tell;
    this.chosen = "ignore";
    this.root = make("div", "row-edit-bulk-editor");
    this.textarea = make("textarea", "row-edit-input row-edit-bulk-textarea", "", {
      id: "row-edit-bulk-textarea",
      rows: "12",
      spellcheck: "false",
      autocapitalize: "off",
    });
    /** The file that is sent in place of the text. */
    this.rowFile = null;
    this.root.append(this.note(), this.chosenFile(), this.textarea, this.conflict(), this.template());
    this.textarea.addEventListener("input", () => this.check());
    takeDrops(this.textarea, ["row-edit-bulk-drop-target"], (file) => void this.take(file));
    this.check();
  }

  note() {
    const note = make("p", "row-edit-bulk-note");
    const label = make("label", "", "Paste TSV, CSV, or JSON", { for: this.textarea.id });
    this.file = make("input", "row-edit-bulk-file-input", "", {
      type: "file",
      accept: ".csv,.tsv,.json,.ndjson,.jsonl,.txt,text/csv,text/tab-separated-values,application/json,text/plain",
      "aria-label": "File with rows",
    });
    this.file.hidden = true;
    this.file.addEventListener("change", () => {
      void this.take(this.file.files[0]);
      this.file.value = "";
    });
    const open = button("button-as-link row-edit-bulk-open-file", "open a file", () => this.file.click());
    note.append(label, ". You can also ", open, " or drop it here.", this.file);
    return note;
  }

  /** Says which file is sent as it is, and takes it back. */
  chosenFile() {
    this.fileName = make("span", "row-edit-bulk-file-name");
    this.remove = button("button-as-link row-edit-bulk-remove-file", "remove file", () => {
      this.choose(null);
      this.check();
      this.textarea.focus();
    });
    this.fileNote = make("p", "row-edit-bulk-note row-edit-bulk-chosen-file", "", { role: "status" });
    this.fileNote.hidden = true;
    this.fileNote.append(this.fileName, " is sent as it is: all of its rows or none. ", this.remove);
    return this.fileNote;
  }

  choose(rowFile) {
    this.rowFile = rowFile;
    this.fileName.textContent = rowFile?.words ?? "";
    this.fileNote.hidden = !rowFile;
    this.textarea.hidden = Boolean(rowFile);
  }

  focus() {
    (this.rowFile ? this.remove : this.textarea).focus();
  }

  conflict() {
    this.select = make("select", "row-edit-bulk-conflict-mode", "", {
      id: "row-edit-bulk-conflict-mode",
      "aria-describedby": "row-edit-bulk-conflict-help",
    });
    const choices = [
      ["insert", "Stop with an error"],
      ["ignore", "Skip existing rows"],
      ...(this.data.upsertPath ? [["upsert", "Update existing and insert new"]] : []),
    ];
    this.select.append(...choices.map(([value, text]) => make("option", "", text, { value })));
    this.select.value = this.chosen;
    this.select.addEventListener("change", () => {
      this.chosen = this.select.value;
      this.help.textContent = HELP[this.chosen];
    });
    this.help = make("p", "row-edit-bulk-conflict-help", HELP[this.chosen], { id: "row-edit-bulk-conflict-help" });
    const around = make("span", "select-wrapper");
    around.append(this.select);
    this.conflictField = make("div", "row-edit-bulk-conflict");
    const label = make("label", "row-edit-bulk-conflict-label", "If the row exists already", { for: this.select.id });
    this.conflictField.append(label, around, this.help);
    return this.conflictField;
  }

  template() {
    const actions = make("div", "row-edit-bulk-actions");
    const names = this.data.columns.map((column) => column.name);
    const words = "Copy spreadsheet template";
    const copyButton = button("modal-btn row-edit-copy-template", words, async () => {
      clearTimeout(this.copied);
      try {
        await copy(names.join("\t"));
        copyButton.textContent = "Copied";
      } catch {
        copyButton.textContent = "Could not copy";
      }
      this.copied = setTimeout(() => {
        copyButton.textContent = words;
      }, COPIED_MS);
    });
    copyButton.disabled = !names.length;
    actions.append(copyButton, make("span", "row-edit-bulk-template-note", "Its columns can be pasted into a spreadsheet."));
    return actions;
  }

  async take(file) {
    if (!file) {
      return;
    }
    let text;
    let rowFile;
    try {
      rowFile = await RowFile.of(file, this.data);
      text = rowFile ? null : await file.text();
    } catch (error) {
      // The browser cannot read it, or its first rows do not fit.
      this.tell(error instanceof DOMException ? "Could not read that text file." : error.message);
      return;
    }
    this.choose(rowFile);
    if (!rowFile) {
      this.textarea.value = text;
    }
    this.check();
    this.focus();
  }

  get text() {
    return this.textarea.value;
  }

  /** Whether there is anything to lose. */
  get isFilled() {
    return Boolean(this.rowFile) || this.text.trim() !== "";
  }

  /** `insert`, `ignore` or `upsert`; rows without a key of their own cannot exist already. */
  get mode() {
    return this.hasKey ? this.chosen : "insert";
  }

  /** Tells while it is typed what is wrong, and offers what the text allows. */
  check() {
    if (this.rowFile) {
      this.findKey();
      this.tell("");
      return;
    }
    const isShort = this.text.length <= MOST_CHECKED;
    if (isShort) {
      this.findKey();
    }
    let problem = "";
    if (isShort && this.text.trim()) {
      try {
        rowsFrom(this.text, this.data.bulkColumns);
      } catch (error) {
        problem = UNFINISHED.test(error.message) ? "" : error.message;
      }
    }
    this.tell(problem);
  }

  findKey() {
    const { data, rowFile } = this;
    this.hasKey = rowFile ? rowFile.hasKey : includesKey(this.text, data.bulkColumns, data.primaryKeys);
    this.conflictField.hidden = !this.hasKey;
  }

  /** The rows of the text, or the first ones of the file. @throws {Error} with what is wrong */
  rows() {
    this.findKey();
    return this.rowFile ? this.rowFile.rows : rowsFrom(this.text, this.data.bulkColumns);
  }
}
