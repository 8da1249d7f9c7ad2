// JSON in which integers keep all their digits: those that a number would round are BigInts. Not
// every browser lets a reviver see the digits, so they are marked in the text.

const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const isRounded = (token) => /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token));

/** @throws {SyntaxError} when the text is no JSON */
export function parse(text) {
  const plain = JSON.parse(text);
  if (!/\d{16}/.test(text)) {
    return plain;
  }
  const mark = `${Math.random()}:`;
  const marked = text.replace(TOKENS, (token) => (isRounded(token) ? `"${mark}${token}"` : token));
  const unmark = (_name, value) =>
    typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
  return JSON.parse(marked, unmark);
}

/** A number that stays one with a fraction, even where the fraction is nothing. */
export class Real {
  constructor(number) {
    this.number = number;
  }

  toString() {
    const text = String(this.number);
    return /[.e]/.test(text) ? text : `${text}.0`;
  }
}

/** The text of a value; maps are objects, whose names may be any. */
export function write(value) {
  if (value instanceof Real) {
    return value.toString();
  }
  if (typeof value === "bigint") {
    return value.toString();
  }
  if (Array.isArray(value)) {
    return `[${value.map(write).join(",")}]`;
  }
  if (value && typeof value === "object") {
    const members = value instanceof Map ? Array.from(value) : Object.entries(value);
    return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${write(inner)}`).join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}
