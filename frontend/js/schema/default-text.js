// Defaults as schemas spell them: a value for people, or an expression that stays as it is.

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const TEXT = /^'((?:[^']|'')*)'$/s;

/**
 * @param {{default: string | null, default_expr?: string}} column as the page tells it
 * @returns {{defaultValue: string, defaultExpression: string}} at most one of them; an expression
 * without a name, like a text without a character, is its own SQL
 */
export function defaultOf(column) {
  const sql = column.default;
  if (column.default_expr || sql === null) {
    return { defaultValue: "", defaultExpression: column.default_expr ?? "" };
  }
  const value = NUMBER.test(sql) ? sql : (sql.match(TEXT)?.[1] ?? "").replaceAll("''", "'");
  return value ? { defaultValue: value, defaultExpression: "" } : { defaultValue: "", defaultExpression: sql };
}
