// Sends a file of rows as one body, which is stored whole or not at all (WRITE-153), and shows how
// far it is. For people who cannot see the bar it is told in few words, and seldom.
import { WORDS } from "./bulk-send.js";
import { make } from "./element.js";
import { answerOf, SILENCE } from "./exchange.js";
import { inWords } from "./row-file.js";

/** It is said aloud whenever another such part was sent. */
const TOLD_PARTS = 4;

export class StreamSend {
  /**
   * @param {object} data the page's `insertRow`
   * @param {import("./row-file.js").RowFile} file
   * @param {"insert" | "ignore" | "upsert"} mode
   */
  constructor(data, file, mode) {
    this.data = data;
    this.file = file;
    this.mode = mode;
    /** Whether there may be new rows in the table. */
    this.stored = false;
    this.isComplete = false;
    this.request = null;
    this.root = make("div", "row-edit-bulk-progress");
    this.bar = make("progress", "row-edit-bulk-progress-bar", "", { "aria-label": "Sent" });
    this.sent = make("p", "row-edit-bulk-progress-sent", "", { "aria-hidden": "true" });
    this.status = make("p", "row-edit-bulk-progress-status", "", { role: "status", "aria-live": "polite" });
    this.root.append(this.bar, this.sent, this.status);
    this.root.hidden = true;
  }

  get #url() {
    const url = this.mode === "upsert" ? this.data.upsertPath : this.data.path;
    return this.mode === "ignore" ? `${url}?_ignore=1` : url;
  }

  /**
   * Sends the file from its beginning.
   * @throws {Error} with what the server said; with no words when it was cancelled
   */
  async send() {
    this.root.hidden = false;
    this.isSaving = false;
    this.told = 0;
    this.#show(0);
    this.status.textContent = `Sending ${this.file.words}...`;
    try {
      const { row_count: rows } = await this.#ask();
      this.stored = true;
      this.isComplete = true;
      this.#end(`${rows} row${rows === 1 ? "" : "s"} ${WORDS[this.mode][1]}.`);
    } catch (error) {
      this.#end(this.#stopped());
      throw new Error(this.isCancelled ? "" : this.#inFile(error.message), { cause: error });
    } finally {
      this.request = null;
    }
  }

  /** Ends it. Before the rows are saved nothing of them is kept. */
  cancel() {
    this.isCancelled = true;
    this.request?.abort();
  }

  #ask() {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.request = request;
      this.isCancelled = false;
      request.open("POST", this.#url);
      request.setRequestHeader("accept", "application/json");
      request.setRequestHeader("content-type", this.file.type);
      request.upload.addEventListener("progress", (event) => this.#show(event.loaded));
      request.upload.addEventListener("load", () => this.#save());
      request.addEventListener("load", () => {
        try {
          resolve(answerOf(request.status, request.responseText));
        } catch (error) {
          reject(error);
        }
      });
      for (const event of ["error", "abort"]) {
        request.addEventListener(event, () => reject(new Error(SILENCE)));
      }
      request.send(this.file.body);
    });
  }

  #show(loaded) {
    const total = this.file.body.size;
    this.bar.max = total;
    this.bar.value = loaded;
    this.sent.textContent = `${inWords(loaded)} of ${inWords(total)} sent`;
    const part = Math.floor((loaded / total) * TOLD_PARTS);
    if (part > this.told && part < TOLD_PARTS) {
      this.told = part;
      this.status.textContent = `${(100 / TOLD_PARTS) * part}% sent`;
    }
  }

  #save() {
    this.isSaving = true;
    this.bar.removeAttribute("value");
    this.sent.textContent = "";
    this.status.textContent = "Saving the rows...";
  }

  #end(words) {
    this.bar.value = this.isComplete ? this.bar.max : 0;
    this.sent.textContent = "";
    this.status.textContent = words;
  }

  #stopped() {
    if (this.isCancelled && this.isSaving) {
      // It may have been too late.
      this.stored = true;
      return "Cancelled while the rows were saved. The table shows whether they were.";
    }
    return this.isCancelled ? "Cancelled: nothing was stored." : "Stopped.";
  }

  /** The server counts the lines of the body. */
  #inFile(message) {
    return message.replace(/^Line (\d+)/, (_, line) => `Line ${line - this.file.added}`);
  }
}
