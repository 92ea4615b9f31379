/** The dialog in which a reader reports a problem; a report waits in the page while nothing gets
 * through, and is sent once however often it is tried. */

import { newId } from "./identity.js";
import { announce, text } from "./page.js";

const AGAIN_MS = 15_000;

export class ProblemReport {
  /**
   * @param {{session: object, urlOf: () => string}} parts `urlOf` gives the address of the case
   *   that is shown
   */
  constructor({ session, urlOf }) {
    Object.assign(this, { session, urlOf });
    this.dialog = document.getElementById("problem");
    this.form = document.getElementById("problem-form");
    this.words = document.getElementById("problem-text");
    this.state = document.getElementById("problem-state");
    this.sendButton = document.getElementById("problem-send");
    this.waiting = null;
    this.timer = null;
    this.isUnderWay = false;
    for (const button of document.querySelectorAll("[data-opens=problem]")) {
      button.addEventListener("click", () => this.open());
    }
    document.getElementById("problem-close").addEventListener("click", () => this.dialog.close());
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.form.addEventListener("change", () => this.#needWords());
    window.addEventListener("online", () => this.#send());
  }

  get isOpen() {
    return this.dialog.open;
  }

  open() {
    document.getElementById("help").close();
    if (!this.waiting) this.#reset();
    this.dialog.showModal();
  }

  #reset() {
    this.form.reset();
    this.#needWords();
    this.#tell("", "");
    this.sendButton.disabled = false;
  }

  /** "Something else" says nothing without words. */
  #needWords() {
    this.words.required = new FormData(this.form).get("kind") === "other";
  }

  #submit(event) {
    event.preventDefault();
    if (this.waiting) return;
    const body = {
      id: newId(),
      kind: new FormData(this.form).get("kind"),
      text: this.words.value,
      width: window.innerWidth,
      height: window.innerHeight,
      ratio: window.devicePixelRatio,
    };
    this.waiting = { url: this.urlOf(), body: JSON.stringify(body) };
    this.sendButton.disabled = true;
    this.#send();
  }

  async #send() {
    if (!this.waiting || this.isUnderWay) return;
    this.isUnderWay = true;
    clearTimeout(this.timer);
    const answer = await this.#post().catch(() => null);
    this.isUnderWay = false;
    if (!answer || answer.status >= 500) this.#later();
    else this.#settle(answer);
  }

  async #post() {
    const response = await fetch(this.waiting.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...this.session.headers },
      credentials: "same-origin",
      body: this.waiting.body,
    });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    const { message } = isJson ? await response.json() : {};
    return { status: response.status, message };
  }

  #later() {
    this.#tell("waiting", text("problem_waiting"));
    this.timer = setTimeout(() => this.#send(), AGAIN_MS);
  }

  #settle({ status, message }) {
    this.waiting = null;
    if (status === 201) {
      this.form.reset();
      this.#tell("sent", message);
    } else {
      this.sendButton.disabled = false;
      this.#tell("refused", message ?? text("problem_refused"));
    }
  }

  #tell(state, message) {
    this.state.dataset.state = state;
    this.state.textContent = message;
    if (message && !this.isOpen) announce(message);
  }
}
