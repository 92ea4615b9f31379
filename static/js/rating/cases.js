/** Cases within the page: asked for as JSON at the address that gives a browser the page. */

import { answersByField } from "./sheet.js";

/** A case as the server gives it, its answers by field instead of as a list. */
export function readCase(given) {
  return { ...given, answers: answersByField(given.answers) };
}

/**
 * @returns {Promise<object | null>} null when the address is no open case (a page, a login);
 *   fails when the server cannot be reached
 */
export async function caseAt(url) {
  const response = await fetch(url, {
    headers: { Accept: "application/json" },
    credentials: "same-origin",
  });
  if (response.status >= 500) throw new Error(`The server answered ${response.status}.`);
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  if (!response.ok || response.redirected || !isJson) return null;
  return readCase(await response.json());
}
