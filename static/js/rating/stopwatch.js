/**
 * Time spent on a case, by a monotonic clock. Pauses are taken out and kept: while the page could
 * not be seen ("hidden") and, after a minute without input, until the next ("idle"). Pure.
 *
 * A pause is {after_ms, ms, why}: the time spent before it, and how long it was.
 */

const IDLE_MS = 60_000;
const MOST_PAUSES = 100;

export class Stopwatch {
  #clock;
  #before;
  #since = null;
  #lastInput = null;
  #hiddenSince = null;

  /**
   * @param {() => number} clock milliseconds that never go back
   * @param {{elapsed_ms: number, pauses: object[]}} before what was counted already
   */
  constructor(clock, { elapsed_ms = 0, pauses = [] } = {}) {
    this.#clock = clock;
    this.#before = elapsed_ms;
    this.pauses = [...pauses];
  }

  /** The images can be seen. */
  run() {
    const now = this.#clock();
    if (this.#hiddenSince !== null) this.add("hidden", now - this.#hiddenSince);
    this.#hiddenSince = null;
    this.#since ??= now;
    this.#lastInput = now;
  }

  /** The page is hidden. */
  pause() {
    if (this.#since === null) return;
    this.touch();
    this.#before = this.#exact;
    this.#since = null;
    this.#hiddenSince = this.#clock();
  }

  /** There was input: somebody is there. */
  touch() {
    if (this.#since === null) return;
    const now = this.#clock();
    const idle = this.#idle;
    this.#before = this.#exact;
    this.#since = now;
    this.#lastInput = now;
    this.add("idle", idle);
  }

  /** Keep a pause that was measured elsewhere. Past the hundredth they are counted into the last. */
  add(why, milliseconds) {
    const ms = Math.round(milliseconds);
    if (ms <= 0) return;
    if (this.pauses.length < MOST_PAUSES) {
      this.pauses.push({ after_ms: this.elapsed, ms, why });
      return;
    }
    const last = this.pauses.at(-1);
    this.pauses[MOST_PAUSES - 1] = { ...last, ms: last.ms + ms };
  }

  /** Whole milliseconds. */
  get elapsed() {
    return Math.round(this.#exact);
  }

  /** What a later stopwatch goes on from. */
  get state() {
    return { elapsed_ms: this.elapsed, pauses: [...this.pauses] };
  }

  get #exact() {
    const running = this.#since === null ? 0 : this.#clock() - this.#since - this.#idle;
    return this.#before + running;
  }

  get #idle() {
    return Math.max(0, this.#clock() - this.#lastInput - IDLE_MS);
  }
}
