/** Finding a defect by the first letters of one of its words. Pure. */

const PAUSE_MS = 1000;

const wordsOf = (words) => words.toLowerCase().split(/[^\p{L}\p{N}]+/u);

function begins(words, typed) {
  return wordsOf(words).some((word) => word.startsWith(typed));
}

/**
 * The next of `tags` after `from` with a word that begins with what was typed: in its label, else
 * in the name of its group. A single letter goes on from the last find, more letters narrow it.
 * @returns {number} -1 when there is none
 */
export function findTag(tags, typed, from) {
  const start = typed.length > 1 ? Math.max(from, 0) : from + 1;
  const order = tags.map((_, step) => (start + step) % tags.length);
  for (const part of ["label", "group"]) {
    const found = order.find((index) => begins(tags[index][part], typed));
    if (found !== undefined) return found;
  }
  return -1;
}

/** What was typed without a pause; the same letter again and again stays one letter. */
export class Typed {
  #letters = "";
  #last = -Infinity;

  add(letter, now) {
    if (now - this.#last > PAUSE_MS) this.#letters = "";
    this.#last = now;
    this.#letters += letter.toLowerCase();
    return new Set(this.#letters).size === 1 ? this.#letters[0] : this.#letters;
  }
}
