/** One message above the rubric, with what can be done about it. */

import { announce, cloneOf } from "./page.js";

function buttonOf({ label, href, run }) {
  const element = cloneOf(href ? "notice-link-template" : "notice-button-template");
  element.textContent = label;
  if (href) element.href = href;
  else element.addEventListener("click", run);
  return element;
}

export class Notice {
  constructor(root) {
    this.root = root;
    this.message = root.querySelector(".notice-message");
    this.actions = root.querySelector(".notice-actions");
  }

  /** @param {string} message @param {{label: string, href?: string, run?: Function}[]} actions */
  warn(message, actions = []) {
    this.#show(message, actions, "warning");
    announce(message);
    this.actions.querySelector("button, a")?.focus();
  }

  tell(message) {
    this.#show(message, [], "quiet");
  }

  hide() {
    this.root.hidden = true;
  }

  #show(message, actions, kind) {
    this.root.dataset.kind = kind;
    this.message.textContent = message;
    this.actions.replaceChildren(...actions.map(buttonOf));
    this.root.hidden = false;
  }
}
