// What is about to happen to a table, sentence by sentence, before it happens (UI-39).
import { make } from "../edit/element.js";
import { wordsOf } from "./alter-words.js";

export class ChangeReview {
  constructor() {
    this.root = make("div", "table-alter-review");
    this.root.hidden = true;
  }

  /** Shows a plan, and puts the focus on its title. */
  show(plan, expressions) {
    const changes = wordsOf(plan, expressions);
    const title = make("h3", "table-alter-review-title", "Review changes", { tabindex: "-1" });
    const intro = make("p", "table-alter-review-intro", "These changes will be applied to the table.");
    const list = make("ol", "table-alter-review-list");
    list.append(...changes.map((change) => this.line(change)));
    this.root.replaceChildren(title, intro);
    if (changes.some((change) => change.isLoss)) {
      const words = "Warning: data in dropped columns will be permanently lost.";
      this.root.append(make("p", "table-alter-review-warning", words, { role: "alert" }));
    }
    this.root.append(list);
    title.focus();
  }

  line({ parts, isLoss }) {
    const item = make("li", isLoss ? "table-alter-review-damaging" : "");
    item.append(
      ...parts.map((part) => (part.name === undefined ? part : make("code", "table-alter-review-name", part.name)))
    );
    return item;
  }
}
