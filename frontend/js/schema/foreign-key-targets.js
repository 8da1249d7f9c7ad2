// The columns that foreign keys may refer to, asked for once per dialog, and the choice of one. Of a
// table that is there the server also says where the values of its columns are found.
import { make } from "../edit/element.js";
import { read } from "../edit/exchange.js";
import { typeWords } from "./select.js";

const keyOf = ({ table, column }) => JSON.stringify([table, column]);
const named = ({ fk_table: table, fk_column: column }) => ({ table, column });
const isNamedAlike = ({ reasons }) => reasons.includes("name_match");

/** The type for a column that refers to one of this affinity. */
function typeFor(affinity) {
  return affinity === "real" || affinity === "numeric" ? "float" : affinity;
}

/** What the server offers; those that show it are told when it has come. */
export class ForeignKeyTargets {
  /** @param {string} path of the targets @param {string} [suggestionsPath] of what suits which column */
  constructor(path, suggestionsPath = "") {
    this.path = path;
    this.suggestionsPath = suggestionsPath;
    this.known = [];
    this.suggested = new Map();
    this.note = "";
    this.session = 0;
    this.listeners = new Set();
  }

  /** Asks for the targets. A failure is told among the choices: the rest of the dialog works on. */
  async load() {
    this.session += 1;
    const { session } = this;
    this.suggested = new Map();
    this.set([], "Loading foreign keys...");
    let known = [];
    let note = "";
    try {
      const answer = await read(this.path);
      known = answer.targets.map((target) => ({ ...named(target), type: target.type }));
    } catch {
      note = "Could not load foreign keys";
    }
    if (session === this.session) {
      this.set(known, note);
      await this.suggest(session);
    }
  }

  /** Asks what suits which column. Without an answer the targets are shown as they are. */
  async suggest(session) {
    if (!this.suggestionsPath || !this.known.length) {
      return;
    }
    let columns;
    try {
      ({ columns } = await read(this.suggestionsPath));
    } catch {
      return;
    }
    if (session === this.session) {
      this.suggested = new Map(
        columns.map(({ column, suggestions: all }) => {
          const ordered = [...all.filter(isNamedAlike), ...all.filter((each) => !isNamedAlike(each))];
          return [column, ordered.map(named)];
        })
      );
      this.set(this.known, this.note);
    }
  }

  set(known, note) {
    this.known = known;
    this.note = note;
    this.listeners.forEach((tell) => tell());
  }
}

function option(target) {
  const type = target.type ? ` (${typeWords(target.type)})` : "";
  return make("option", "", `${target.table}.${target.column}${type}`, { value: keyOf(target) });
}

function group(label, options) {
  const node = make("optgroup", "", "", { label });
  node.append(...options);
  return node;
}

/** The choice of what a column refers to. */
export class ForeignKeyChoice {
  /**
   * @param {{table: string, column: string} | null} start what the column refers to now
   * @param {string | null} column that the server knows, for its suggestions
   */
  constructor(targets, start, node, column = null) {
    this.targets = targets;
    this.start = start;
    this.column = column;
    this.node = node;
    this.isOpen = false;
    this.show(start);
    this.refresh = () => this.isOpen && this.show(this.value);
    targets.listeners.add(this.refresh);
  }

  /** Offers all there is. Nobody looks before, and many columns with many tables are many choices. */
  open() {
    this.isOpen = true;
    this.refresh();
  }

  forget() {
    this.targets.listeners.delete(this.refresh);
  }

  /** Shows what can be chosen, with `value` as what is chosen. */
  show(value) {
    const { known, note } = this.isOpen ? this.targets : { known: [], note: "" };
    // What a column refers to now may be nothing that the server offers.
    const isOffered = !this.start || known.some((each) => keyOf(each) === keyOf(this.start));
    this.offered = isOffered ? known : [...known, this.start];
    const byKey = new Map(this.offered.map((each) => [keyOf(each), each]));
    const suits = (this.targets.suggested.get(this.column) ?? []).map((each) => byKey.get(keyOf(each))).filter(Boolean);
    const others = this.offered.filter((each) => !suits.includes(each)).map(option);
    this.node.replaceChildren(make("option", "", "- no foreign key -", { value: "" }));
    if (suits.length) {
      this.node.append(group("Where the values are found", suits.map(option)));
      this.node.append(...(others.length ? [group("Other tables", others)] : []));
    } else {
      this.node.append(...others);
    }
    if (note) {
      const told = make("option", "", note, { value: note });
      told.disabled = true;
      this.node.append(told);
    }
    this.node.disabled = this.node.options.length === 1;
    this.value = value;
  }

  get chosen() {
    return this.offered.find((each) => keyOf(each) === this.node.value) ?? null;
  }

  get value() {
    const { chosen } = this;
    return chosen && { table: chosen.table, column: chosen.column };
  }

  set value(value) {
    this.node.value = value ? keyOf(value) : "";
    if (this.node.selectedIndex < 0) {
      this.node.value = "";
    }
  }

  /** The type that suits the target; empty where there is none. */
  get type() {
    return this.chosen?.type ? typeFor(this.chosen.type) : "";
  }
}
