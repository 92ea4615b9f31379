/** Settings of this browser. Answers are kept elsewhere, see database.js. */

const FORMER_DRAFTS = "radrate:draft:";

/** @returns {Storage | null} null where the browser forbids it */
export function browserStorage() {
  try {
    const { localStorage } = globalThis;
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(FORMER_DRAFTS)) localStorage.removeItem(key);
    }
    return localStorage;
  } catch {
    return null;
  }
}
