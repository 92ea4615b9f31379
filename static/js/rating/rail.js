/** The rubric at the right: a real radio group, text or place for each field; one open in hand. */

import { cloneOf, text } from "./page.js";
import { makeRow, updateRow } from "./rows.js";
import { choicesOf } from "./sheet.js";

const STEPS = { ArrowUp: -1, ArrowDown: 1 };

function show(element, on) {
  element.hidden = !on;
}

/** Two anchors stand at the ends of the scale, more stand as a list. */
function anchorsOf({ anchors }) {
  const worded = Object.entries(anchors ?? {}).sort(([a], [b]) => Number(a) - Number(b));
  const list = cloneOf("anchors-template");
  list.classList.toggle("anchors-ends", worded.length <= 2);
  for (const [value, words] of worded) {
    const item = document.createElement("li");
    const number = document.createElement("b");
    number.textContent = value;
    item.append(number, ` ${words}`);
    list.append(item);
  }
  show(list, worded.length > 0);
  return list;
}

export function missingMessage({ image }) {
  return image === null ? text("missing") : text("missing_image", { label: image });
}

export class Rail {
  /**
   * @param {HTMLElement} root
   * @param {{onTake: (index: number) => void, onStep: (by: number) => void,
   *   onAnswer: (field: object, answer: object, byPointer: boolean) => void,
   *   onNext: () => void, onPlace: (field: object) => void}} on onNext leaves a text that is
   *   written, onPlace asks for a point on the image
   */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.byPointer = false;
    root.addEventListener("pointerdown", () => (this.byPointer = true));
    root.addEventListener("keydown", (event) => this.#key(event));
    root.addEventListener("change", ({ target }) => this.#changed(target));
    root.addEventListener("input", ({ target }) => this.#written(target));
    root.addEventListener("focusin", ({ target }) => this.#entered(target));
    root.addEventListener("click", ({ target }) => this.#clicked(target));
  }

  build(sheet) {
    this.sheet = sheet;
    this.parts = sheet.rubric.map((criterion, index) => this.#makeCriterion(criterion, index));
    this.root.replaceChildren(...this.parts.map((part) => part.element));
    this.update();
  }

  update() {
    this.asked = this.sheet.asked;
    this.parts.forEach((part, index) => this.#updateCriterion(part, index));
  }

  /** Bring the criterion in hand into sight and give it the keyboard; a text, its own field. */
  focus() {
    const { field } = this.sheet;
    const { element, rows } = this.parts[field.index];
    const row = rows.find(({ dataset }) => dataset.field === field.key);
    (row.querySelector("textarea") ?? element).focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  #makeCriterion(criterion, index) {
    const element = cloneOf("criterion-template");
    element.dataset.index = index;
    element.dataset.criterion = criterion.key;
    const opens = index > 0 && this.sheet.rubric[index - 1].per_image && !criterion.per_image;
    element.classList.toggle("is-verdict", opens);
    const fields = this.sheet.everyField.filter((field) => field.index === index);
    const part = {
      element,
      fields,
      head: element.querySelector(".criterion-head"),
      values: element.querySelector(".criterion-values"),
      body: element.querySelector(".criterion-body"),
      error: element.querySelector(".criterion-error"),
      rows: fields.map((field) => makeRow(field, this.sheet.labels)),
    };
    element.querySelector(".criterion-name").textContent = criterion.question;
    const hint = element.querySelector(".criterion-hint");
    hint.textContent = criterion.hint ?? "";
    show(hint, Boolean(criterion.hint));
    part.body.id = `criterion-${index}`;
    part.head.setAttribute("aria-controls", part.body.id);
    part.error.id = `criterion-${index}-error`;
    const anchors = anchorsOf(criterion);
    const atEnds = !criterion.per_image && anchors.classList.contains("anchors-ends");
    part.body.append(...(atEnds ? [...part.rows, anchors] : [anchors, ...part.rows]));
    return part;
  }

  #updateCriterion(part, index) {
    const { sheet, asked } = this;
    const inHand = sheet.field.index === index;
    show(part.element, asked.includes(index));
    part.element.classList.toggle("is-in-hand", inHand);
    part.element.classList.toggle("is-complete", sheet.isComplete(index));
    part.head.setAttribute("aria-expanded", String(inHand));
    show(part.body, inHand);
    if (inHand) {
      const place = { number: asked.indexOf(index) + 1, total: asked.length };
      part.values.textContent = text("place", place);
    } else {
      part.values.replaceChildren(...this.#valuesOf(index));
    }
    const shown = sheet.fieldsAt(index);
    part.fields.forEach((field, row) => {
      show(part.rows[row], shown.includes(field));
      part.rows[row].classList.toggle("is-next", sheet.field === field);
      updateRow(part.rows[row], field, sheet.answers[field.key]);
    });
    this.#updateError(part, shown);
  }

  #updateError(part, shown) {
    const messages = shown.map((field) => this.sheet.errors[field.key]).filter(Boolean);
    part.error.textContent = messages.join(" ");
    show(part.error, messages.length > 0);
    for (const row of part.rows) {
      const wrong = row.dataset.field in this.sheet.errors;
      row.classList.toggle("is-wrong", wrong);
      if (wrong) row.setAttribute("aria-describedby", part.error.id);
      else row.removeAttribute("aria-describedby");
    }
  }

  #valuesOf(index) {
    return this.sheet
      .fieldsAt(index)
      .filter((field) => this.sheet.isAnswered(field))
      .map((field) => {
        const element = cloneOf("value-template");
        const isOnly = this.sheet.labels.length === 1;
        element.querySelector("b").textContent = isOnly ? "" : (field.image ?? "");
        element.querySelector("span").textContent = this.#wordsOf(field);
        return element;
      });
  }

  #wordsOf({ key, criterion }) {
    const answer = this.sheet.answers[key];
    if (answer.not_applicable) return text("not_applicable");
    if (criterion.kind === "text") return answer.text;
    if (criterion.kind === "place") return text("place_set");
    return choicesOf(criterion).find(({ value }) => value === answer.value)?.label ?? "";
  }

  #fieldOf(element) {
    const key = element.closest(".row")?.dataset.field;
    return this.sheet.everyField.find((field) => field.key === key);
  }

  #changed(input) {
    if (input.type !== "radio") return;
    const not_applicable = input.dataset.na !== undefined;
    const value = not_applicable ? null : Number(input.value);
    this.on.onAnswer(this.#fieldOf(input), { value, not_applicable }, this.byPointer);
  }

  #written(area) {
    if (!area.matches("textarea")) return;
    const answer = { value: null, not_applicable: false, text: area.value };
    this.on.onAnswer(this.#fieldOf(area), answer, false);
  }

  /** A text that is stepped into is in hand. */
  #entered(area) {
    const field = area.matches("textarea") ? this.#fieldOf(area) : null;
    if (!field || field === this.sheet.field) return;
    this.sheet.takeField(field.key);
    this.update();
  }

  #clicked(target) {
    const head = target.closest(".criterion-head");
    const place = target.closest(".place-set");
    if (head) this.on.onTake(Number(head.closest(".criterion").dataset.index));
    else if (place) this.on.onPlace(this.#fieldOf(place));
  }

  /** In a text Enter goes on, Shift and Enter begin a line, and Escape leaves it. */
  #key(event) {
    this.byPointer = false;
    const { target, code } = event;
    if (!target.matches("textarea") || event.isComposing || event.ctrlKey || event.metaKey) return;
    const goesOn = (code === "Enter" || code === "NumpadEnter") && !event.shiftKey;
    const steps = target.value === "" && code in STEPS;
    if (!goesOn && !steps && code !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (goesOn) this.on.onNext();
    else if (steps) this.on.onStep(STEPS[code]);
    else target.closest(".criterion").focus();
  }
}
