// Questions to the JSON API, and what to say when one fails.
import { parse, write } from "./exact-json.js";

export const SILENCE = "The server did not answer, so it is not known whether the change was made.";

/** What the API said: `errors`, else `error`, else the status (UI-14). */
function complaint(status, answer) {
  if (Array.isArray(answer?.errors) && answer.errors.length) {
    return answer.errors.join(" ");
  }
  return answer?.error || answer?.title || `Request failed with HTTP ${status}`;
}

/** What an answer says; fails with a message for people when it is a refusal. */
export function answerOf(status, text) {
  let answer = null;
  try {
    answer = parse(text);
  } catch {
    // An answer of something between: its status says enough.
  }
  if (status < 200 || status > 299 || answer?.ok === false) {
    throw new Error(complaint(status, answer));
  }
  return answer;
}

async function ask(url, options, silence) {
  let response;
  let text;
  try {
    response = await fetch(url, options);
    text = await response.text();
  } catch {
    throw new Error(silence);
  }
  return answerOf(response.status, text);
}

/** Sends a body, or none, and gives the answer; fails with a message for people. */
export function post(url, body) {
  const headers = { accept: "application/json" };
  if (body !== undefined) {
    headers["content-type"] = "application/json";
  }
  return ask(url, { method: "POST", headers, ...(body !== undefined && { body: write(body) }) }, SILENCE);
}

/** Reads JSON; fails with a message for people. */
export function read(url) {
  return ask(url, { headers: { accept: "application/json" } }, "The server did not answer.");
}

/** Whether there is something at this URL, even if it is not for this visitor. */
export async function isThere(url) {
  try {
    const { ok, status } = await fetch(url, { method: "HEAD" });
    return ok || status === 403;
  } catch {
    return false;
  }
}
