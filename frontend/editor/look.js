// Colours of the editor, all of them custom properties of the page (css/tokens.css), so that it
// is light or dark with the page.
import { EditorView } from "@codemirror/view";
import { syntaxHighlighting } from "@codemirror/language";
import { tagHighlighter, tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { backgroundColor: "var(--ds-surface)", color: "var(--ds-text)" },
  "&.cm-focused": { outline: "2px solid var(--ds-focus)", outlineOffset: "0" },
  ".cm-scroller": { fontFamily: "var(--ds-mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ds-text)", paddingBlock: "0.5rem" },
  ".cm-gutters": { backgroundColor: "var(--ds-sunken)", color: "var(--ds-muted)", borderRight: "1px solid var(--ds-line)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--ds-selected)", color: "var(--ds-text)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ds-text)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "var(--ds-selected)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--ds-hover)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--ds-selected)", outline: "1px solid var(--ds-line-strong)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--ds-error-fill)", outline: "1px solid var(--ds-error-line)" },
  ".cm-specialChar": { color: "var(--ds-danger)" },
  ".cm-searchMatch": { backgroundColor: "var(--ds-warning-fill)", outline: "1px solid var(--ds-warning-line)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--ds-selected)" },
  ".cm-tooltip": {
    backgroundColor: "var(--ds-raised)",
    color: "var(--ds-text)",
    border: "1px solid var(--ds-line)",
    borderRadius: "var(--ds-radius)",
    boxShadow: "var(--ds-shadow)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--ds-mono)", maxHeight: "min(16em, 40vh)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.2em 0.5em" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--ds-accent)", color: "var(--ds-on-accent)" },
  ".cm-completionIcon": { boxSizing: "content-box", opacity: "1" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "1", color: "var(--ds-muted)" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-panels": { backgroundColor: "var(--ds-sunken)", color: "var(--ds-text)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--ds-line)" },
  ".cm-panel.cm-search": { padding: "0.5rem 2.5rem 0.5rem 0.5rem" },
  ".cm-panel.cm-search [name=close]": { color: "inherit", minWidth: "2rem", minHeight: "2rem", fontSize: "1.25rem" },
  ".cm-textfield": { backgroundColor: "var(--ds-surface)", color: "var(--ds-text)", border: "1px solid var(--ds-line-strong)" },
  ".cm-button": {
    backgroundImage: "none",
    backgroundColor: "var(--ds-surface)",
    color: "var(--ds-text)",
    border: "1px solid var(--ds-line-strong)",
    borderRadius: "var(--ds-radius)",
  },
});

// The colours of these classes are in css/code.css.
const classes = tagHighlighter([
  { tag: tags.keyword, class: "tok-keyword" },
  { tag: [tags.typeName, tags.bool, tags.null], class: "tok-atom" },
  { tag: tags.string, class: "tok-string" },
  { tag: tags.number, class: "tok-number" },
  { tag: tags.special(tags.string), class: "tok-name" },
  { tag: tags.special(tags.name), class: "tok-parameter" },
  { tag: tags.comment, class: "tok-comment" },
]);

export const look = [theme, syntaxHighlighting(classes)];
