/** Asks for the defect and the severity of one mark, in place of the rubric. */

import { pickingActionFor } from "../viewer/keys.js";
import { announce, cloneOf, text } from "./page.js";
import { Typed, findTag } from "./typeahead.js";

function optionOf({ label }, index) {
  const option = cloneOf("tag-template");
  option.querySelector("input").value = index;
  option.querySelector("span").textContent = label;
  return option;
}

/** A fieldset for each group, which stand together in the list. */
function groupsOf(tags) {
  const groups = new Map();
  tags.forEach((tag, index) => {
    if (!groups.has(tag.group)) {
      const group = cloneOf("tag-group-template");
      group.querySelector("legend").textContent = tag.group;
      groups.set(tag.group, group);
    }
    groups.get(tag.group).querySelector("div").append(optionOf(tag, index));
  });
  return [...groups.values()];
}

export class Picker {
  /** @param {HTMLElement} root @param {{onName: Function, onCancel: Function}} on */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.title = root.querySelector("h2");
    this.list = root.querySelector(".picker-tags");
    this.buttons = [...root.querySelectorAll("[data-severity]")];
    this.list.addEventListener("change", ({ target }) => this.#choose(Number(target.value)));
    this.cancel = root.querySelector(".picker-cancel");
    this.cancel.addEventListener("click", () => on.onCancel());
    for (const button of this.buttons) {
      button.addEventListener("click", () => this.#name(Number(button.dataset.severity)));
    }
  }

  get isOpen() {
    return !this.root.hidden;
  }

  get hasFocus() {
    return this.root.contains(document.activeElement);
  }

  /** A mark that is named already brings its tag's key and its severity. */
  open({ title, tags, tag, severity }) {
    this.tags = tags;
    this.typed = new Typed();
    this.chosen = -1;
    this.severity = severity ?? null;
    this.title.textContent = title;
    this.cancel.querySelector("span").textContent = text(tag ? "mark_keep" : "mark_drop");
    this.list.replaceChildren(...groupsOf(tags));
    this.inputs = [...this.list.querySelectorAll("input")];
    this.root.hidden = false;
    this.root.focus();
    this.#choose(tags.findIndex(({ key }) => key === tag));
  }

  close() {
    this.root.hidden = true;
  }

  /** Say what is missing. */
  remind() {
    announce(text(this.chosen < 0 ? "mark_needs_tag" : "mark_needs_severity"));
    (this.chosen < 0 ? this.root : this.buttons[0]).focus();
  }

  /** @returns {boolean} whether the press was the picker's */
  onKey(event) {
    const action = pickingActionFor(event);
    const onButton = event.target.closest("button") && action?.name === "confirm";
    if (!action || onButton) return false;
    event.preventDefault();
    if (!action.ignored) this.#act(action);
    return true;
  }

  #act({ name, value }) {
    if (name === "cancel") this.on.onCancel();
    else if (name === "severity") this.#name(value);
    else if (name === "confirm") this.#name(this.severity);
    else if (name === "step_tag") this.#step(value);
    else this.#find(this.typed.add(value, performance.now()));
  }

  #step(by) {
    const { length } = this.tags;
    const from = this.chosen < 0 && by < 0 ? length : this.chosen;
    this.#choose((from + by + length) % length);
  }

  #find(typed) {
    const index = findTag(this.tags, typed, this.chosen);
    if (index >= 0) this.#choose(index);
  }

  #choose(index) {
    this.chosen = index;
    for (const button of this.buttons) {
      const isSeverity = Number(button.dataset.severity) === this.severity;
      button.setAttribute("aria-pressed", String(isSeverity));
      button.setAttribute("aria-disabled", String(index < 0));
    }
    if (index < 0) return;
    this.inputs[index].checked = true;
    this.inputs[index].focus();
  }

  #name(severity) {
    if (this.chosen < 0 || !severity) this.remind();
    else this.on.onName({ tag: this.tags[this.chosen].key, severity });
  }
}
