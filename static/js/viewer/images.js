/**
 * Images decoded before they are needed. The answers are no-store, so the elements themselves are
 * kept and moved into the panes: an image is fetched once.
 */

async function decoded(url) {
  const image = new Image();
  image.decoding = "sync";
  image.draggable = false;
  image.src = url;
  await image.decode();
  return image;
}

export class ImageStore {
  #held = new Map();

  /** @returns {Promise<HTMLImageElement>} fails when the image cannot be fetched or decoded */
  #get(url) {
    if (!this.#held.has(url)) {
      const loading = decoded(url);
      loading.catch(() => this.#held.delete(url));
      this.#held.set(url, loading);
    }
    return this.#held.get(url);
  }

  /** All of them decoded, or an error: never some. */
  all(urls) {
    return Promise.all(urls.map((url) => this.#get(url)));
  }

  /** Begin to load these and forget every other image but those of `shown`. */
  preload(urls, shown) {
    const wanted = new Set([...urls, ...shown]);
    for (const url of this.#held.keys()) if (!wanted.has(url)) this.#held.delete(url);
    this.all(urls).catch(() => {});
  }
}
