/** The cases after the one in hand, fetched with their images before they are shown. */

import { caseAt } from "./cases.js";

const DEPTH = 2;

export class Ahead {
  #images;
  #fetch;
  #cases = new Map();

  /** @param {object} images an ImageStore @param {(url: string) => Promise<object | null>} fetch */
  constructor(images, fetch = caseAt) {
    this.#images = images;
    this.#fetch = fetch;
  }

  /** The case after `item`, once all of it is here; else null. */
  after({ ahead_url: url }) {
    const found = this.#cases.get(url);
    return found?.isWhole ? found.item : null;
  }

  /** Fetch what follows `item`, one case after the other; forget what is older. */
  async prepare(item) {
    for (const [url, { item: held }] of this.#cases) {
      if (held.number <= item.number) this.#cases.delete(url);
    }
    const shown = urlsOf(item);
    this.#images.preload(item.preload, shown);
    try {
      await this.#follow(item, shown);
    } catch {
      // the network is away: what is here is here
    }
  }

  async #follow(item, shown) {
    const wanted = [];
    let last = item;
    for (let step = 0; step < DEPTH && last.ahead_url; step += 1) {
      const next = await this.#caseAt(last.ahead_url);
      if (!next) return;
      wanted.push(...urlsOf(next));
      this.#images.preload(wanted, shown);
      await this.#images.all(urlsOf(next));
      this.#cases.get(last.ahead_url).isWhole = true;
      last = next;
    }
  }

  async #caseAt(url) {
    if (this.#cases.has(url)) return this.#cases.get(url).item;
    const item = await this.#fetch(url);
    if (item) this.#cases.set(url, { item, isWhole: false });
    return item;
  }
}

const urlsOf = ({ images }) => images.map((image) => image.url);
