/**
 * The marks over one pane. They are drawn in pixels of the screen, each line over a dark halo, so
 * that they are as thin at any zoom and seen on black and on white.
 */

import { svg } from "./svg.js";
import { pointAt } from "./places.js";

const RING = 9;
const CROSS = [5, 15];
const LETTER = 13;

/** A shape twice: the halo, and the line over it. */
function outlined(name, attributes) {
  return ["mark-halo", "mark-line"].map((kind) => svg(name, { ...attributes, class: kind }));
}

function crossAt({ x, y }) {
  const [near, far] = CROSS;
  const arms = [`M${x - far} ${y}H${x - near}`, `M${x + near} ${y}H${x + far}`];
  arms.push(`M${x} ${y - far}V${y - near}`, `M${x} ${y + near}V${y + far}`);
  return outlined("path", { d: arms.join("") });
}

export class Overlay {
  /** @param {SVGElement} root covers the pane */
  constructor(root) {
    this.root = root;
  }

  /**
   * @param {{marks: object[], span: object | null}} shown marks with their number, and whether
   *   they are `current`; the span that is being placed
   * @param {{zoom: number, x: number, y: number}} view
   * @param {{width: number, height: number}} size of the pane in pixels
   */
  draw({ marks, span }, view, size) {
    this.fit = Math.min(size.width, size.height);
    this.toPixels = (place) => {
      const { x, y } = pointAt(view, place);
      return { x: size.width / 2 + x * this.fit, y: size.height / 2 + y * this.fit };
    };
    this.pixelsPerSide = this.fit * view.zoom;
    const drawn = marks.map((mark) => this.#mark(mark));
    if (span) drawn.push(this.#span(span));
    this.root.replaceChildren(...drawn);
  }

  #mark(mark) {
    const group = svg("g", { class: mark.current ? "mark is-current" : "mark" });
    if (mark.shape === "outline") {
      group.append(...this.#outline(mark));
      return group;
    }
    const { x, y } = this.toPixels(mark);
    const isBox = mark.shape === "box";
    group.append(...(isBox ? this.#box(mark) : outlined("circle", { cx: x, cy: y, r: RING })));
    const place = isBox ? { x, y: Math.max(LETTER, y - 6) } : { x: x + RING + 3, y: y - RING + 3 };
    const number = svg("text", { ...place, class: "mark-number" });
    number.textContent = mark.number;
    group.append(number);
    return group;
  }

  /** A closed line about a region. */
  #outline({ points }) {
    const corners = points.map((point) => this.toPixels(point)).map(({ x, y }) => `${x},${y}`);
    return outlined("polygon", { points: corners.join(" ") });
  }

  #box(mark) {
    const { x, y } = this.toPixels(mark);
    const [width, height] = [mark.width, mark.height].map((part) => part * this.pixelsPerSide);
    return outlined("rect", { x, y, width, height });
  }

  #span({ from, to }) {
    const group = svg("g", { class: "mark-span" });
    const corner = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y) };
    const [width, height] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
    if (width > 0 || height > 0) group.append(...this.#box({ ...corner, width, height }));
    group.append(...crossAt(this.toPixels(to)));
    return group;
  }
}
