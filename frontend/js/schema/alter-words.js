// Changes of a table in words, for those who review them (UI-39). Names stand apart from the words
// around them, so that no name can pass for one.

const name = (text) => ({ name: text });
const named = (names) => names.flatMap((each, place) => (place ? [", ", name(each)] : [name(each)]));
const quoted = (value) => (value === null ? "NULL" : `"${value}"`);

const expression = (value, expressions) => expressions.find((known) => known.value === value)?.label ?? value;

function added(args, expressions) {
  let words = ` as ${args.type}`;
  if (args.not_null) {
    words += ", with values required";
  }
  if (args.default_expr) {
    words += `, defaulting to ${expression(args.default_expr, expressions)}`;
  } else if ("default" in args) {
    words += `, with default value ${quoted(args.default)}`;
  }
  return ["Add column ", name(args.name), `${words}.`];
}

function altered(args, expressions, newName) {
  const changes = [];
  if (args.type) {
    changes.push(`set type to ${args.type}`);
  }
  if ("not_null" in args) {
    changes.push(args.not_null ? "not null (require values)" : "allow unset values");
  }
  if (args.default_expr) {
    changes.push(`default to ${expression(args.default_expr, expressions)}`);
  } else if ("default" in args) {
    changes.push(args.default === null ? "remove the default value" : `set default value to ${quoted(args.default)}`);
  }
  return ["Change column ", name(newName(args.name)), `: ${changes.join(", ")}.`];
}

const WORDS = {
  rename_table: (args) => ["Rename table to ", name(args.to), "."],
  add_column: added,
  rename_column: (args) => ["Rename column ", name(args.name), " to ", name(args.to), "."],
  alter_column: altered,
  drop_column: (args) => ["Drop column ", name(args.name), "."],
  set_primary_key: (args) => ["Set primary key to ", ...named(args.columns), "."],
  reorder_columns: (args, _, newName) => ["Set column order to ", ...named(args.columns.map(newName)), "."],
  add_foreign_key: (args, _, newName) => [
    "Set foreign key of column ",
    name(newName(args.column)),
    " to ",
    name(`${args.fk_table}.${args.fk_column}`),
    ".",
  ],
  drop_foreign_key: (args, _, newName) => ["Remove foreign key from column ", name(newName(args.column)), "."],
};

/**
 * @param {object} plan as `planOf` makes it
 * @param {{value: string, label: string}[]} expressions that defaults may be
 * @returns {{parts: (string | {name: string})[], isLoss: boolean}[]} a sentence per change
 */
export function wordsOf(plan, expressions) {
  const changes = plan.operations.map(({ op, args }) => ({
    parts: WORDS[op](args, expressions, plan.newName),
    isLoss: op === "drop_column",
  }));
  const types = plan.types.map(({ column, type }) => ({
    parts: type
      ? ["Set custom type for column ", name(column), ` to ${type}.`]
      : ["Remove custom type from column ", name(column), "."],
    isLoss: false,
  }));
  return [...changes, ...types];
}
