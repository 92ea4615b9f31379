/** A round glass over one pane, in which what lies under it is seen larger. */

import { pointAt } from "./places.js";

export const MAGNIFICATION = 3;
const DIAMETER = 220;
/** Above a finger, which would cover it. */
const RAISED = 84;

/**
 * The square of the image, in its own pixels, that fills the glass. Pure.
 * @param {{x: number, y: number}} place its middle @param {number} natural side of the image
 * @param {number} shown CSS pixels that the image's side takes in the pane
 * @param {number} diameter of the glass in CSS pixels
 */
export function seenThrough(place, natural, shown, diameter) {
  const side = (diameter * natural) / (shown * MAGNIFICATION);
  return { x: place.x * natural - side / 2, y: place.y * natural - side / 2, side };
}

export class Loupe {
  /** @param {HTMLCanvasElement} canvas lies over the pane */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
  }

  hide() {
    this.canvas.hidden = true;
  }

  /**
   * @param {{place: object, raised: boolean}} loupe @param {HTMLImageElement} image
   * @param {{zoom: number, x: number, y: number}} view @param {{width: number, height: number}} size
   */
  show({ place, raised }, image, view, size) {
    const fit = Math.min(size.width, size.height);
    const diameter = Math.min(DIAMETER, Math.round(fit * 0.7));
    const { x, y } = pointAt(view, place);
    const left = size.width / 2 + x * fit - diameter / 2;
    const top = size.height / 2 + y * fit - diameter / 2 - (raised ? RAISED : 0);
    this.canvas.hidden = false;
    this.canvas.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    this.canvas.style.filter = image.style.filter;
    this.#draw(seenThrough(place, image.naturalWidth, fit * view.zoom, diameter), image, diameter);
  }

  #draw({ x, y, side }, image, diameter) {
    const pixels = Math.round(diameter * devicePixelRatio);
    if (this.canvas.width !== pixels) {
      this.canvas.width = pixels;
      this.canvas.height = pixels;
      this.canvas.style.width = `${diameter}px`;
      this.canvas.style.height = `${diameter}px`;
    }
    this.context.fillStyle = "#000";
    this.context.fillRect(0, 0, pixels, pixels);
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(image, x, y, side, side, 0, 0, pixels, pixels);
  }
}
