// Text of a spreadsheet: which character parts its cells, and the cells.

const LINES = /\r\n|\n|\r/;

const isBlank = (row) => row.every((cell) => cell.trim() === "");

/**
 * The rows of CSV or TSV, no more than `most`; a cell in quotes may hold anything.
 * @throws {Error} when a quote is not closed
 */
export function split(text, delimiter, most = Infinity) {
  const rows = [];
  let row = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character !== '"') {
        cell += character;
      } else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else {
        quoted = false;
      }
    } else if (character === '"') {
      quoted = true;
    } else if (character === delimiter) {
      row.push(cell);
      cell = "";
    } else if (character === "\n" || character === "\r") {
      rows.push([...row, cell]);
      if (rows.length === most) {
        return rows;
      }
      row = [];
      cell = "";
      at += character === "\r" && text[at + 1] === "\n" ? 1 : 0;
    } else {
      cell += character;
    }
  }
  if (quoted) {
    throw new Error("Unclosed quoted value.");
  }
  rows.push([...row, cell]);
  return rows;
}

/** The text from its first line that is not blank. */
function filled(text) {
  const first = Math.max(text.search(/\S/), 0);
  return text.slice(Math.max(text.lastIndexOf("\n", first), text.lastIndexOf("\r", first)) + 1);
}

/** How many cells the first row has; none when it cannot be told. */
function count(text, delimiter) {
  try {
    return split(text, delimiter, 1)[0].length;
  } catch {
    return 0;
  }
}

/** The delimiter by the first row that is not blank; null when it is one value. */
export function guess(text) {
  const start = filled(text);
  const [line] = start.split(LINES, 1);
  const byComma = count(start, ",");
  const byTab = count(start, "\t");
  if (byTab > byComma || (line.includes("\t") && !line.includes(","))) {
    return "\t";
  }
  return byComma > 1 ? "," : null;
}

/**
 * The delimiter of rows for a table that is there; null when a line is one value.
 * @param {string[]} names of the columns that there are
 * @throws {Error} when neither fits
 */
export function delimiterOf(text, names) {
  const delimiter = guess(text);
  const [line] = filled(text).split(LINES, 1);
  if (delimiter === null && names.length !== 1 && !names.includes(line.trim())) {
    throw new Error("Could not detect CSV or TSV columns.");
  }
  return delimiter;
}

/** The rows that hold something; without a delimiter each line is a value. @throws {Error} as above */
export function rowsBy(text, delimiter) {
  const rows = delimiter === null ? text.split(LINES).map((line) => [line]) : split(text, delimiter);
  return rows.filter((row) => !isBlank(row));
}

/** The rows for a table with these columns. @throws {Error} as above */
export const rowsOf = (text, names) => rowsBy(text, delimiterOf(text, names));
