// What the checks need. Run as a script it says plainly what is missing, before any check starts.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FRONTEND = join(dirname(fileURLToPath(import.meta.url)), "..");
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** Path of the browser, or undefined when there is none. */
export function browserPath() {
  const named = process.env.BROWSER_PATH;
  if (named) {
    return existsSync(named) ? named : undefined;
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => BROWSERS.map((name) => join(folder, name))).find((path) => existsSync(path));
}

function hasPython() {
  try {
    execFileSync("python3", ["-c", "import sqlite3"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function hasPackages() {
  const { devDependencies } = JSON.parse(readFileSync(join(FRONTEND, "package.json"), "utf8"));
  return Object.keys(devDependencies).every((name) => existsSync(join(FRONTEND, "node_modules", name)));
}

/** One line for everything that is missing. */
export function missing() {
  const binary = process.env.DATASETTE_BINARY;
  const lines = [];
  if (!browserPath()) {
    lines.push("Chromium is missing: install it (Debian: apt-get install chromium), or set BROWSER_PATH.");
  }
  if (!binary) {
    lines.push("DATASETTE_BINARY is not set: it names the datasette binary to check.");
  } else if (!existsSync(binary)) {
    lines.push(`DATASETTE_BINARY names ${binary}, which does not exist.`);
  }
  if (!hasPackages()) {
    lines.push("Packages are missing: run npm ci.");
  }
  if (!hasPython()) {
    lines.push("Python 3 with its sqlite3 module is missing: it makes the databases.");
  }
  return lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lines = missing();
  if (lines.length) {
    console.error(["The browser checks cannot run.", ...lines].join("\n"));
    process.exit(1);
  }
}
