// Large files of rows: sent as one body with progress, cancelled, refused; nothing is half stored.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { serious, show } from "./look.js";
import { openSite, PHONE, WIDE } from "./site.js";
import { focusBecomes } from "./focus.js";

const SQL = `
  create table bird (id integer primary key, name text not null, weight real);
  create table cancelled (id integer primary key, name text not null);
  create table saving (id integer primary key, name text not null);
  create table refused (id integer primary key, name text not null);
  create table tabs (a text, b integer);
  create table lines (id integer primary key, n integer);
  create table word (w text);
`;
const ROOT = { id: "root" };
const ROWS = 50_000;
const numbers = Array.from({ length: ROWS }, (_, place) => place + 1);
const CSV = `id,name\n${numbers.map((id) => `${id},"bird, ${id}"\n`).join("")}`;

let site;
before(async () => {
  site = await openSite({ pen: SQL }, ["--root", "-s", "max_streamed_rows", "100000"]);
});
after(() => site?.close());

const parts = (page) => ({
  alert: page.locator("dialog[open] .modal-error"),
  chosen: page.locator("dialog[open] .row-edit-bulk-chosen-file"),
  text: page.locator("dialog[open] .row-edit-bulk-textarea"),
  status: page.locator("dialog[open] .row-edit-bulk-progress-status"),
  sent: page.locator("dialog[open] .row-edit-bulk-progress-sent"),
  bar: page.locator("dialog[open] progress"),
  mode: page.locator("dialog[open] .row-edit-bulk-conflict-mode"),
  summary: page.locator("dialog[open] .row-edit-bulk-preview-summary"),
  button: (name) => page.locator("dialog[open]").getByRole("button", { name, exact: true }),
});

const file = (name, content) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) });

async function open(table, options = WIDE) {
  const page = await site.visit(`/pen/${table}`, { ...options, reducedMotion: "reduce" }, ROOT);
  await page.locator('button[data-table-action="insert-row"]').click();
  await parts(page).button("Insert multiple rows").click();
  return page;
}

const choose = (page, ...chosen) => page.locator("dialog[open] .row-edit-bulk-file-input").setInputFiles(file(...chosen));

async function count(table) {
  const sql = encodeURIComponent(`select count(*) from ${table}`);
  const answer = await fetch(`${site.base}/pen/-/query.json?_shape=arrayfirst&sql=${sql}`);
  return (await answer.json())[0];
}

/** The bodies that are sent from now on. */
function requests(page) {
  const sent = [];
  page.on("request", (request) => {
    if (request.method() === "POST") {
      sent.push(`${new URL(request.url()).pathname}${new URL(request.url()).search} ${request.headers()["content-type"]}`);
    }
  });
  return sent;
}

