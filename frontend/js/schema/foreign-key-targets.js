// The columns that foreign keys may refer to, asked for once per dialog, and the choice of one.
import { make } from "../edit/element.js";
import { read } from "../edit/exchange.js";
import { typeWords } from "./select.js";

const keyOf = ({ table, column }) => JSON.stringify([table, column]);

/** The type for a column that refers to one of this affinity. */
function typeFor(affinity) {
  return affinity === "real" || affinity === "numeric" ? "float" : affinity;
}

/** What the server offers; those that show it are told when it has come. */
export class ForeignKeyTargets {
  constructor(path) {
    this.path = path;
    this.known = [];
    this.note = "";
    this.session = 0;
    this.listeners = new Set();
  }

  /** Asks for the targets. A failure is told among the choices: the rest of the dialog works on. */
  async load() {
    this.session += 1;
    const { session } = this;
    this.set([], "Loading foreign keys...");
    let known = [];
    let note = "";
    try {
      const answer = await read(this.path);
      known = answer.targets.map(({ fk_table: table, fk_column: column, type }) => ({ table, column, type }));
    } catch {
      note = "Could not load foreign keys";
    }
    if (session === this.session) {
      this.set(known, note);
    }
  }

  set(known, note) {
    this.known = known;
    this.note = note;
    this.listeners.forEach((tell) => tell());
  }
}

/** The choice of what a column refers to. */
export class ForeignKeyChoice {
  /** @param {{table: string, column: string} | null} start what the column refers to now */
  constructor(targets, start, node) {
    this.targets = targets;
    this.start = start;
    this.node = node;
    this.show(start);
    this.refresh = () => this.show(this.value);
    targets.listeners.add(this.refresh);
  }

  forget() {
    this.targets.listeners.delete(this.refresh);
  }

  /** Shows what can be chosen, with `value` as what is chosen. */
  show(value) {
    const { known, note } = this.targets;
    // What a column refers to now may be nothing that the server offers.
    const isOffered = !this.start || known.some((each) => keyOf(each) === keyOf(this.start));
    this.offered = isOffered ? known : [...known, this.start];
    this.node.replaceChildren(make("option", "", "- no foreign key -", { value: "" }));
    for (const target of this.offered) {
      const type = target.type ? ` (${typeWords(target.type)})` : "";
      const text = `${target.table}.${target.column}${type}`;
      this.node.append(make("option", "", text, { value: keyOf(target) }));
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
