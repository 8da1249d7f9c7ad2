// What is wrong with a list of columns, told before the server is asked (UI-35, UI-40).

/** Names that differ in the case of these letters only are one name for SQLite. */
const folded = (name) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function nameProblem(name, seen) {
  if (!name) {
    return "Column name is required.";
  }
  if (/[\r\n]/.test(name)) {
    return "Column names cannot contain newlines.";
  }
  return seen.has(folded(name)) ? `Duplicate column name: ${name}` : "";
}

function typeProblem(column, data) {
  const { type, customType, original } = column;
  const isKept = original?.type === type;
  if (!isKept && !(data.columnTypes ?? []).includes(type)) {
    return `Unsupported column type: ${type}`;
  }
  if (column.defaultValue && column.defaultExpression) {
    return "Use either a default value or a default expression.";
  }
  if (!customType || (isKept && original.customType === customType)) {
    return "";
  }
  const facts = (data.customColumnTypes ?? []).find((each) => each.name === customType);
  if (!facts) {
    return `Unknown custom column type: ${customType}`;
  }
  return facts.sqliteTypes.includes(type) ? "" : `Custom type ${customType} cannot be used with SQLite type ${type}.`;
}

/**
 * The names of columns that are about to be made, without anything else.
 * @returns {{message: string, place: number} | null} the first that is wrong
 */
export function namesProblem(names) {
  const seen = new Set();
  for (const [place, name] of names.entries()) {
    const message = nameProblem(name, seen);
    if (message) {
      return { message, place };
    }
    seen.add(folded(name));
  }
  return null;
}

/**
 * @param {object[]} columns as `ColumnList.columns` gives them
 * @param {{columnTypes: string[], customColumnTypes?: object[]}} data what the page says
 * @returns {{message: string, place: number | null} | null} the first thing that is wrong
 */
export function columnsProblem(columns, data) {
  if (!columns.length) {
    return { message: "At least one column is required.", place: null };
  }
  const wrongName = namesProblem(columns.map((column) => column.name));
  if (wrongName) {
    return wrongName;
  }
  for (const [place, column] of columns.entries()) {
    const message = typeProblem(column, data);
    if (message) {
      return { message, place };
    }
  }
  return null;
}
