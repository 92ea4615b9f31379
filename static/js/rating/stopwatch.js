/** Time spent on a case, by a monotonic clock, without the time in which the page was hidden. */
export class Stopwatch {
  #clock;
  #before;
  #since = null;

  /** @param {() => number} clock milliseconds that never go back @param {number} before */
  constructor(clock, before = 0) {
    this.#clock = clock;
    this.#before = before;
  }

  run() {
    this.#since ??= this.#clock();
  }

  pause() {
    this.#before = this.elapsed;
    this.#since = null;
  }

  /** Whole milliseconds. */
  get elapsed() {
    const running = this.#since === null ? 0 : this.#clock() - this.#since;
    return Math.round(this.#before + running);
  }
}
