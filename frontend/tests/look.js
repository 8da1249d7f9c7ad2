// What axe thinks of a page, and a change between light and dark that has reached the screen.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds to be serious. */
export async function serious(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join("\n  ")}`);
}

/** Asks for light or dark without movement, and waits until it is seen. */
export async function show(page, colorScheme) {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.waitForFunction((wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, colorScheme);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  // What goes on for ever (a bar of progress) does not end, and what is not drawn does not go on.
  await page.evaluate(() => {
    const ending = (each) => each.effect.getComputedTiming().endTime !== Infinity && each.playState === "running";
    const ends = document.getAnimations().filter(ending).map((each) => each.finished);
    return Promise.race([Promise.allSettled(ends), new Promise((done) => setTimeout(done, 2_000))]);
  });
}
