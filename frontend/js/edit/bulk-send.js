// Sends many rows in batches, and shows how far it is.
import { make } from "./element.js";
import { post } from "./exchange.js";

/** What is going on, and what was done. */
export const WORDS = {
  insert: ["Inserting", "inserted"],
  ignore: ["Processing", "processed"],
  upsert: ["Upserting", "upserted"],
};

export class BulkSend {
  /**
   * @param {object} data the page's `insertRow`
   * @param {Map<string, unknown>[]} rows
   * @param {"insert" | "ignore" | "upsert"} mode
   */
  constructor(data, rows, mode) {
    this.data = data;
    this.rows = rows;
    this.mode = mode;
    /** How many the server has stored. */
    this.stored = 0;
    this.root = make("div", "row-edit-bulk-progress");
    this.bar = make("progress", "row-edit-bulk-progress-bar", "", { "aria-label": "Rows", max: String(rows.length) });
    this.status = make("p", "row-edit-bulk-progress-status", "", { role: "status", "aria-live": "polite" });
    this.root.append(this.bar, this.status);
    this.root.hidden = true;
  }

  get isComplete() {
    return this.stored >= this.rows.length;
  }

  show() {
    const [active, done] = WORDS[this.mode];
    const total = this.rows.length;
    this.root.hidden = false;
    this.bar.value = this.stored;
    this.status.textContent = this.isComplete
      ? `${total} row${total === 1 ? "" : "s"} ${done}.`
      : `${active} ${this.stored} of ${total} rows...`;
  }

  /**
   * Sends what is left. A batch that fails ends it; what was stored before stays, and is not sent
   * again.
   * @throws {Error} with what the server said
   */
  async send() {
    this.show();
    const url = this.mode === "upsert" ? this.data.upsertPath : this.data.path;
    const size = Math.max(1, this.data.maxInsertRows);
    while (!this.isComplete) {
      const rows = this.rows.slice(this.stored, this.stored + size);
      try {
        await post(url, this.mode === "ignore" ? { rows, ignore: true } : { rows });
      } catch (error) {
        this.status.textContent = `Stopped: ${this.stored} of ${this.rows.length} rows ${WORDS[this.mode][1]}.`;
        throw error;
      }
      this.stored += rows.length;
      this.show();
    }
  }
}
