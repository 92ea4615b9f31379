/** The strip of tools under the panes: buttons name the same actions as the keys do. */

const pressed = (element, on) => element.setAttribute("aria-pressed", String(on));

export class Tools {
  /** @param {HTMLElement} root @param {(action: {name: string, value?: any}) => void} act */
  constructor(root, act) {
    this.root = root;
    this.invert = root.querySelector("[data-action=invert]");
    this.link = root.querySelector("[data-action=link]");
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
    pressed(this.invert, inverted);
    pressed(this.link, viewer.linked);
    for (const range of this.ranges) {
      range.value = window[range.name];
      range.nextElementSibling.textContent = Math.round(window[range.name]);
    }
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
