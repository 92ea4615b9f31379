/** The panes: what each shows, and how. Arithmetic is in transform.js and window.js. */

import { cloneOf, text } from "../rating/page.js";
import { extentOf, fitView, union } from "./extent.js";
import { Overlay } from "./overlay.js";
import { placeAt, viewShowing } from "./places.js";
import { attachPointers } from "./pointers.js";
import { svg } from "./svg.js";
import { FIT, ZOOM_STEP, panBy, panTowards, pinch, toCss, zoomAbout } from "./transform.js";
import { FULL, PRESETS, clampWindow, dragWindow, isFull, transfer } from "./window.js";

const SAMPLE = 64;
const EDGE = 0.02;

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

function extentOfImage(image) {
  const canvas = new OffscreenCanvas(SAMPLE, SAMPLE).getContext("2d");
  canvas.drawImage(image, 0, 0, SAMPLE, SAMPLE);
  return extentOf(canvas.getImageData(0, 0, SAMPLE, SAMPLE).data, SAMPLE);
}

export class Viewer {
  /**
   * @param {{root: HTMLElement, filters: SVGElement, dragsWindow: () => boolean,
   *   onChange: (viewer: Viewer) => void, draws: () => boolean,
   *   onStroke: (phase: string, span: object) => void}} parts draws says whether a drag is a
   *   stroke, which is told as a span on an image (see places.js)
   */
  constructor(parts) {
    Object.assign(this, parts);
    const { root } = parts;
    this.panes = [];
    this.linked = true;
    this.active = 0;
    this.fitted = FIT;
    this.size = { width: 0, height: 0 };
    this.shown = { marks: [], span: null };
    new ResizeObserver(() => this.#refit()).observe(root);
  }

  /** Empty panes, one a label, at the default view: nothing of the case before is left. */
  prepare(labels) {
    if (labels.join() !== this.panes.map((pane) => pane.label).join()) this.#build(labels);
    this.clear("waiting");
    this.active = 0;
    this.extent = { width: 1, height: 1 };
    this.#refit();
    this.#change(() => this.#start(), this.panes);
  }

  /** Put every image in place in one go, so that they are painted in the same frame. */
  reveal(images) {
    this.extent = union(images.map(extentOfImage));
    this.#refit();
    this.panes.forEach((pane, index) => {
      const image = images[index];
      image.alt = text("image", { label: pane.label });
      pane.image = image;
      pane.slot.replaceChildren(image);
      pane.element.dataset.state = "shown";
      this.#paint(pane);
    });
  }

  /** Take the images away. @param {"waiting" | "empty"} state what the panes say instead */
  clear(state) {
    for (const pane of this.panes) {
      pane.slot.replaceChildren();
      pane.image = null;
      pane.element.dataset.state = state;
    }
  }

  fail() {
    for (const pane of this.panes) pane.element.dataset.state = "failed";
  }

  zoomIn() {
    this.zoom(ZOOM_STEP);
  }

  zoomOut() {
    this.zoom(1 / ZOOM_STEP);
  }

  zoom(factor, point) {
    this.#change(({ view }) => ({ view: zoomAbout(view, factor, point) }));
  }

  step(direction) {
    this.#change(({ view }) => ({ view: panTowards(view, direction) }));
  }

  fit() {
    this.#change(() => ({ view: this.fitted }));
  }

  reset() {
    this.#change(() => this.#start());
  }

  invert() {
    this.#change(({ inverted }) => ({ inverted: !inverted }));
  }

  /** @param {number} number 1 to 4 */
  preset(number) {
    this.#change(() => ({ window: PRESETS[number - 1] }));
  }

  setWindow(part) {
    this.#change(({ window }) => ({ window: clampWindow({ ...window, ...part }) }));
  }

  /** Linking again gives every pane what the active one has. */
  link() {
    this.linked = !this.linked;
    const { view, window, inverted } = this.state;
    this.#change(() => ({ view, window, inverted }));
  }

  /** @param {{marks: object[], span: object | null}} shown each with the `image` that it is on */
  showMarks(shown) {
    this.shown = shown;
    for (const pane of this.panes) this.#paintMarks(pane);
  }

  /** Make the pane the active one and give it the keyboard. */
  take(index) {
    this.#activate(index);
    this.state.element.focus();
  }

  /** Move the active image, if need be, until a place of it is seen. */
  keepInSight(place) {
    const { width, height } = this.size;
    const fit = Math.min(width, height);
    const reach = { x: width / fit / 2 - EDGE, y: height / fit / 2 - EDGE };
    const view = viewShowing(this.state.view, place, reach);
    if (view === this.state.view) return;
    const [dx, dy] = [view.x - this.state.view.x, view.y - this.state.view.y];
    this.#change((pane) => ({ view: panBy(pane.view, dx, dy) }));
  }

  /** What lies in the middle of the active pane. */
  get centre() {
    return placeAt(this.state.view, { x: 0, y: 0 });
  }

  /** A pixel of the screen in sides of the active image. */
  get pixel() {
    return 1 / (Math.min(this.size.width, this.size.height) * this.state.view.zoom);
  }

  /** The view, window and inversion of the active pane. */
  get state() {
    return this.panes[this.active];
  }

  #start() {
    return { view: this.fitted, window: FULL, inverted: false };
  }

