// The policy of pages against foreign scripts, in a browser: what is stored does not run even where
// a template prints it as it is; scripts of templates, of the configuration and of the owner run; a
// page that is kept and asked for again still works.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openSite, WIDE } from "./site.js";

const TEMPLATES = {
  // The mistake that the policy is for.
  "pages/careless.html": "<h1>Careless</h1>{{ request.args.text|safe }}<script>window.own = 1</script>",
  "pages/scripts.html":
    "{% extends 'base.html' %}{% block content %}<script>window.own = 1;\n" +
    "const late = document.createElement('script'); late.src = '/files/late.js'; document.body.append(late);</script>" +
    "<script type=module>import { here } from '/files/module.js'; window.module = here;\n" +
    "window.lazy = (await import('/files/lazy.js')).lazy; window.evaluated = new Function('return 5')();\n" +
    "const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(7)'])));\n" +
    "worker.onmessage = (event) => { window.worked = event.data; };</script>{% endblock %}",
  "pages/handlers.html": "<button onclick=\"window.clicked = 1\">Click</button><a href=\"javascript:void(window.clicked = 2)\">Link</a>",
};

const FILES = {
  "configured.js": "window.configured = 1;",
  "late.js": "window.late = 1;",
  "module.js": "export const here = 1;",
  "lazy.js": "export const lazy = 1;",
};

let folder;
let site;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "datasette-policy-"));
  mkdirSync(join(folder, "templates/pages"), { recursive: true });
  mkdirSync(join(folder, "files"));
  for (const [name, text] of Object.entries(TEMPLATES)) {
    writeFileSync(join(folder, "templates", name), text);
  }
  for (const [name, text] of Object.entries(FILES)) {
    writeFileSync(join(folder, "files", name), text);
  }
  const described = { description_html: "<script>window.described = 1</script>" };
  writeFileSync(join(folder, "config.json"), JSON.stringify({ extra_js_urls: ["/files/configured.js"] }));
  writeFileSync(
    join(folder, "metadata.json"),
    JSON.stringify({ databases: { birds: { tables: { diary: described } } } })
  );
  site = await openSite({}, [
    ...["--template-dir", join(folder, "templates")],
    ...["--static", `files:${join(folder, "files")}`],
    ...["-c", join(folder, "config.json"), "-m", join(folder, "metadata.json")],
  ]);
});
after(async () => {
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("what is printed as it is stored does not run", async () => {
  const text =
    "<script>window.broken=1</script><img src=/x onerror=window.broken=2><a href=javascript:window.broken=3>link</a>";
  const page = await site.visit(`/careless?text=${encodeURIComponent(text)}`);
  await page.locator("a").click();
  // The page is told about all three; what follows a click does not happen at once.
  while (page.complaints.filter((words) => words.includes("Content Security Policy")).length < 3) {
    await page.waitForEvent("console");
  }
  assert.deepEqual(await page.evaluate(() => [window.own, window.broken]), [1, undefined]);
  await page.context().close();
});

test("bare scripts of a template run, with all that they load", async () => {
  const page = await site.visit("/scripts");
  await page.waitForFunction(() => window.worked && window.late && window.evaluated);
  const seen = await page.evaluate(() => {
    const { own, module, lazy, evaluated, worked, configured, late } = window;
    return { own, module, lazy, evaluated, worked, configured, late };
  });
  assert.deepEqual(seen, { own: 1, module: 1, lazy: 1, evaluated: 5, worked: 7, configured: 1, late: 1 });
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("handlers of a template still work", async () => {
  const page = await site.visit("/handlers");
  await page.locator("button").click();
  assert.equal(await page.evaluate(() => window.clicked), 1);
  await page.locator("a").click();
  // A link is followed when the click is long over.
  await page.waitForFunction(() => window.clicked === 2);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("scripts of the configuration and of a description run on ordinary pages", async () => {
  const page = await site.visit("/birds/diary");
  assert.deepEqual(await page.evaluate(() => [window.configured, window.described]), [1, 1]);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a page that is kept works when it is asked for again", async () => {
  const plain = await openSite();
  try {
    const page = await plain.visit("/birds/sighting?_ttl=0", WIDE);
    const tag = page.answer.headers().etag;
    assert.ok(tag);
    for (let visit = 0; visit < 2; visit += 1) {
      // What the server itself says; the browser shows its kept answer.
      const asked = page.waitForResponse((response) => response.url() === page.url());
      const session = await page.context().newCDPSession(page);
      await session.send("Network.enable");
      const statuses = [];
      session.on("Network.responseReceivedExtraInfo", (event) => statuses.push(event.statusCode));
      await page.goto(page.url());
      await asked;
      assert.ok(statuses.includes(304), statuses.join());
      await page.locator(".nav-menu summary").click();
      assert.ok(await page.locator(".nav-menu-inner").isVisible());
      assert.ok(await page.evaluate(() => Boolean(window._datasetteTableData && window.__DATASETTE__)));
      await session.detach();
    }
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  } finally {
    await plain.close();
  }
});
