/** The panes: what each shows, and how. Arithmetic is in transform.js and window.js. */

import { fitView, union } from "./extent.js";
import { extentOfImage } from "./images.js";
import { Pane } from "./pane.js";
import { clampPlace, moveSpan, placeAt, viewShowing } from "./places.js";
import { attachPointers } from "./pointers.js";
import { FIT, panBy, panTowards, pinch, pixelView, zoomAbout } from "./transform.js";
import { FULL, PRESETS, clampWindow, dragWindow } from "./window.js";

const EDGE = 0.02;
/** How much further than a mark a loupe goes with one key. */
const LOUPE_STRIDE = 4;

export class Viewer {
  /**
   * @param {{root: HTMLElement, filters: SVGElement, dragsWindow: () => boolean,
   *   onChange: (viewer: Viewer) => void, draws: () => boolean,
   *   onReveal: (viewer: Viewer) => void, onAttend: (viewer: Viewer) => void,
   *   onStroke: (phase: string, span: object) => void}} parts draws says whether a drag is a
   *   stroke, which is told as a span on an image (see places.js); onReveal is told that images
   *   have been put in place, onAttend that `attended` may have changed
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
    this.full = false;
    this.loupe = null;
    this.pointed = null;
    this.hovered = null;
    new ResizeObserver(() => this.#refit()).observe(root);
  }

  /** Empty panes, one a label, at the default view: nothing of the case before is left. */
  prepare(labels) {
    if (labels.join() !== this.panes.map((pane) => pane.label).join()) this.#build(labels);
    this.clear("waiting");
    Object.assign(this, { active: 0, full: false, loupe: null });
    this.extent = { width: 1, height: 1 };
    this.#showPanes();
    this.#refit();
    this.#change(() => this.#start(), this.panes);
  }

  /** Put every image in place in one go, so that they are painted in the same frame. */
  reveal(images) {
    this.panes.forEach((pane, index) => pane.show(images[index]));
    this.extent = union(images.map(extentOfImage));
    this.#refit();
    this.#tell();
    this.onReveal(this);
  }

  /** Take the images away. @param {"waiting" | "empty"} state what the panes say instead */
  clear(state) {
    for (const pane of this.panes) pane.clear(state);
  }

  fail() {
    this.clear("failed");
  }

  zoom(factor, point) {
    this.#change(({ view }) => ({ view: zoomAbout(view, factor, point) }));
  }

  /** The image, or the loupe where there is one, goes one step. */
  step(direction) {
    if (this.loupe) this.#stepLoupe(direction);
    else this.#change(({ view }) => ({ view: panTowards(view, direction) }));
  }

  fit() {
    this.#change(() => ({ view: this.fitted }));
  }