  /** Fit anew to the panes' size; what was fitted stays fitted. */
  #refit() {
    if (this.panes.length === 0) return;
    const before = this.fitted;
    const { width, height } = this.panes[0].element.getBoundingClientRect();
    this.size = { width, height };
    this.fitted = fitView(this.extent, this.size);
    for (const pane of this.panes) {
      if (pane.view === before) pane.view = this.fitted;
      if (pane.view) this.#paint(pane);
    }
  }

  #build(labels) {
    this.filters.replaceChildren();
    this.panes = labels.map((label, index) => this.#makePane(label, index));
    this.root.replaceChildren(...this.panes.map((pane) => pane.element));
    this.root.dataset.panes = labels.length;
  }

  #makePane(label, index) {
    const element = cloneOf("pane-template");
    const { filter, functions } = makeFilter(`window-${index}`);
    this.filters.append(filter);
    element.setAttribute("aria-label", text("image", { label }));
    element.querySelector(".pane-label").textContent = label;
    const activate = () => this.#activate(index);
    element.addEventListener("focus", activate);
    attachPointers(element, {
      activate,
      pan: (dx, dy) => this.#change(({ view }) => ({ view: panBy(view, dx, dy) })),
      pinch: (from, to) => this.#change(({ view }) => ({ view: pinch(view, from, to) })),
      zoom: (factor, point) => this.zoom(factor, point),
      window: (dx, dy) => this.#change((pane) => ({ window: dragWindow(pane.window, dx, dy) })),
      dragsWindow: this.dragsWindow,
      draws: this.draws,
      stroke: (phase, point) => this.#stroke(this.panes[index], phase, point),
    });
    const readout = element.querySelector(".pane-readout");
    const slot = element.querySelector(".pane-slot");
    const overlay = new Overlay(element.querySelector(".pane-marks"));
    return { label, element, slot, overlay, readout, functions, filterId: filter.id, image: null };
  }

  #stroke(pane, phase, point) {
    const to = placeAt(pane.view, point);
    if (phase === "start") pane.from = to;
    this.onStroke(phase, { image: pane.label, from: pane.from, to });
  }

  #activate(index) {
    if (this.active === index) return;
    this.active = index;
    this.#tell();
  }

  #change(update, panes = this.linked ? this.panes : [this.state]) {
    for (const pane of panes) {
      Object.assign(pane, update(pane));
      this.#paint(pane);
    }
    this.#tell();
  }

  #paint(pane) {
    const { view, window, inverted } = pane;
    const plain = isFull(window) && !inverted;
    const { slope, intercept } = transfer(window, inverted);
    for (const element of pane.functions) {
      element.setAttribute("slope", slope);
      element.setAttribute("intercept", intercept);
    }
    if (pane.image) {
      pane.image.style.transform = toCss(view);
      pane.image.style.filter = plain ? "none" : `url("#${pane.filterId}")`;
    }
    const values = {
      zoom: Math.round((view.zoom / this.fitted.zoom) * 100),
      width: Math.round(window.width),
      level: Math.round(window.level),
    };
    const untouched = isFull(window) && view.zoom === this.fitted.zoom;
    pane.readout.textContent = untouched ? "" : text("readout", values);
    this.#paintMarks(pane);
  }

  #paintMarks(pane) {
    const isHere = (one) => pane.image !== null && one?.image === pane.label;
    const { marks, span } = this.shown;
    const here = { marks: marks.filter(isHere), span: isHere(span) ? span : null };
    pane.overlay.draw(here, pane.view, this.size);
  }

  #tell() {
    this.panes.forEach((pane, index) => {
      pane.element.classList.toggle("is-active", !this.linked && index === this.active);
    });
    this.onChange(this);
  }
}
