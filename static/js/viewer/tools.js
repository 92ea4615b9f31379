/** The strip of tools under the panes: buttons name the same actions as the keys do. */

import { cloneOf, text } from "../rating/page.js";

const pressed = (element, on) => element.setAttribute("aria-pressed", String(on));

function imageButton(label, index) {
  const button = cloneOf("tool-image-template");
  button.dataset.number = index + 1;
  button.setAttribute("aria-label", text("image", { label }));
  button.textContent = label;
  return button;
}

const PRESSED = ["invert", "link", "loupe", "full"];

export class Tools {
  /** @param {HTMLElement} root @param {(action: {name: string, value?: any}) => void} act */
  constructor(root, act) {
    this.root = root;
    const button = (action) => root.querySelector(`[data-action=${action}]`);
    this.buttons = Object.fromEntries(PRESSED.map((action) => [action, button(action)]));
    this.images = root.querySelector(".tool-images");
    this.ranges = [...root.querySelectorAll("input[type=range]")];
    this.openers = [...root.querySelectorAll("[aria-controls]")];
    root.addEventListener("click", (event) => this.#click(event, act));
    root.addEventListener("input", ({ target }) =>
      act({ name: "set_window", value: { [target.name]: Number(target.value) } }),
    );
  }

  /** Show the viewer's state on the tools. */
  update(viewer) {
    const { window, inverted } = viewer.state;
    const states = { invert: inverted, link: viewer.linked, loupe: viewer.loupe, full: viewer.full };
    for (const action of PRESSED) pressed(this.buttons[action], Boolean(states[action]));
    this.#showImages(viewer);
    for (const range of this.ranges) {
      range.value = window[range.name];
      range.nextElementSibling.textContent = Math.round(window[range.name]);
    }
  }

  /** Which image fills the screen, and the others to go to. */
  #showImages({ panes, active, full }) {
    this.images.hidden = !full || panes.length < 2;
    if (this.images.hidden) return;
    const labels = panes.map((pane) => pane.label);
    if (this.images.textContent !== labels.join("")) {
      this.images.replaceChildren(...labels.map(imageButton));
    }
    [...this.images.children].forEach((button, index) => pressed(button, index === active));
  }

  /** @returns {boolean} whether a panel was open */
  close() {
    const open = this.openers.filter((opener) => opener.getAttribute("aria-expanded") === "true");
    for (const opener of open) this.#toggle(opener, false);
    return open.length > 0;
  }

  #toggle(opener, open) {
    opener.setAttribute("aria-expanded", String(open));
    document.getElementById(opener.getAttribute("aria-controls")).hidden = !open;
  }

  #click({ target }, act) {
    const button = target.closest("button");
    if (!button) return;
    if (this.openers.includes(button)) {
      const opens = button.getAttribute("aria-expanded") !== "true";
      this.close();
      this.#toggle(button, opens);
      return;
    }
    const { action, direction, number } = button.dataset;
    act({ name: action, value: direction ?? (number && Number(number)) });
  }
}
