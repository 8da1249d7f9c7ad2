// Gives columns their custom types, one request each, once the table is as it should be (UI-36).
import { post } from "../edit/exchange.js";

/**
 * @param {string} tableUrl of the table's page
 * @param {{column: string, type: string | null, config?: object | null}[]} types null takes a type away
 * @param {string} done what has happened already, such as "Created table"
 * @throws {Error} at the first that fails, with what the server said
 */
export async function setCustomTypes(tableUrl, types, done) {
  const url = new URL(tableUrl, location.href);
  url.search = "";
  url.hash = "";
  url.pathname = `${url.pathname.replace(/\/$/, "")}/-/set-column-type`;
  for (const { column, type, config } of types) {
    const column_type = config ? { type, config } : type && { type };
    try {
      await post(url.href, { column, column_type });
    } catch (error) {
      throw new Error(`${done}, but could not set custom type for ${column}: ${error.message}`);
    }
  }
}
