// Objects in a JSON text: an array of them, or the longest one inside an object.
import { parse } from "./exact-json.js";

export const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function arrayIn(value) {
  if (Array.isArray(value)) {
    return value;
  }
  if (!isObject(value)) {
    throw new Error("JSON must be an array of objects, or an object containing an array of objects.");
  }
  const arrays = Object.values(value).filter((member) => Array.isArray(member) && member.every(isObject));
  if (!arrays.length) {
    throw new Error("JSON object must contain at least one root key with an array of objects.");
  }
  return arrays.reduce((longest, array) => (array.length > longest.length ? array : longest));
}

/** JSON that has an object in each of its lines; null when its first line is none. */
function lines(text) {
  const rows = [];
  for (const [place, line] of text.split("\n").entries()) {
    try {
      if (line.trim()) {
        rows.push(parse(line));
      }
    } catch (error) {
      if (!rows.length) {
        return null;
      }
      throw new Error(`Invalid JSON: line ${place + 1}: ${error.message}`);
    }
  }
  return rows.every(isObject) ? rows : null;
}

/** The objects, not yet looked at. @throws {Error} when the text is no JSON or holds none */
export function objectsOf(text) {
  let value;
  try {
    value = parse(text);
  } catch (error) {
    value = lines(text);
    if (!value) {
      throw new Error(`Invalid JSON: ${error.message}`);
    }
  }
  const rows = arrayIn(value);
  if (!rows.length) {
    throw new Error("No rows found to preview.");
  }
  return rows;
}

/** Whether the text is taken for JSON. */
export const looksLikeJson = (text) => /^[[{]/.test(text);
