// What the text of a field means as a value, by the kind of value that was there (UI-20).

/** Bytes as the JSON API writes them. */
export const bytesValue = (encoded) => ({ $base64: true, encoded });

export function isBytes(value) {
  return (
    value !== null &&
    typeof value === "object" &&
    value.$base64 === true &&
    typeof value.encoded === "string" &&
    Object.keys(value).length === 2
  );
}

/** `binary`, `null`, `number`, `boolean` or `string`. */
export function kindOf(value) {
  if (value === null || value === undefined) {
    return "null";
  }
  if (isBytes(value)) {
    return "binary";
  }
  const type = typeof value === "bigint" ? "number" : typeof value;
  return type === "number" || type === "boolean" ? type : "string";
}

/** A value as a field shows it. */
export function textOf(value) {
  if (value === null || value === undefined) {
    return "";
  }
  if (isBytes(value)) {
    return value.encoded;
  }
  return typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
}

function number(name, text) {
  const trimmed = text.trim();
  if (!trimmed) {
    return null;
  }
  const value = Number(trimmed);
  if (!Number.isFinite(value)) {
    throw new Error(`${name} must be a number`);
  }
  // A rounded integer is another one.
  return /^[+-]?\d+$/.test(trimmed) && !Number.isSafeInteger(value) ? BigInt(trimmed) : value;
}

function boolean(name, text) {
  const trimmed = text.trim();
  if (/^(true|1|yes)$/i.test(trimmed)) {
    return true;
  }
  if (/^(false|0|no)$/i.test(trimmed)) {
    return false;
  }
  throw new Error(`${name} must be true or false`);
}

/** @throws {Error} when the text is no value of the kind */
export function valueOf(name, text, kind) {
  switch (kind) {
    case "binary":
      return bytesValue(text);
    case "null":
      return text === "" ? null : text;
    case "number":
      return number(name, text);
    case "boolean":
      return boolean(name, text);
    default:
      return text;
  }
}

/** Whether both are the same value; bytes are compared by what they hold. */
export function isSame(left, right) {
  return left === right || (isBytes(left) && isBytes(right) && left.encoded === right.encoded);
}
