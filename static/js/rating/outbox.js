/** The rating under way: one at a time, told at the top of the page until the server has it. */

import { Patience, send } from "./saver.js";

export class Outbox {
  #patience = new Patience();
  #waiting = false;

  /** @param {{frame: object, csrfToken: string}} parts frame tells the state of saving */
  constructor({ frame, csrfToken }) {
    this.frame = frame;
    this.csrfToken = csrfToken;
    /** The request under way, or null. */
    this.payload = null;
  }

  /** Try at once, if the next attempt is being waited for. */
  hurry() {
    if (this.#waiting) this.#patience.wake();
  }

  /** @returns {Promise<{kind: string}>} the server's answer, see saver.js */
  async post(url, payload) {
    this.payload = payload;
    this.frame.showSave("sending");
    const onWaiting = () => {
      this.#waiting = true;
      this.frame.showSave("waiting");
    };
    const request = { url, csrfToken: this.csrfToken, payload };
    const result = await send(request, { patience: this.#patience, onWaiting });
    this.#waiting = false;
    this.payload = null;
    this.frame.showSave(result.kind === "saved" ? "saved" : "failed");
    return result;
  }
}
