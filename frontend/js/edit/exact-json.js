// JSON in which integers keep all their digits: those that a number would round are BigInts.

function exact(_name, value, context) {
  const isRounded = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isRounded && /^-?\d+$/.test(context?.source ?? "") ? BigInt(context.source) : value;
}

/** @throws {SyntaxError} when the text is no JSON */
export function parse(text) {
  return JSON.parse(text, exact);
}

/** The text of a value; maps are objects, whose names may be any. */
export function write(value) {
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
