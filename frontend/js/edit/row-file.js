// A file of rows that is sent as it is, without being read whole: how it is written, what its first
// rows are, and the body that carries it (WRITE-153).
import { includesKey, namedColumns, rowsFrom } from "./bulk-rows.js";
import { delimiterOf, split } from "./delimited-text.js";
import { parse } from "./exact-json.js";
import { isObject, looksLikeJson } from "./json-rows.js";

/** Smaller files are shown as text, which can be changed. */
const LARGE_BYTES = 200_000;
/** What is looked at. */
const HEAD_BYTES = 64 * 1024;
const MOST_SHOWN = 20;
const BYTE_ORDER_MARK = "\uFEFF";

/** How many bytes that is, for people. */
export function inWords(bytes) {
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1000, "kB"] : [bytes / 1_000_000, "MB"];
  return `${size.toLocaleString("en", { maximumFractionDigits: 1 })} ${unit}`;
}

const byteLength = (text) => new TextEncoder().encode(text).length;

/** Where the first records end; a quote may hold line ends. */
function ends(text, hasQuotes, most) {
  const found = [];
  let quoted = false;
  for (let at = 0; at < text.length && found.length < most; at += 1) {
    if (hasQuotes && text[at] === '"') {
      quoted = !quoted;
    } else if (text[at] === "\n" && !quoted) {
      found.push(at + 1);
    }
  }
  return found;
}

/** Whether the first line is a JSON object of its own. */
function isLineOfJson(text) {
  const [line] = text.trimStart().split("\n", 1);
  try {
    return isObject(parse(line));
  } catch {
    return false;
  }
}

export class RowFile {
  /**
   * The file, if it is one that is sent as it is; null when it is to be read as a text.
   * @param {File} file
   * @param {object} data the page's `insertRow`
   * @throws {Error} with what is wrong with its columns or first rows
   */
  static async of(file, data) {
    if (!data.maxStreamedRows || file.size <= LARGE_BYTES) {
      return null;
    }
    const bytes = await file.slice(0, HEAD_BYTES).arrayBuffer();
    const head = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: true });
    const mark = head.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
    const made = new RowFile(file, data, head.slice(mark.length), byteLength(mark));
    return made.body ? made : null;
  }

  constructor(file, data, head, skipped) {
    this.name = file.name;
    this.size = file.size;
    this.data = data;
    this.whole = file.slice(skipped);
    /** How many lines the body has before those of the file. */
    this.added = 0;
    this.body = looksLikeJson(head.trimStart()) ? this.#asLines(head) : this.#asCells(head);
  }

  /** What a visitor knows it by. */
  get words() {
    return `${this.name} (${inWords(this.size)})`;
  }

  /** Whether it gives every column of the key. */
  get hasKey() {
    return includesKey(this.first, this.data.bulkColumns, this.data.primaryKeys);
  }

  #asLines(head) {
    if (!isLineOfJson(head)) {
      return null;
    }
    this.type = "application/x-ndjson";
    this.first = head.slice(0, ends(head, false, MOST_SHOWN).at(-1));
    this.rows = rowsFrom(this.first, this.data.bulkColumns);
    return this.whole;
  }

  #asCells(head) {
    const columns = this.data.bulkColumns;
    const names = columns.map((column) => column.name);
    // Where a line is one value there are no commas that part values.
    const delimiter = delimiterOf(head, names) ?? "\t";
    this.type = delimiter === "," ? "text/csv" : "text/tab-separated-values";
    const blank = head.slice(0, head.length - head.replace(/^(?:[ \t]*\r?\n)+/, "").length);
    const found = ends(head.slice(blank.length), true, MOST_SHOWN + 1);
    if (!found.length) {
      throw new Error("The first row of the file is too long.");
    }
    this.first = head.slice(0, blank.length + found.at(-1));
    this.rows = rowsFrom(this.first, columns);
    const top = head.slice(blank.length, blank.length + found[0]);
    const [cells] = split(top, delimiter);
    const header = namedColumns(cells, names);
    if (header?.includes("")) {
      return null;
    }
    const named = header ?? names.slice(0, cells.length);
    const line = `${named.map((name) => `"${name.replaceAll('"', '""')}"`).join(delimiter)}\n`;
    if (!header) {
      this.added = 1;
      return new Blob([line, this.whole]);
    }
    // The names as the table has them; lines keep their numbers.
    return new Blob([blank, line, this.whole.slice(byteLength(blank + top))]);
  }
}
