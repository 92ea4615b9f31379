/**
 * The sheet in hand, kept in this browser under the reader and the case.
 *
 * A draft is {revision, answers, comment, marks, reason, watch, at}: the revision that it began
 * from, what was answered, the state of its stopwatch and when it was kept.
 */

import { isEmpty, sameContents } from "./sheet.js";

export class Drafts {
  #database;
  #reader;

  /** @param {object} database see database.js @param {string} readerKey whose drafts these are */
  constructor(database, readerKey) {
    this.#database = database;
    this.#reader = readerKey;
  }

  /** @returns {Promise<boolean>} false when the browser keeps nothing (full or turned off) */
  async put(token, draft) {
    const record = { ...draft, reader: this.#reader, token, at: Date.now() };
    try {
      await this.#database.write([["drafts", "put", record]]);
      return this.#database.persists;
    } catch {
      return false;
    }
  }

  get(token) {
    return this.#database.get("drafts", [this.#reader, token]).catch(() => null);
  }

  remove(token) {
    const gone = ["drafts", "delete", [this.#reader, token]];
    return this.#database.write([gone]).catch(() => {});
  }
}

/**
 * What to show of a case that has a draft: "saved" (the draft adds nothing), "draft", or
 * "conflict" (other answers were saved since the draft began).
 */
export function reconcile(draft, saved) {
  if (!draft || isEmpty(draft)) return "saved";
  if (sameContents(draft, saved)) return "saved";
  return draft.revision === saved.revision ? "draft" : "conflict";
}
