// From a table as it was and as it is to be: what to ask the server for (UI-39).
import { defaultOf } from "./default-text.js";

/**
 * The columns of the page's table, for the list of columns.
 * @param {object[]} columns as the page tells them
 */
export function knownColumns(columns) {
  return columns.map((column) => {
    const { fk_table: table, fk_column: other } = column.foreign_key ?? {};
    const original = {
      name: column.name,
      // Nothing is made with this type, but the column has it.
      type: column.sqlite_type === "NUMERIC" ? "numeric" : column.type,
      customType: column.column_type?.type ?? "",
      config: column.column_type?.config ?? null,
      isKey: column.is_pk,
      notNull: Boolean(column.notnull),
      foreignKey: column.foreign_key ? { table, column: other } : null,
      ...defaultOf(column),
    };
    return { ...original, original };
  });
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function addition({ name, type, notNull, defaultValue, defaultExpression }) {
  const args = { name, type, not_null: notNull };
  if (defaultExpression) {
    args.default_expr = defaultExpression;
  } else if (defaultValue) {
    args.default = defaultValue;
  }
  return { op: "add_column", args };
}

/** What is different about a column but its name and what it refers to. */
function alteration(column) {
  const { original } = column;
  const args = { name: original.name };
  if (column.type !== original.type) {
    args.type = column.type;
  }
  if (column.notNull !== original.notNull) {
    args.not_null = column.notNull;
  }
  const { defaultValue, defaultExpression } = column;
  if (defaultValue !== original.defaultValue || defaultExpression !== original.defaultExpression) {
    if (defaultExpression) {
      args.default_expr = defaultExpression;
    } else {
      args.default = defaultValue || null;
    }
  }
  return Object.keys(args).length > 1 ? [{ op: "alter_column", args }] : [];
}

/** The key, where other columns are in it than before; those that were keep their order. */
function newKey(before, columns) {
  const names = columns.filter((column) => column.isKey).map(({ original, name }) => [original?.name, name]);
  const wereKey = before.primaryKeys.map((key) => names.find(([known]) => known === key)).filter(Boolean);
  const isOld = names.length === wereKey.length && wereKey.length === before.primaryKeys.length;
  const others = names.filter((each) => !wereKey.includes(each));
  const args = { columns: [...wereKey, ...others].map(([, name]) => name) };
  return isOld ? [] : [{ op: "set_primary_key", args }];
}

/** The order, where columns were moved, in the names of before. */
function newOrder(before, columns) {
  const kept = new Set(columns.map((column) => column.original?.name));
  const natural = [
    ...before.columns.map(({ name }) => name).filter((name) => kept.has(name)),
    ...columns.filter((column) => !column.original).map(({ name }) => name),
  ];
  const wanted = columns.map(({ original, name }) => original?.name ?? name);
  return isSame(natural, wanted) ? [] : [{ op: "reorder_columns", args: { columns: wanted } }];
}

/** One by one: foreign keys that nobody touched keep what else was declared with them. */
function references(columns) {
  return columns.flatMap(({ original, name, foreignKey }) => {
    const column = original?.name ?? name;
    if (isSame(foreignKey, original?.foreignKey ?? null)) {
      return [];
    }
    if (!foreignKey) {
      return [{ op: "drop_foreign_key", args: { column } }];
    }
    const { table: fk_table, column: fk_column } = foreignKey;
    return [{ op: "add_foreign_key", args: { column, fk_table, fk_column } }];
  });
}

/**
 * The custom types to set once the table is changed: the server knows them by the names of table and
 * column, so what is renamed gets its own again.
 */
function customTypes(columns, isRenamed) {
  return columns.flatMap(({ original, name, customType }) => {
    const was = original?.customType ?? "";
    const isKept = customType === was;
    if ((isKept && !customType) || (isKept && !isRenamed && name === original.name)) {
      return [];
    }
    return [{ column: name, type: customType || null, config: isKept ? original.config : null }];
  });
}

/**
 * @param {{tableName: string, columns: object[], primaryKeys: string[], customColumnTypes?: object[]}} before
 * as the page tells it
 * @param {{tableName: string, columns: object[], removed: object[]}} after as the list of columns has it
 * @returns {{operations: {op: string, args: object}[], types: {column: string, type: string | null,
 * config: object | null}[], newName: (name: string) => string, isForgotten: boolean}} `newName` of a
 * column that was there; whether a name that the page's address may use is gone
 */
export function planOf(before, after) {
  const { columns, removed } = after;
  const isRenamed = after.tableName !== before.tableName;
  const renamed = new Map(
    columns.filter(({ original, name }) => original && original.name !== name).map((each) => [each.original.name, each.name])
  );
  const operations = [
    ...(isRenamed ? [{ op: "rename_table", args: { to: after.tableName } }] : []),
    ...columns.flatMap((column) => {
      const { original, name } = column;
      if (!original) {
        return [addition(column)];
      }
      const renaming = renamed.has(original.name) ? [{ op: "rename_column", args: { name: original.name, to: name } }] : [];
      return [...renaming, ...alteration(column)];
    }),
    ...removed.map(({ name }) => ({ op: "drop_column", args: { name } })),
    ...newKey(before, columns),
    ...newOrder(before, columns),
    ...references(columns),
  ];
  return {
    operations,
    types: before.customColumnTypes ? customTypes(columns, isRenamed) : [],
    newName: (name) => renamed.get(name) ?? name,
    isForgotten: renamed.size > 0 || removed.length > 0,
  };
}

/** What is wrong with the table's name; empty when nothing is. */
export function nameProblem(before, tableName) {
  if (!tableName) {
    return "Table name is required.";
  }
  if (/[\r\n]/.test(tableName)) {
    return "Table names cannot contain newlines.";
  }
  const isReserved = /^sqlite_/i.test(tableName) && tableName !== before.tableName;
  return isReserved ? "Table names cannot start with sqlite_." : "";
}

/**
 * What keeps columns, each right by itself, from being those of the table (UI-40).
 * @returns {{message: string, place: number | null} | null} `place` is the column's
 */
export function rulesProblem(before, columns) {
  const lacksValue = ({ original, notNull, defaultValue, defaultExpression }) =>
    !original && notNull && !defaultValue && !defaultExpression;
  const place = columns.findIndex(lacksValue);
  if (place >= 0) {
    return { message: "New NOT NULL columns need a default or default expression.", place };
  }
  if (before.primaryKeys.length && !columns.some((column) => column.isKey)) {
    return { message: "At least one primary key column is required.", place: null };
  }
  return null;
}
