// Where the focus is, once it is there: it moves after the event that the test waited for.
import assert from "node:assert/strict";

const PATIENCE = 10_000;

async function becomes(page, read, fits) {
  const until = Date.now() + PATIENCE;
  let value = await read();
  while (!fits(value) && Date.now() < until) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    value = await read();
  }
  return value;
}

/** Waits until what `read` says of the element with the focus is `wanted`, or matches it. */
export async function focusBecomes(page, read, wanted) {
  const fits = (value) => (wanted instanceof RegExp ? wanted.test(value) : value === wanted);
  const value = await becomes(page, () => page.evaluate(`(${read})(document.activeElement)`), fits);
  (wanted instanceof RegExp ? assert.match : assert.equal)(value, wanted);
}

/** Waits until this element has the focus. */
export async function getsFocus(locator) {
  const read = () => locator.evaluate((element) => element === document.activeElement);
  assert.ok(await becomes(locator.page(), read, (value) => value), "the element does not get the focus");
}
