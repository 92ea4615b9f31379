/** The session has ended, or is somebody else's: logging in again without leaving the page. */

import { text } from "./page.js";

const byId = (id) => document.getElementById(id);

export class Login {
  #session;
  #onDone;
  #dialog = byId("login");
  #form = byId("login-form");
  #message = byId("login-message");
  #name = byId("login-name");
  #password = byId("login-password");

  /** @param {object} session see session.js @param {() => void} onDone the reader is back */
  constructor(session, onDone) {
    this.#session = session;
    this.#onDone = onDone;
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    byId("login-later").addEventListener("click", () => this.#dialog.close());
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** @param {string} who "none", or "other" for somebody else */
  open(who) {
    if (!this.isOpen) this.#dialog.showModal();
    this.#tell(who === "other" ? text("login_other") : text("session_ended"));
  }

  async #submit(event) {
    event.preventDefault();
    const password = this.#password.value;
    this.#password.value = "";
    const { who, message } = await this.#session.logIn(this.#name.value, password);
    if (who === "same") {
      this.#dialog.close();
      this.#onDone();
      return;
    }
    this.#tell(who === "other" ? text("login_other") : (message ?? text("login_failed")));
    this.#password.focus();
  }

  #tell(message) {
    this.#message.textContent = message;
  }
}
