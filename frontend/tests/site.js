// The site under test: databases made from fixture.sql and from the hostile names of compat/,
// served by the binary named in DATASETTE_BINARY, and a browser to look at them with. DATASETTE_TEST_DATABASE adds a database.
import { execFileSync, spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { browserPath } from "./needs.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const START_LIMIT_MS = 20_000;

export const WIDE = { viewport: { width: 1280, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
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
  const port = await freePort();
  const files = extra ? [database, hostile, extra] : [database, hostile];
  for (const [name, sql] of Object.entries(more)) {
    const script = join(folder, `${name}.sql`);
    writeFileSync(script, sql);
    files.push(join(folder, `${name}.db`));
    makeDatabase(script, files.at(-1));
  }
  const server = spawn(
    binary,
    [...files, "-p", String(port), "-m", join(HERE, "metadata.json"), "-c", join(HERE, "config.json"), "--secret", SECRET, ...further],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, DATASETTE_LOAD_PLUGINS: "" } }
  );
  let output = "";
  let exited = false;
  for (const stream of [server.stdout, server.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  server.on("exit", () => {
    exited = true;
  });

  const base = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      await fetch(`${base}/-/versions.json`);
      break;
    } catch (error) {
      if (exited || Date.now() > deadline) {
        server.kill("SIGKILL");
        throw new Error(`The server did not start (${error.message}):\n${output}`);
      }
      await pause(20);
    }
  }

  const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox"] });

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
      page.setDefaultTimeout(10_000);
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
