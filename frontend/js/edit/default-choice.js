// A column with a default of SQLite: the default, until a value is wanted (UI-21).
import { button, make } from "./element.js";

/** Wraps the control of a field; the default counts until "Set value" is pressed. */
export function withDefault(field, control) {
  const { column, defaultExpression } = field.context;
  const text = make("span", "row-edit-default-text", "default ");
  text.append(make("code", "row-edit-default-code", defaultExpression));
  const set = button("row-edit-default-button row-edit-default-set-value", "Set value", () => {
    field.stopUsingSqliteDefault();
    (field.control.type === "hidden" ? control : field.control).focus();
  });
  set.setAttribute("aria-label", `Set value for ${column}`);
  const whole = make("div", "row-edit-default");
  whole.append(text, set);
  const back = button("row-edit-default-button row-edit-default-use", "Use default", () => {
    field.useSqliteDefault();
    set.focus();
  });
  back.setAttribute("aria-label", `Use SQLite default for ${column}`);
  const custom = make("div", "row-edit-custom-value");
  custom.append(control, back);
  const show = () => {
    whole.hidden = !field.isUsingSqliteDefault();
    custom.hidden = field.isUsingSqliteDefault();
  };
  field.whenDefaultChanges = show;
  show();
  return [whole, custom];
}
