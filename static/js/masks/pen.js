/**
 * From places to shapes: what clicks, drags and keys set becomes a rectangle, an ellipse, a polygon
 * or a stroke. Knows no DOM; places and lengths are those of geometry.js.
 */

import { boxOf, clamped, distance, isFlat, pair, rounded, stepped } from "./geometry.js";

export const RADIUS = { least: 0.003, most: 0.15, first: 0.02 };
const STEP = 0.01;
const FINE = 0.002;
const CLOSING = 0.012;

const BOXES = new Set(["rectangle", "ellipse"]);

export class Pen {
  /** @param {{width: number, height: number}} size of the image */
  constructor(size) {
    this.size = size;
    this.tool = "rectangle";
    this.erase = false;
    this.radius = RADIUS.first;
    this.cursor = { x: 0.5, y: 0.5 };
    this.points = [];
  }

  /** Whether a shape has been begun. */
  get isOpen() {
    return this.points.length > 0;
  }

  /** @param {string} tool what was begun with another one is left */
  take(tool) {
    if (tool !== this.tool) this.leave();
    this.tool = tool;
  }

  resize(radius) {
    this.radius = rounded(Math.min(RADIUS.most, Math.max(RADIUS.least, radius)));
  }

  moveTo(place) {
    this.cursor = clamped(place);
    if (this.tool === "brush" && this.isOpen && this.#isFar()) this.points.push(this.cursor);
  }

  step(direction, fine) {
    this.moveTo(stepped(this.cursor, direction, fine ? FINE : STEP, this.size));
  }

  /** Shift and an arrow: a box is begun and stretched; a brush grows and shrinks. */
  stretch(direction, fine) {
    if (this.tool === "brush") {
      const sign = direction === "up" || direction === "right" ? 1 : -1;
      this.resize(this.radius + sign * (fine ? 0.001 : 0.005));
      return;
    }
    if (BOXES.has(this.tool) && !this.isOpen) this.points = [this.cursor];
    this.step(direction, fine);
  }

  /**
   * Set a corner or a vertex, begin or end a stroke, where the cursor is.
   * @param {number} closing how near to its first vertex a polygon is closed
   * @returns {object | null} the shape, if this finished it
   */
  set(closing = CLOSING) {
    if (!this.isOpen) {
      this.points = [this.cursor];
      return null;
    }
    if (this.tool !== "polygon") return this.finish();
    const near = (point) => distance(point, this.cursor, this.size) <= closing;
    if (near(this.points[0]) || distance(this.points.at(-1), this.cursor, this.size) === 0) {
      return this.finish();
    }
    this.points = [...this.points, this.cursor];
    return null;
  }

  /** The shape, if what was begun is one; a polygon is closed without going to the cursor. */
  finish() {
    const shape = this.#shape(this.tool === "polygon" ? this.points : [...this.points, this.cursor]);
    if (shape) this.leave();
    return shape;
  }

  /** Take back the last vertex, or whatever else was begun. */
  back() {
    this.points = this.tool === "polygon" ? this.points.slice(0, -1) : [];
  }

  leave() {
    this.points = [];
  }

  /** What it would be if it were finished at the cursor, or null. */
  get preview() {
    return this.isOpen ? this.#shape([...this.points, this.cursor]) : null;
  }

  #isFar() {
    const gap = Math.max(this.radius / 4, FINE);
    return distance(this.points.at(-1), this.cursor, this.size) >= gap;
  }

  #shape(points) {
    const shape = this.#outline(points);
    return shape && this.erase ? { ...shape, erase: true } : shape;
  }

  #outline(points) {
    if (points.length === 0) return null;
    if (BOXES.has(this.tool)) {
      const box = boxOf(points[0], points.at(-1));
      return isFlat(box) ? null : { type: this.tool, box };
    }
    const pairs = points.map(pair);
    if (this.tool === "polygon") {
      return pairs.length < 3 ? null : { type: "polygon", points: pairs };
    }
    return { type: "brush", points: withoutRepeats(pairs), radius: this.radius };
  }
}

const withoutRepeats = (pairs) =>
  pairs.filter(([x, y], k) => k === 0 || x !== pairs[k - 1][0] || y !== pairs[k - 1][1]);
