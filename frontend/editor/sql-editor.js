// The SQL editor of the pages: `cm.editorFromTextArea(textarea, {schema})` puts it in the place
// of a textarea, which stays the field of the form.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { LanguageSupport, bracketMatching, indentOnInput } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import {
  EditorView,
  crosshairCursor,
  drawSelection,
  dropCursor,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { look } from "./look.js";
import { completeNames } from "./names.js";
import { SQLite, completeFunctions, completeKeywords } from "./sqlite.js";

function language(schema) {
  const sources = [completeNames(schema), completeFunctions, completeKeywords];
  return new LanguageSupport(
    SQLite.language,
    sources.map((autocomplete) => SQLite.language.data.of({ autocomplete }))
  );
}

/** Runs what the form is for; a form's own handlers hear of it. */
function submitting(textarea) {
  const run = () => {
    textarea.form?.requestSubmit();
    return Boolean(textarea.form);
  };
  // Control is not the modifier everywhere, and works everywhere.
  return Prec.highest(keymap.of(["Shift-Enter", "Ctrl-Enter", "Meta-Enter"].map((key) => ({ key, run }))));
}

/** How assistive technology calls the editor: as the textarea was called. */
function naming(textarea) {
  const label = textarea.getAttribute("aria-label") || Array.from(textarea.labels ?? [], (each) => each.textContent.trim()).join(" ");
  const attributes = { "aria-label": label || "SQL" };
  const description = textarea.getAttribute("aria-describedby");
  return EditorView.contentAttributes.of(description ? { ...attributes, "aria-describedby": description } : attributes);
}

/**
 * Shows an editor instead of `textarea`, whose value follows each edit and tells so with an
 * `input` event. Tab is not taken: it leaves the editor.
 */
export function editorFromTextArea(textarea, { schema } = {}) {
  let telling = false;
  const telltale = EditorView.updateListener.of((update) => {
    if (update.docChanged) {
      textarea.value = update.state.doc.toString();
      telling = true;
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
      telling = false;
    }
  });
  const view = new EditorView({
    doc: textarea.value,
    extensions: [
      submitting(textarea),
      lineNumbers(),
      highlightActiveLineGutter(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      dropCursor(),
      EditorState.allowMultipleSelections.of(true),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ icons: false }),
      rectangularSelection(),
      crosshairCursor(),
      highlightSelectionMatches(),
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap]),
      EditorView.lineWrapping,
      EditorState.tabSize.of(4),
      language(schema),
      naming(textarea),
      look,
      telltale,
    ],
  });
  textarea.addEventListener("input", () => {
    if (!telling && textarea.value !== view.state.doc.toString()) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: textarea.value } });
    }
  });
  for (const label of textarea.labels ?? []) {
    label.addEventListener("click", () => view.focus());
  }
  textarea.before(view.dom);
  textarea.style.display = "none";
  // A dragged corner changes what is in sight.
  new ResizeObserver(() => view.requestMeasure()).observe(view.dom);
  return view;
}