/** Everything that is said about the progress, once each. */
async function listen(page) {
  await page.evaluate(() => {
    window.said = [];
    new MutationObserver(() => {
      const words = document.querySelector("dialog[open] .row-edit-bulk-progress-status")?.textContent;
      if (words && words !== window.said.at(-1)) {
        window.said.push(words);
      }
    }).observe(document.querySelector("dialog[open]"), { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => window.said);
}

/** Lets so many bytes per second leave the browser; 0 for all. */
async function slowDown(page, bytes) {
  page.network ??= await page.context().newCDPSession(page);
  await page.network.send("Network.enable");
  const conditions = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytes || -1 };
  await page.network.send("Network.emulateNetworkConditions", conditions);
}

// Proves: WRITE-153, WRITE-154, UI-54
test("a file of many rows is chosen, looked at and sent by keyboard", async () => {
  const page = await open("bird");
  const { chosen, text, status, bar, mode, summary, button } = parts(page);
  await text.fill("kept");
  const choosing = page.waitForEvent("filechooser");
  await button("open a file").focus();
  await page.keyboard.press("Enter");
  await (await choosing).setFiles(file("birds.csv", CSV));
  await chosen.waitFor();
  assert.match(await chosen.innerText(), /^birds\.csv \([\d.]+ (kB|MB)\) is sent as it is/);
  assert.equal(await text.isVisible(), false);
  await focusBecomes(page, (element) => element.textContent, "remove file");
  await page.keyboard.press("Enter");
  assert.equal(await text.inputValue(), "kept");

  await choose(page, "birds.csv", CSV);
  await chosen.waitFor();
  assert.equal(await mode.inputValue(), "ignore");
  await button("Preview rows").focus();
  await page.keyboard.press("Enter");
  assert.match(await summary.innerText(), /^Previewing the first rows of birds\.csv /);
  const first = page.locator("dialog[open] table tbody tr").first();
  assert.deepEqual(await first.locator("td").allInnerTexts(), ["1", "bird, 1", ""]);
  const sent = requests(page);
  const said = await listen(page);
  await focusBecomes(page, (element) => element.textContent, "Insert these rows");
  await page.keyboard.press("Enter");
  await status.getByText(`${ROWS} rows processed.`).waitFor();
  assert.deepEqual(sent, ["/pen/bird/-/insert?_ignore=1 text/csv"]);
  const words = await said();
  assert.match(words[0], /^Sending birds\.csv \(/);
  assert.equal(words.at(-1), `${ROWS} rows processed.`);
  assert.ok(words.length <= 6, words.join("\n"));
  assert.equal(await bar.evaluate((element) => element.value === element.max), true);
  assert.equal(await count("bird"), ROWS);
  await focusBecomes(page, (element) => element.textContent, "Close and view table");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/pen/bird");
  await page.locator('tr[data-row="1"]').waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

// Proves: WRITE-153, UI-54
test("what is cancelled on its way leaves nothing behind, and can be sent again", async () => {
  const page = await open("cancelled");
  const { alert, status, sent, button } = parts(page);
  await choose(page, "birds.csv", CSV);
  await button("Preview rows").click();
  await slowDown(page, 100_000);
  await button("Insert these rows").click();
  await sent.getByText(/^\d.* of .* sent$/).waitFor();
  await focusBecomes(page, (element) => element.textContent, "Cancel");
  // Neither is it closed by a key that was pressed too often.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await status.getByText("Cancelled: nothing was stored.").waitFor();
  assert.equal(await alert.innerText(), "");
  assert.equal(await count("cancelled"), 0);
  await focusBecomes(page, (element) => element.textContent, "Insert these rows");
  await slowDown(page, 0);
  await page.keyboard.press("Enter");
  await status.getByText(`${ROWS} rows processed.`).waitFor();
  assert.equal(await count("cancelled"), ROWS);
  await page.context().close();
});

// Proves: WRITE-153, UI-54
test("what is cancelled while it is saved is stored whole or not at all", async () => {
  const databases = await (await fetch(`${site.base}/-/databases.json`)).json();
  const list = databases.databases ?? databases;
  const { path } = list.find((each) => each.name === "pen");
  const program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('begin immediate'); print('locked', flush=True); input()";
  const lock = spawn("python3", ["-c", program, path], { stdio: ["pipe", "pipe", "inherit"] });
  const unlocked = once(lock, "exit");
  await once(lock.stdout, "data");
  const page = await open("saving");
  const { status, button } = parts(page);
  await choose(page, "birds.csv", CSV);
  await button("Preview rows").click();
  await button("Insert these rows").click();
  await status.getByText("Saving the rows...").waitFor();
  await button("Cancel").click();
  await status.getByText("Cancelled while the rows were saved.").waitFor();
  lock.stdin.end("\n");
  await unlocked;
  // Writes queue: this one comes after whatever is left of the other.
  const answer = await page.evaluate(async () => {
    const body = JSON.stringify({ row: { id: 1_000_000, name: "after" } });
    return (await fetch("/pen/saving/-/insert", { method: "POST", body })).status;
  });
  assert.equal(answer, 201);
  assert.ok([1, ROWS + 1].includes(await count("saving")), String(await count("saving")));
  await page.context().close();
});

// Proves: WRITE-153, UI-54
test("a row that is refused is named, nothing is stored, and the choice is kept", async () => {
  const page = await open("refused");
  const { alert, chosen, status, mode, button } = parts(page);
  await choose(page, "birds.csv", `${CSV}7,again\n`);
  await mode.selectOption("insert");
  await button("Preview rows").click();
  await button("Insert these rows").click();
  await alert.getByText(`Line ${ROWS + 2}: UNIQUE constraint failed: refused.id`).waitFor();
  assert.equal(await status.innerText(), "Stopped.");
  assert.equal(await count("refused"), 0);
  await button("Back").click();
  assert.match(await chosen.innerText(), /^birds\.csv/);
  assert.equal(await mode.inputValue(), "insert");

  // Refused before anything is sent.
  await choose(page, "birds.csv", CSV.replace("name", "colour"));
  await alert.getByText("Unknown column colour in header row.").waitFor();
  assert.match(await chosen.innerText(), /^birds\.csv/);
  // More than the server takes in one call.
  const many = `name\n${"a bird\n".repeat(100_001)}`;
  await choose(page, "many.csv", many);
  await button("Preview rows").click();
  await button("Insert these rows").click();
  await alert.getByText("Too many rows, maximum allowed is 100000").waitFor();
  assert.equal(await count("refused"), 0);
  await page.context().close();
});

// Proves: WRITE-153, UI-54
test("tabs without names of columns, lines of JSON, one value per line", async () => {
  const sized = (line) => Array.from({ length: ROWS }, (_, place) => line(place)).join("");
  for (const [table, name, content, kind, query] of [
    ["tabs", "tabs.tsv", sized((place) => `text ${place}\t${place}\n`), "text/tab-separated-values", "select a || b from tabs where b = 49999"],
    ["lines", "lines.ndjson", `\uFEFF${sized((place) => `{"n": ${place}, "id": ${place}}\n`)}`, "application/x-ndjson", "select 'text ' || n || id from lines where n = 49999"],
    ["word", "words.txt", `w\n${sized((place) => `one, word ${place}\n`)}`, "text/tab-separated-values", "select 'text 4999949999' from word where w = 'one, word 49999'"],
  ]) {
    const page = await open(table);
    const { status, chosen, button } = parts(page);
    await choose(page, name, content);
    await chosen.waitFor();
    await button("Preview rows").click();
    const sent = requests(page);
    await button("Insert these rows").click();
    await status.getByText(/^50000 rows (inserted|processed)\.$/).waitFor();
    assert.equal(sent.length, 1);
    assert.ok(sent[0].endsWith(` ${kind}`), sent[0]);
    assert.equal(await count(table), ROWS);
    const answer = await fetch(`${site.base}/pen/-/query.json?_shape=arrayfirst&sql=${encodeURIComponent(query)}`);
    assert.deepEqual(await answer.json(), ["text 4999949999"]);
    await page.context().close();
  }
  // The line that is told is one of the file, though names of columns were put before it.
  const page = await open("tabs");
  const { alert, button } = parts(page);
  await choose(page, "tabs.tsv", `${sized((place) => `text ${place}\t${place}\n`)}too\tmany\tvalues\n`);
  await button("Preview rows").click();
  await button("Insert these rows").click();
  await alert.getByText("Line 50001 has 3 values, but 2 columns are named").waitFor();
  await page.context().close();
});

test("few lines of JSON are a text like others", async () => {
  const page = await open("lines");
  const { text, summary, button } = parts(page);
  await text.fill('{"n": 1}\n\n{"n": 2}\n');
  await button("Preview rows").click();
  assert.equal(await summary.innerText(), "Previewing 2 rows.");
  await page.context().close();
});

for (const [device, options] of [["a wide screen", WIDE], ["a phone", PHONE]]) {
  test(`axe finds nothing serious about a file on ${device}`, async () => {
    const page = await open("refused", options);
    const { sent, button } = parts(page);
    await choose(page, `${"a long name ".repeat(8)}.csv`, CSV);
    await slowDown(page, 20_000);
    for (const colorScheme of ["light", "dark"]) {
      await show(page, colorScheme);
      assert.deepEqual(await serious(page), []);
      await button("Preview rows").click();
      await button("Insert these rows").click();
      await sent.getByText(/ sent$/).waitFor();
      assert.deepEqual(await serious(page), []);
      assert.ok(await page.locator("dialog[open]").evaluate((element) => element.scrollWidth <= element.clientWidth));
      await button("Cancel").click();
      await button("Back").click();
    }
    await page.context().close();
  });
}
