/**
 * Images decoded before they are needed. The answers are no-store, so the page keeps them itself:
 * each is fetched once as a blob, decoded, moved into its pane, and its address revoked after use.
 */

import { extentOf } from "./extent.js";

const SAMPLE = 64;
const extents = new WeakMap();

/** How much of the image holds picture, measured once, see extent.js. */
export function extentOfImage(image) {
  if (!extents.has(image)) {
    const canvas = new OffscreenCanvas(SAMPLE, SAMPLE).getContext("2d");
    canvas.drawImage(image, 0, 0, SAMPLE, SAMPLE);
    extents.set(image, extentOf(canvas.getImageData(0, 0, SAMPLE, SAMPLE).data, SAMPLE));
  }
  return extents.get(image);
}

async function fetched(url, signal) {
  const response = await fetch(url, { credentials: "same-origin", signal });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.blob();
}

async function decoded(address) {
  const image = new Image();
  image.decoding = "sync";
  image.draggable = false;
  image.src = address;
  await image.decode();
  extentOfImage(image); // now, so that showing it takes no time
  return image;
}

/** One image on its way, or there. */
class Held {
  #abandon = new AbortController();
  #address = null;

  constructor(url) {
    this.loading = this.#load(url);
  }

  async #load(url) {
    const { signal } = this.#abandon;
    try {
      const blob = await fetched(url, signal);
      signal.throwIfAborted();
      this.#address = URL.createObjectURL(blob);
      return await decoded(this.#address);
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  drop() {
    this.#abandon.abort();
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = null;
  }
}

export class ImageStore {
  #held = new Map();

  /** @returns {Promise<HTMLImageElement>} fails when the image cannot be fetched or decoded */
  #get(url) {
    if (!this.#held.has(url)) {
      const held = new Held(url);
      this.#held.set(url, held);
      held.loading.catch(() => {
        if (this.#held.get(url) === held) this.#held.delete(url);
      });
    }
    return this.#held.get(url).loading;
  }

  /** All of them decoded, or an error: never some. */
  all(urls) {
    return Promise.all(urls.map((url) => this.#get(url)));
  }

  /** Begin to load these, and drop every other image but those of `shown`. */
  preload(urls, shown) {
    const wanted = new Set([...urls, ...shown]);
    for (const [url, held] of this.#held) {
      if (wanted.has(url)) continue;
      this.#held.delete(url);
      held.drop();
    }
    this.all(urls).catch(() => {});
  }
}
