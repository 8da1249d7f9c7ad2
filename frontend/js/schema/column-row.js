// One column of the list: its name and type, the buttons that move and remove it, its details.
import { button, make } from "../edit/element.js";
import { ColumnDetails } from "./column-details.js";
import { icon } from "./icons.js";
import { choose, select, typeWords } from "./select.js";

const MOVES = [
  ["top", "Move column to top"],
  ["up", "Move column up"],
  ["down", "Move column down"],
  ["bottom", "Move column to bottom"],
];

const BLANK = {
  name: "",
  type: "text",
  customType: "",
  isKey: false,
  notNull: false,
  defaultValue: "",
  defaultExpression: "",
  foreignKey: null,
};

export class ColumnRow {
  /**
   * @param {object} kit what all columns of a list share
   * @param {object} column as `ColumnList.add` takes it
   * @param {string} place tells the ids of this column from those of others
   * @param {{move: (to: string) => void, remove: () => void, change: () => void}} on
   */
  constructor(kit, column, place, on) {
    const start = { ...BLANK, ...column };
    this.kit = kit;
    this.on = on;
    this.original = column.original ?? null;
    this.root = make("div", kit.names("column-row"), "", { role: "group" });
    this.details = new ColumnDetails(kit, start, place);
    this.root.append(this.main(start, place), this.details.root);
    this.listen();
    this.show();
  }

  main(start, place) {
    const { kit } = this;
    this.name = make("input", kit.names("input", "column-name"), "", {
      id: kit.id("column-name", place),
      type: "text",
      required: "",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      placeholder: "column name",
    });
    this.name.value = start.name;
    const label = make("label", `${kit.names("column-label")} visually-hidden`, "Column", { for: this.name.id });
    const types = (kit.data.columnTypes ?? []).map((type) => [type, typeWords(type)]);
    this.type = select(kit.names("input", "column-type"), types, { "aria-label": "Column type" });
    choose(this.type, start.type, typeWords(start.type));
    const line = make("div", kit.names("column-main"));
    line.append(label, this.name, this.type, this.moves(), this.removal(), this.more());
    return line;
  }

  iconButton(drawing, name, title, onClick) {
    const node = button(this.kit.names("icon-button", name), "", onClick);
    node.append(icon(drawing));
    node.setAttribute("aria-label", title);
    node.title = title;
    return node;
  }

  moves() {
    this.movers = new Map();
    for (const [to, title] of MOVES) {
      this.movers.set(to, this.iconButton(to, `move-${to}`, title, () => this.on.move(to)));
    }
    const around = make("div", this.kit.names("move-controls"));
    around.append(...this.movers.values());
    return around;
  }

  removal() {
    const words = this.original ? "Drop column" : "Remove column";
    this.remover = this.iconButton("remove", "remove-column", words, () => this.on.remove());
    return this.remover;
  }

  more() {
    const around = make("div", this.kit.names("column-more"));
    this.opener = button(this.kit.names("more-options"), "", () => this.toggle());
    this.opener.setAttribute("aria-controls", this.details.root.id);
    this.summary = make("span", this.kit.names("column-summary"));
    around.append(this.opener, this.summary);
    return around;
  }

  toggle() {
    if (this.details.root.hidden) {
      this.details.open();
    } else {
      this.details.close();
    }
    this.show();
  }

  listen() {
    const { details } = this;
    this.type.addEventListener("change", () => this.typeChanged());
    details.custom?.addEventListener("change", () => {
      const facts = details.customFacts;
      if (facts) {
        details.foreignKey.value = null;
        this.takeType(facts.fixedSqliteType);
      }
    });
    details.expression.addEventListener("change", () => this.takeType(details.defaultType));
    details.foreignKey.node.addEventListener("change", () => this.refers());
    this.root.addEventListener("input", () => this.changed());
    this.root.addEventListener("change", () => this.changed());
  }

  changed() {
    this.setProblem(false);
    this.show();
    this.on.change();
  }

  /** A column that refers to another has its type, and its name until it has one. */
  refers() {
    const { custom, foreignKey } = this.details;
    const target = foreignKey.value;
    if (!target) {
      return;
    }
    if (!this.name.value.trim()) {
      this.name.value = `${target.table}_${target.column}`;
    }
    if (custom) {
      custom.value = "";
    }
    this.takeType(foreignKey.type);
  }

  takeType(type) {
    if (type && (this.kit.data.columnTypes ?? []).includes(type)) {
      this.type.value = type;
      this.typeChanged();
    }
  }

  /** A custom type goes when it is for other types. */
  typeChanged() {
    const { custom, customFacts } = this.details;
    if (customFacts?.sqliteTypes && !customFacts.sqliteTypes.includes(this.type.value)) {
      custom.value = "";
    }
  }

  get isKey() {
    return this.details.isKey.checked;
  }

  /** What the column is now. */
  values() {
    const { original } = this;
    return { original, name: this.name.value.trim(), type: this.type.value, ...this.details.values() };
  }

  /** Says what the column is called and what is set. */
  show() {
    const isOpen = !this.details.root.hidden;
    const name = this.name.value.trim();
    this.root.setAttribute("aria-label", name ? `Column ${name}` : "Column without a name");
    this.opener.textContent = isOpen ? "Hide options" : "Advanced options";
    this.opener.setAttribute("aria-expanded", String(isOpen));
    this.summary.textContent = isOpen ? "" : this.details.summary();
  }

  /** Says whether these moves lead anywhere, and where they do not, why if there is a reason. */
  setMove(moves, isPossible, reason) {
    for (const to of moves) {
      const mover = this.movers.get(to);
      mover.disabled = !isPossible;
      mover.title = isPossible || !reason ? mover.getAttribute("aria-label") : reason;
    }
  }

  /** Marks the name as what is wrong, or as right. */
  setProblem(isWrong) {
    if (isWrong) {
      this.name.setAttribute("aria-invalid", "true");
    } else {
      this.name.removeAttribute("aria-invalid");
    }
  }
}
