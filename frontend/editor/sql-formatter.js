// Laying out SQL: `sqlFormatter.format(sql)`.
import { formatDialect, sqlite } from "sql-formatter";

/** The SQL laid out, or null when it cannot be understood. */
export function tryFormat(sql, options = {}) {
  const { language, ...rest } = options;
  try {
    return formatDialect(sql, { ...rest, dialect: sqlite });
  } catch {
    return null;
  }
}

/** The SQL laid out; as it is when it cannot be understood. */
export function format(sql, options) {
  return tryFormat(sql, options) ?? sql;
}
