/** One reader's tabs in this browser, told what the others do. */

export class Tabs {
  #channel;
  #listeners = new Map();

  constructor(readerKey) {
    if (!globalThis.BroadcastChannel) return;
    this.#channel = new BroadcastChannel(`radrate:${readerKey}`);
    this.#channel.onmessage = ({ data }) => this.#listeners.get(data.name)?.(data.value);
  }

  say(name, value = null) {
    this.#channel?.postMessage({ name, value });
  }

  /** @param {(value: any) => void} listener one a name */
  listen(name, listener) {
    this.#listeners.set(name, listener);
  }
}
