/** One pane: an image with its marks, its loupe and its readout. */

import { cloneOf, text } from "../rating/page.js";
import { Loupe } from "./loupe.js";
import { Overlay } from "./overlay.js";
import { placeAt } from "./places.js";
import { svg } from "./svg.js";
import { toCss } from "./transform.js";
import { isFull, transfer } from "./window.js";

function makeFilter(id) {
  const filter = svg("filter", { id, x: 0, y: 0, width: 1, height: 1 });
  filter.setAttribute("color-interpolation-filters", "sRGB");
  const transferElement = svg("feComponentTransfer");
  const functions = ["R", "G", "B"].map((channel) =>
    svg(`feFunc${channel}`, { type: "linear", slope: 1, intercept: 0 }),
  );
  transferElement.append(...functions);
  filter.append(transferElement);
  return { filter, functions };
}

export class Pane {
  /** @param {string} label @param {number} index @param {SVGElement} filters takes its filter */
  constructor(label, index, filters) {
    const element = cloneOf("pane-template");
    const { filter, functions } = makeFilter(`window-${index}`);
    filters.append(filter);
    element.setAttribute("aria-label", text("image", { label }));
    element.querySelector(".pane-label").textContent = label;
    Object.assign(this, { label, element, functions, filterId: filter.id, image: null });
    this.slot = element.querySelector(".pane-slot");
    this.readout = element.querySelector(".pane-readout");
    this.overlay = new Overlay(element.querySelector(".pane-marks"));
    this.loupe = new Loupe(element.querySelector(".pane-loupe"));
  }

  show(image) {
    image.alt = text("image", { label: this.label });
    this.image = image;
    this.slot.replaceChildren(image);
    this.element.dataset.state = "shown";
  }

  /** @param {"waiting" | "empty" | "failed"} state what the pane says instead of an image */
  clear(state) {
    this.slot.replaceChildren();
    this.image = null;
    this.loupe.hide();
    this.element.dataset.state = state;
  }

  /** Screen pixels that a pixel of the image takes. @param {{width: number, height: number}} size */
  scale({ width, height }) {
    const natural = this.image?.naturalWidth ?? 1;
    return (Math.min(width, height) * this.view.zoom * devicePixelRatio) / natural;
  }

  /** What lies in the middle of the pane. */
  get centre() {
    return placeAt(this.view, { x: 0, y: 0 });
  }

  /** @param {{zoom: number}} fitted the view at which nothing need be told */
  paint(size, fitted) {
    const { view, window, inverted } = this;
    const plain = isFull(window) && !inverted;
    const { slope, intercept } = transfer(window, inverted);
    for (const element of this.functions) {
      element.setAttribute("slope", slope);
      element.setAttribute("intercept", intercept);
    }
    if (this.image) {
      this.image.style.transform = toCss(view, this.image.naturalWidth, size);
      this.image.style.filter = plain ? "none" : `url("#${this.filterId}")`;
    }
    const values = {
      zoom: Math.round(this.scale(size) * 100),
      width: Math.round(window.width),
      level: Math.round(window.level),
    };
    const untouched = isFull(window) && view.zoom === fitted.zoom;
    this.readout.textContent = untouched || !this.image ? "" : text("readout", values);
  }

  /** @param {{marks: object[], span: object | null}} shown on any pane; each says its image */
  paintMarks({ marks, span }, size) {
    const isHere = (one) => this.image !== null && one?.image === this.label;
    const here = { marks: marks.filter(isHere), span: isHere(span) ? span : null };
    this.overlay.draw(here, this.view, size);
  }

  /** @param {{place: object, raised: boolean} | null} loupe null where it is off */
  paintLoupe(loupe, size) {
    if (loupe && this.image) this.loupe.show(loupe, this.image, this.view, size);
    else this.loupe.hide();
  }
}
