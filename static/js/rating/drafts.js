/**
 * Answers that the server does not have yet, kept in this browser under the reader and the case.
 *
 * A draft is {revision, answers, comment, marks, elapsed_ms, sending}: the revision that it began
 * from, and the request under way, if one is.
 */

import { isEmpty, sameContents } from "./sheet.js";

const PREFIX = "radrate:draft:";
const KEPT_FOR_OTHERS_MS = 7 * 24 * 3600 * 1000;

/** @returns {Storage | null} null where the browser forbids it */
export function browserStorage() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

export class Drafts {
  #storage;
  #own;

  /**
   * Drafts of other readers of this computer are never shown; after a week they are removed.
   * @param {Storage | null} storage @param {string} readerKey
   */
  constructor(storage, readerKey, now = Date.now()) {
    this.#storage = storage;
    this.#own = `${PREFIX}${readerKey}:`;
    const others = this.#keys().filter((key) => !key.startsWith(this.#own));
    const isFresh = (key) => JSON.parse(storage.getItem(key)).at > now - KEPT_FOR_OTHERS_MS;
    for (const key of others) if (!isFresh(key)) storage.removeItem(key);
  }

  /** @returns {boolean} false when the browser keeps nothing (storage full or turned off) */
  put(token, draft) {
    if (!this.#storage) return false;
    try {
      this.#storage.setItem(this.#own + token, JSON.stringify({ ...draft, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  get(token) {
    const stored = this.#storage?.getItem(this.#own + token);
    if (!stored) return null;
    const { at: _at, ...draft } = JSON.parse(stored);
    return { marks: [], ...draft };
  }

  remove(token) {
    this.#storage?.removeItem(this.#own + token);
  }

  #keys() {
    const indices = Array.from({ length: this.#storage?.length ?? 0 }, (_, index) => index);
    return indices.map((index) => this.#storage.key(index)).filter((key) => key.startsWith(PREFIX));
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
