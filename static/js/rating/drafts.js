/**
 * Answers that the server does not have yet, kept in this browser under the reader and the case.
 *
 * A draft is {revision, answers, comment, elapsed_ms, sending}: the revision that it began from,
 * and the request under way, if one is.
 */

import { sameAnswers } from "./sheet.js";

const PREFIX = "radrate:draft:";

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

  /** @param {Storage | null} storage @param {string} readerKey drafts of other readers are removed */
  constructor(storage, readerKey) {
    this.#storage = storage;
    this.#own = `${PREFIX}${readerKey}:`;
    for (const key of this.#keys()) if (!key.startsWith(this.#own)) storage.removeItem(key);
  }

  /** @returns {boolean} false when the browser keeps nothing (storage full or turned off) */
  put(token, draft) {
    if (!this.#storage) return false;
    try {
      this.#storage.setItem(this.#own + token, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  get(token) {
    const stored = this.#storage?.getItem(this.#own + token);
    return stored ? JSON.parse(stored) : null;
  }

  remove(token) {
    this.#storage?.removeItem(this.#own + token);
  }

  #keys() {
    const indices = Array.from({ length: this.#storage?.length ?? 0 }, (_, index) => index);
    return indices.map((index) => this.#storage.key(index)).filter((key) => key.startsWith(PREFIX));
  }
}

const isEmpty = ({ answers, comment }) => Object.keys(answers).length === 0 && comment === "";

/**
 * What to show of a case that has a draft: "saved" (the draft adds nothing), "draft", or
 * "conflict" (other answers were saved since the draft began).
 */
export function reconcile(draft, { revision, answers, comment }) {
  if (!draft || isEmpty(draft)) return "saved";
  const same = sameAnswers(draft.answers, answers) && draft.comment === comment;
  if (same) return "saved";
  return draft.revision === revision ? "draft" : "conflict";
}
