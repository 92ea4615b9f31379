/** The panes: what each shows, and how. Arithmetic is in transform.js and window.js. */

import { cloneOf, text } from "../rating/page.js";
import { extentOf, fitView, union } from "./extent.js";
import { attachPointers } from "./pointers.js";
import { FIT, ZOOM_STEP, panBy, panTowards, pinch, toCss, zoomAbout } from "./transform.js";
import { FULL, PRESETS, clampWindow, dragWindow, isFull, transfer } from "./window.js";

const SVG = "http://www.w3.org/2000/svg";
const SAMPLE = 64;

function svg(name, attributes = {}) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

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
   *   onChange: (viewer: Viewer) => void}} parts
   */
  constructor({ root, filters, dragsWindow, onChange }) {
    this.root = root;
    this.filters = filters;
    this.onChange = onChange;
    this.panes = [];
    this.linked = true;
    this.active = 0;
    this.dragsWindow = dragsWindow;
    this.fitted = FIT;
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
    this.fitted = fitView(this.extent, this.panes[0].element.getBoundingClientRect());
    for (const pane of this.panes.filter(({ view }) => view === before)) {
      pane.view = this.fitted;
      this.#paint(pane);
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
    });
    const readout = element.querySelector(".pane-readout");
    const slot = element.querySelector(".pane-slot");
    return { label, element, slot, readout, functions, filterId: filter.id, image: null };
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
  }

  #tell() {
    this.panes.forEach((pane, index) => {
      pane.element.classList.toggle("is-active", !this.linked && index === this.active);
    });
    this.onChange(this);
  }
}
