// The bundles that are checked in are what `npm run bundle` writes, and small enough.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FOLDER, bundled } from "../bundle.js";

/** What one page may load, in bytes before compression. */
const LIMIT = 450_000;

test("the bundles are fresh: otherwise run `npm ci && npm run bundle`", async () => {
  const fresh = await bundled();
  assert.deepEqual(readdirSync(FOLDER).sort(), Array.from(fresh.keys()).sort());
  for (const [name, text] of fresh) {
    assert.ok(readFileSync(join(FOLDER, name), "utf8") === text, `${name} is not what its sources make`);
    assert.ok(Buffer.byteLength(text) <= LIMIT, `${name} is larger than ${LIMIT} bytes`);
  }
});
