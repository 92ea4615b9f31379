/** The marks in the rail: each can be named anew or removed, all can be hidden. */

import { cloneOf, text } from "./page.js";

const REMOVING = new Set(["Delete", "Backspace"]);

function rowOf({ image, defect, severity }, index) {
  const number = index + 1;
  const row = cloneOf("mark-template");
  row.dataset.index = index;
  row.querySelector(".mark-row-number").textContent = number;
  row.querySelector(".mark-row-image").textContent = image;
  row.querySelector(".mark-row-defect").textContent = defect;
  row.querySelector(".mark-row-severity").textContent = severity;
  row.querySelector(".mark-row-remove").setAttribute("aria-label", text("mark_remove", { number }));
  return row;
}

export class MarkList {
  /**
   * @param {HTMLElement} root
   * @param {{onEdit: Function, onRemove: Function, onPoint: Function, onHide: Function}} on told
   *   the mark's index; onPoint also null, for none
   */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.rows = root.querySelector(".mark-rows");
    this.hint = root.querySelector(".mark-hint");
    this.head = root.querySelector(".marks-head");
    this.hide = root.querySelector(".marks-hide");
    this.hide.addEventListener("click", () => on.onHide());
    this.rows.addEventListener("click", (event) => this.#click(event));
    this.rows.addEventListener("keydown", (event) => this.#key(event));
    for (const kind of ["pointerover", "focusin"]) {
      this.rows.addEventListener(kind, ({ target }) => on.onPoint(this.#indexOf(target)));
    }
    for (const kind of ["pointerleave", "focusout"]) {
      this.rows.addEventListener(kind, () => on.onPoint(null));
    }
  }

  update({ rows, hidden, isPlacing }) {
    const content = JSON.stringify(rows);
    if (content !== this.content) this.rows.replaceChildren(...rows.map(rowOf));
    this.content = content;
    this.head.hidden = rows.length === 0;
    this.hint.hidden = !isPlacing;
    this.root.hidden = rows.length === 0 && !isPlacing;
    this.hide.setAttribute("aria-pressed", String(hidden));
  }

  /** @returns {boolean} whether there is such a row */
  focus(index) {
    const row = this.rows.children[index];
    row?.querySelector(".mark-row-open").focus();
    return Boolean(row);
  }

  #indexOf(element) {
    const row = element.closest(".mark-row");
    return row ? Number(row.dataset.index) : null;
  }

  #click({ target }) {
    const index = this.#indexOf(target);
    if (target.closest(".mark-row-remove")) this.on.onRemove(index);
    else if (target.closest(".mark-row-open")) this.on.onEdit(index);
  }

  #key(event) {
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (!REMOVING.has(event.code) || !isPlain || event.repeat) return;
    event.preventDefault();
    this.on.onRemove(this.#indexOf(event.target));
  }
}
