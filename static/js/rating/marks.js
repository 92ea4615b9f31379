/**
 * Marks of the case in hand: placed on an image, named with a defect, listed in the rail.
 *
 * A mark is placed by a click or a drag, or by moving a span with the keys; then the picker asks
 * for its defect and severity. What is not named is not kept.
 */

import { clampPlace, markOf, moveSpan } from "../viewer/places.js";
import { announce, text } from "./page.js";

const CLICK_PX = 5;

export class Marks {
  /**
   * @param {{viewer: object, list: object, picker: object, button: HTMLElement,
   *   isOpen: () => boolean, onChange: () => void, onFinish: () => void}} parts list and picker
   *   are MarkList and Picker, the button places a mark; onFinish gives the keyboard back
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.sheet = null;
    this.hidden = false;
    this.pointed = null;
    this.#rest();
  }

  /** @param {object} sheet @param {object[]} tags none where the study asks for no marks */
  show(sheet, tags) {
    this.sheet = sheet;
    this.tags = tags;
    this.hidden = false;
    this.button.hidden = tags.length === 0;
    this.cease();
  }

  get isPlacing() {
    return this.span !== null;
  }

  toggle() {
    if (this.isPlacing) this.leave();
    else if (this.tags.length) this.#enter();
  }

  /** Have a single point placed as an answer. @param {(point: {x: number, y: number}) => void} */
  ask(image, onPoint) {
    if (this.pending) return;
    this.cease();
    this.viewer.take(this.viewer.panes.findIndex(({ label }) => label === image));
    this.asked = { image, onPoint };
    this.#start();
    announce(text("place_hint"));
  }

  toggleHidden() {
    if (!this.sheet.marks.length) return;
    this.hidden = !this.hidden;
    this.update();
    announce(text(this.hidden ? "marks_hidden" : "marks_shown"));
  }

  /** One step of the keyboard: move what is being placed, or stretch it into a box. */
  move(direction, { stretch }) {
    const { zoom } = this.viewer.state.view;
    this.#place({ ...this.span, ...moveSpan(this.span, direction, { zoom, stretch }) });
    this.viewer.keepInSight(this.span.to);
  }

  /** The active pane has changed: what is placed by keys goes along. */
  follow() {
    const { label } = this.viewer.state;
    if (this.isPlacing && !this.asked && !this.isDrawn && this.span.image !== label) {
      this.#place({ ...this.span, image: label });
      announce(text("image", { label }));
    }
  }

  /** A drag on an image, told from its start to its end; none that outlasted the placing. */
  stroke(phase, span) {
    if (!this.isPlacing) return;
    if (phase === "start") this.before = this.span;
    this.isDrawn = phase === "start" || phase === "move";
    this.#place(phase === "cancel" ? this.before : span);
    if (phase === "end") this.set({ tolerance: CLICK_PX * this.viewer.pixel });
  }

  set({ tolerance } = {}) {
    const { image, to } = this.span;
    if (this.asked) {
      this.#answer(this.span);
      return;
    }
    const place = markOf(this.span, tolerance);
    if (place) this.#pick(null, { image, ...place });
    else {
      const nearest = clampPlace(to);
      this.#place({ image, from: nearest, to: nearest });
      announce(text("mark_beside"));
    }
  }

  edit(index) {
    if (this.isOpen()) this.#pick(index, this.sheet.marks[index]);
  }

  remove(index) {
    if (!this.isOpen()) return;
    this.sheet.removeMark(index);
    this.#rest();
    this.update();
    this.onChange();
    announce(text("mark_removed", { number: index + 1 }));
    if (!this.list.focus(Math.min(index, this.sheet.marks.length - 1))) this.onFinish();
  }

  /** The mark's row is pointed at, so that it is found on the image. */
  point(index) {
    this.pointed = index;
    this.#draw();
  }

  /** The picker has named the mark. */
  name({ tag, severity }) {
    const { index, mark } = this.pending;
    this.sheet.setMark(index, { ...mark, tag, severity });
    const number = (index ?? this.sheet.marks.length - 1) + 1;
    this.cease();
    this.onChange();
    announce(text("mark_set", { number, ...this.describe(this.sheet.marks[number - 1]) }));
    this.onFinish();
  }

  /** @returns {boolean} whether there was something to leave */
  leave() {
    if (!this.isPlacing && !this.pending) return false;
    this.cease();
    this.onFinish();
    return true;
  }

  /** Stop placing and naming, and leave the keyboard where it is. */
  cease() {
    this.#rest();
    this.picker.close();
    this.update();
  }

  freeze(frozen) {
    if (frozen && (this.isPlacing || this.pending)) this.cease();
    this.list.root.inert = frozen;
  }

  describe({ image, tag, severity }) {
    const { label } = this.tags.find(({ key }) => key === tag);
    return { image, defect: label, severity: text(`severity_${severity}`) };
  }

  update() {
    const { marks } = this.sheet;
    const rows = marks.map((mark) => this.describe(mark));
    this.button.setAttribute("aria-pressed", String(this.isPlacing));
    document.body.classList.toggle("is-placing", this.isPlacing);
    this.list.update({ rows, hidden: this.hidden, isPlacing: this.isPlacing });
    this.#draw();
  }

  #enter() {
    if (!this.isOpen() || this.pending) return;
    if (this.sheet.hasAllMarks) {
      announce(text("marks_full"));
      return;
    }
    this.#start();
    announce(text("mark_hint"));
  }

  #start() {
    const centre = clampPlace(this.viewer.centre);
    this.span = { image: this.viewer.state.label, from: centre, to: centre };
    this.hidden = false;
    this.update();
    this.viewer.take(this.viewer.active);
  }

  /** A drag counts where it ends; beside the image, or on another one, nothing is set. */
  #answer({ image, to }) {
    const mark = image === this.asked.image ? markOf({ from: to, to }) : null;
    if (!mark) {
      const nearest = clampPlace(to);
      this.#place({ image: this.asked.image, from: nearest, to: nearest });
      announce(text("mark_beside"));
      return;
    }
    const { onPoint } = this.asked;
    this.cease();
    onPoint({ x: mark.x, y: mark.y });
    announce(text("place_is_set", { image }));
    this.#draw();
  }

  #place(span) {
    this.span = span;
    this.#draw();
  }

  #pick(index, mark) {
    this.#rest();
    this.pending = { index, mark };
    this.hidden = false;
    this.update();
    const number = (index ?? this.sheet.marks.length) + 1;
    const title = text("mark_on", { number, image: mark.image });
    this.picker.open({ title, tags: this.tags, tag: mark.tag, severity: mark.severity });
  }

  #rest() {
    this.span = null;
    this.asked = null;
    this.pending = null;
    this.pointed = null;
    this.isDrawn = false;
  }

  #draw() {
    const marks = [...this.sheet.marks];
    const current = this.pending ? (this.pending.index ?? marks.length) : this.pointed;
    if (this.pending) marks[current] = this.pending.mark;
    const numbered = marks.map((mark, index) => ({
      ...mark,
      number: index + 1,
      current: index === current,
    }));
    const places = this.sheet.places.map((place) => ({ ...place, number: "", current: true }));
    const shown = this.hidden ? places : [...numbered, ...places];
    this.viewer.showMarks({ marks: shown, span: this.span });
  }
}
