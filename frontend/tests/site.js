// The site under test: databases made from fixture.sql and from the hostile names of compat/,
// served by the binary named in DATASETTE_BINARY, and a browser to look at them with. DATASETTE_TEST_DATABASE adds a database.
import { execFileSync, spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { browserPath } from "./needs.js";

const HERE = dirname(fileURLToPath(import.meta.url));
// What takes longer hangs, also on a busy machine.
const PATIENCE_MS = 120_000;
// Whether something is found in little time is for the machine to say, and not what is tested here.
const PATIENT = ["sql_time_limit_ms", "facet_time_limit_ms", "facet_suggest_time_limit_ms"].flatMap((name) => ["--setting", name, "60000"]);

export const WIDE = { viewport: { width: 1280, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Where the server says it is; fails with what it said when it ends before that. */
function announced(server) {
  return new Promise((resolve, reject) => {
    let output = "";
    let base;
    for (const stream of [server.stdout, server.stderr]) {
      // Read to the end, so that the server can go on saying something.
      stream.on("data", (chunk) => {
        if (!base) {
          output += chunk;
          [, base] = output.match(/running on (http:\S+) \(Press CTRL\+C/) ?? [];
          if (base) {
            resolve(base);
          }
        }
      });
    }
    server.on("error", reject);
    server.on("exit", () => reject(new Error(`The server did not start:\n${output}`)));
  });
}

function makeDatabase(script, file) {
  const program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[2]); c.executescript(open(sys.argv[1]).read()); c.commit()";
  execFileSync("python3", ["-c", program, script, file]);
}

const SECRET = "browser-tests";

/** The value of the cookie that signs an actor in. */
function actorCookie(actor) {
  const payload = Buffer.from(JSON.stringify({ a: actor })).toString("base64url");
  const key = createHash("sha1").update(`actorsigner${SECRET}`).digest();
  return `${payload}.${createHmac("sha1", key).update(payload).digest("base64url")}`;
}

/**
 * Starts the site, with databases made by the SQL in `more` after its own, and `further` arguments
 * for the server. `close()` ends the server and the browser and removes the files.
 */
export async function openSite(more = {}, further = []) {
  const binary = process.env.DATASETTE_BINARY;
  if (!binary) {
    throw new Error("Set DATASETTE_BINARY to the datasette binary to check");
  }
  const folder = mkdtempSync(join(tmpdir(), "datasette-pages-"));
  const database = join(folder, "birds.db");
  makeDatabase(join(HERE, "fixture.sql"), database);
  const hostile = join(folder, "hostile.db");
  makeDatabase(join(HERE, "../../compat/databases/hostile.sql"), hostile);
  const extra = process.env.DATASETTE_TEST_DATABASE;
  const files = extra ? [database, hostile, extra] : [database, hostile];
  for (const [name, sql] of Object.entries(more)) {
    const script = join(folder, `${name}.sql`);
    writeFileSync(script, sql);
    files.push(join(folder, `${name}.db`));
    makeDatabase(script, files.at(-1));
  }
  const server = spawn(
    binary,
    [...files, "-p", "0", "-m", join(HERE, "metadata.json"), "-c", join(HERE, "config.json"), "--secret", SECRET, ...PATIENT, ...further],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, DATASETTE_LOAD_PLUGINS: "" } }
  );
  let exited = false;
  server.on("exit", () => {
    exited = true;
  });
  const base = await announced(server);

  const launched = chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox"], timeout: PATIENCE_MS });
  const browser = await launched.catch((error) => {
    server.kill("SIGKILL");
    throw error;
  });

  return {
    base,
    extraDatabase: extra ? basename(extra).replace(/\.[^.]*$/, "") : null,

    /**
     * A page at `path`, asked for by `actor`; everything the browser complains about is collected in
     * `complaints`.
     */
    async visit(path, options = WIDE, actor = null) {
      const context = await browser.newContext(options);
      if (actor) {
        await context.addCookies([{ name: "ds_actor", value: actorCookie(actor), url: base }]);
      }
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      page.complaints = [];
      page.on("pageerror", (error) => page.complaints.push(`error: ${error.message}`));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) {
          page.complaints.push(`${message.type()}: ${message.text()}`);
        }
      });
      page.answer = await page.goto(base + path);
      return page;
    },

    async close() {
      await browser.close();
      if (!exited) {
        await new Promise((resolve) => {
          server.on("exit", resolve);
          server.kill("SIGTERM");
        });
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
