// Completion of table and column names: those of the tables a statement names come first.
import { syntaxTree } from "@codemirror/language";
import { ELSEWHERE, KEYWORDS } from "./sqlite.js";

const RESERVED = new Set(KEYWORDS.split(" "));
const NAMES = new Set(["Identifier", "QuotedIdentifier"]);
const CLOSING = { '"': '"', "`": "`", "[": "]" };

/** A name as it is written in SQL: quoted when it has to be. */
export function written(name) {
  return /^[a-z_][a-z0-9_]*$/i.test(name) && !RESERVED.has(name.toLowerCase()) ? name : inside(name, '"', '"');
}

/** The rest of a quoted name, behind `opening`. */
function inside(name, quote, opening = "") {
  const closing = CLOSING[quote];
  // No name with a bracket can stand in brackets; what follows is then wrong whatever is written.
  return opening + (quote === "[" ? name : name.replaceAll(quote, quote + quote)) + closing;
}

/** The name that a token stands for. */
function meaning(text) {
  const closing = CLOSING[text[0]];
  if (!closing) {
    return text;
  }
  const bare = text.slice(1, text.length > 1 && text.endsWith(closing) ? -1 : undefined);
  return text[0] === "[" ? bare : bare.replaceAll(closing + closing, closing);
}

/** The words and signs of the statement at `position`, without comments. */
function statementTokens(state, position) {
  let node = syntaxTree(state).resolveInner(position, -1);
  while (node && node.name !== "Statement") {
    node = node.parent;
  }
  const tokens = [];
  node?.cursor().iterate((each) => {
    if (!each.node.firstChild && !each.name.endsWith("Comment")) {
      tokens.push({ kind: each.name, text: state.sliceDoc(each.from, each.to), to: each.to });
    }
  });
  return tokens;
}

/** The tables that a statement names, and the other names it gives them. */
function tablesNamed(tokens, tables) {
  const named = new Map();
  const aliases = new Map();
  tokens.forEach((token, at) => {
    const table = NAMES.has(token.kind) && tables.get(meaning(token.text).toLowerCase());
    if (!table) {
      return;
    }
    named.set(table.name, table);
    const next = tokens[at + 1];
    const alias = next?.kind === "Keyword" && next.text.toLowerCase() === "as" ? tokens[at + 2] : next;
    if (alias && NAMES.has(alias.kind)) {
      aliases.set(meaning(alias.text).toLowerCase(), { name: meaning(alias.text), table });
    }
  });
  return { named, aliases };
}

/** Columns as options; a name that several tables have is offered once. */
function columnsOf(tables, boost) {
  const options = new Map();
  for (const table of tables) {
    for (const column of table.columns) {
      const known = options.get(column);
      if (known) {
        known.detail = "several tables";
      } else {
        options.set(column, { label: column, type: "property", detail: table.name, boost });
      }
    }
  }
  return Array.from(options.values());
}

/** A source of completions from `{table: [column, ...]}`. */
export function completeNames(schema) {
  const tables = new Map();
  for (const [name, columns] of Object.entries(schema || {})) {
    const list = Array.isArray(columns) ? columns.map((column) => column.label ?? column) : [];
    tables.set(name.toLowerCase(), { name, columns: list });
  }

  function optionsFor(owner, tokens) {
    const { named, aliases } = tablesNamed(tokens, tables);
    if (owner !== null) {
      const table = aliases.get(owner)?.table ?? tables.get(owner);
      return table ? columnsOf([table], 2) : [];
    }
    const columns = named.size ? columnsOf(named.values(), 2) : columnsOf(tables.values(), 0);
    return [
      ...Array.from(tables.values(), ({ name, columns }) => ({ label: name, type: "class", detail: columns.length ? "table" : "view", boost: 1 })),
      ...Array.from(aliases.values(), ({ name, table }) => ({ label: name, type: "variable", detail: table.name, boost: 2 })),
      ...columns,
    ];
  }

  return (context) => {
    const { state, pos } = context;
    const here = syntaxTree(state).resolveInner(pos, -1);
    if (ELSEWHERE.includes(here.name) && here.name !== ".") {
      return null;
    }
    const quote = here.name === "QuotedIdentifier" ? state.sliceDoc(here.from, here.from + 1) : null;
    const word = context.matchBefore(/[\p{L}\p{N}_$]*$/u);
    const from = quote ? here.from + 1 : word ? word.from : pos;
    const start = quote ? here.from : from;
    const behindDot = state.sliceDoc(start - 1, start) === ".";
    if (from === pos && !quote && !behindDot && !context.explicit) {
      return null;
    }
    const tokens = statementTokens(state, pos);
    const owner = behindDot ? ownerOf(tokens, start) : null;
    const options = optionsFor(owner, tokens).map((option) => ({
      ...option,
      apply: quote ? inside(option.label, quote) : written(option.label),
    }));
    const closed = quote && state.sliceDoc(pos, pos + 1) === CLOSING[quote];
    // These stay valid while the same name is typed; a blank ends one that is not quoted.
    const validFor = quote ? /^[\p{L}\p{N}_$ ]*$/u : /^[\p{L}\p{N}_$]*$/u;
    return options.length ? { from, to: closed ? pos + 1 : undefined, options, validFor } : null;
  };
}

/** The name before the dot that ends at `position`, in lower case. */
function ownerOf(tokens, position) {
  const before = tokens.filter((token) => token.to <= position && token.kind !== ".").at(-1);
  return before ? meaning(before.text).toLowerCase() : "";
}