  /** One pixel of the image on one of the screen. */
  pixels() {
    if (!this.state.image) return;
    this.#change(({ view, image }) => ({
      view: pixelView(view, image.naturalWidth, this.size, devicePixelRatio),
    }));
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
    this.#paintLoupes();
  }

  /** Where the pointer is, else in the middle. @returns {boolean} whether it is on now */
  toggleLoupe() {
    const place = clampPlace(this.pointed ?? this.centre);
    this.loupe = this.loupe ? null : { place, raised: false };
    this.#paintLoupes();
    this.#tell();
    return this.loupe !== null;
  }

  /** Hold the loupe, if it is on, over a place of the image. */
  aim(place, raised = false) {
    if (!this.loupe) return;
    this.loupe = { place: clampPlace(place), raised };
    this.#paintLoupes();
    this.#tell();
  }

  /** One pane takes all the room, or all are shown again. */
  toggleFull(index = this.active) {
    this.full = !this.full;
    this.active = index;
    this.#showPanes();
    this.#refit();
    this.#tell();
    this.state.element.focus();
  }

  /** @returns {boolean} whether a pane had all the room */
  leaveFull() {
    if (!this.full) return false;
    this.toggleFull();
    return true;
  }

  /** @param {{marks: object[], span: object | null}} shown each with the `image` that it is on */
  showMarks(shown) {
    this.shown = shown;
    for (const pane of this.panes) pane.paintMarks(shown, this.size);
  }

  /** Make the pane the active one and give it the keyboard. */
  take(index) {
    if (!(index in this.panes)) return;
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
    return this.state.centre;
  }

  /** Label of the image that the reader is at, or null: the pointer's, else the keyboard's. */
  get attended() {
    if (this.full) return this.state.label;
    const focused = this.panes.find((pane) => pane.element === document.activeElement);
    return this.hovered ?? focused?.label ?? null;
  }

  /** A pixel of the screen in sides of the active image. */
  get pixel() {
    return 1 / (Math.min(this.size.width, this.size.height) * this.state.view.zoom);
  }

  /** The view, window and inversion of the active pane. */
  get state() {
    return this.panes[this.active];
  }

  #stepLoupe(direction) {
    const span = { from: this.loupe.place, to: this.loupe.place };
    const zoom = this.state.view.zoom / LOUPE_STRIDE;
    const { to } = moveSpan(span, direction, { zoom, stretch: false });
    this.aim(to);
    this.keepInSight(to);
  }

  #start() {
    return { view: this.fitted, window: FULL, inverted: false };
  }

  /** Fit anew to the panes' size; what was fitted stays fitted. */
  #refit() {
    if (this.panes.length === 0) return;
    const before = this.fitted;
    const { width, height } = this.state.element.getBoundingClientRect();
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
    const pane = new Pane(label, index, this.filters);
    const activate = () => this.#activate(index);
    pane.element.addEventListener("focus", () => {
      activate();
      this.onAttend(this);
    });
    pane.element.addEventListener("blur", () => this.onAttend(this));
    attachPointers(pane.element, {
      activate,
      pan: (dx, dy) => this.#change(({ view }) => ({ view: panBy(view, dx, dy) })),
      pinch: (from, to) => this.#change(({ view }) => ({ view: pinch(view, from, to) })),
      zoom: (factor, point) => this.zoom(factor, point),
      window: (dx, dy) => this.#change((one) => ({ window: dragWindow(one.window, dx, dy) })),
      dragsWindow: this.dragsWindow,
      draws: this.draws,
      stroke: (phase, point) => this.#stroke(pane, phase, point),
      point: (point, isTouch) => this.#point(pane, index, point, isTouch),
      leave: () => this.#leave(),
      aims: () => this.loupe !== null,
      twice: () => this.toggleFull(index),
    });
    return pane;
  }

  #stroke(pane, phase, point) {
    const to = placeAt(pane.view, point);
    if (phase === "start") pane.from = to;
    this.onStroke(phase, { image: pane.label, from: pane.from, to });
  }

  /** Unlinked, the loupe is on the pane that the pointer is on. */
  #point(pane, index, point, isTouch) {
    this.pointed = placeAt(pane.view, point);
    if (this.hovered !== pane.label) {
      this.hovered = pane.label;
      this.onAttend(this);
    }
    if (!this.loupe) return;
    this.#activate(index);
    this.aim(this.pointed, isTouch);
  }

  #leave() {
    this.pointed = null;
    this.hovered = null;
    this.onAttend(this);
  }

  #activate(index) {
    if (this.active === index) return;
    this.active = index;
    this.#showPanes();
    this.#paintLoupes();
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
    pane.paint(this.size, this.fitted);
    pane.paintMarks(this.shown, this.size);
    this.#paintLoupe(pane);
  }

  #paintLoupe(pane) {
    const isHere = this.linked || pane === this.state;
    pane.paintLoupe(isHere ? this.loupe : null, this.size);
  }

  #paintLoupes() {
    for (const pane of this.panes) this.#paintLoupe(pane);
  }

  #showPanes() {
    this.panes.forEach((pane, index) => {
      pane.element.hidden = this.full && index !== this.active;
    });
  }

  #tell() {
    this.panes.forEach((pane, index) => {
      pane.element.classList.toggle("is-active", !this.linked && index === this.active);
    });
    this.onChange(this);
  }
}
