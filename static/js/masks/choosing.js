/** The dialog in which radiographs are chosen, and the lines that it adds to the campaign's form. */

import { withLine } from "./recipe.js";

export class Choosing {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {HTMLTextAreaElement} lines
   * @param {() => boolean} mayLeave asks, where a drawing would be lost
   */
  constructor(dialog, lines, mayLeave) {
    this.dialog = dialog;
    this.lines = lines;
    this.content = dialog.querySelector("[data-content]");
    this.status = dialog.querySelector("[data-status]");
    document.querySelector("[data-choose]").addEventListener("click", () => this.#open());
    dialog.querySelector("[data-close]").addEventListener("click", () => {
      if (mayLeave()) dialog.close();
    });
    dialog.addEventListener("cancel", (event) => {
      if (!mayLeave()) event.preventDefault();
    });
    dialog.addEventListener("close", () => this.content.replaceChildren());
  }

  /** Add a line to the form, once, and say so. */
  add(line) {
    const text = withLine(this.lines.value, line);
    if (text !== this.lines.value) {
      this.lines.value = text;
      this.lines.scrollTop = this.lines.scrollHeight;
      this.lines.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.status.textContent = `${this.status.dataset.added} ${line}`;
  }

  #open() {
    this.status.textContent = "";
    this.dialog.showModal();
  }
}
