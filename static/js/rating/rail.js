/** The rubric at the right: a real radio group for each field, the criterion in hand open. */

import { cloneOf, text } from "./page.js";
import { choicesOf } from "./sheet.js";

const NOT_APPLICABLE = "na";
const ONE_LINE = 7;

function show(element, on) {
  element.hidden = !on;
}

function choiceOf(field, { value, label }, anchor) {
  const element = cloneOf("choice-template");
  const input = element.querySelector("input");
  input.name = field.key;
  input.value = value;
  element.querySelector("span").textContent = label;
  if (anchor) input.setAttribute("aria-label", `${label}, ${anchor}`);
  return element;
}

function rowOf(field) {
  const { criterion, image } = field;
  const row = cloneOf("row-template");
  const label = image === null ? criterion.question : text("image", { label: image });
  row.setAttribute("aria-label", label);
  row.dataset.field = field.key;
  row.classList.add(`row-${criterion.kind}`);
  row.querySelector(".row-label").textContent = image ?? "";
  const choices = choicesOf(criterion);
  row.classList.toggle("row-long", choices.length > ONE_LINE);
  for (const choice of choices) {
    row.append(choiceOf(field, choice, criterion.anchors?.[choice.value]));
  }
  if (criterion.not_applicable) {
    const element = choiceOf(field, { value: NOT_APPLICABLE, label: text("not_applicable") });
    element.classList.add("choice-na");
    row.append(element);
  }
  return row;
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
   * @param {{onTake: (index: number) => void,
   *   onAnswer: (field: object, answer: object, byPointer: boolean) => void}} on
   */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.byPointer = false;
    root.addEventListener("pointerdown", () => (this.byPointer = true));
    root.addEventListener("keydown", () => (this.byPointer = false));
    root.addEventListener("change", ({ target }) => this.#answered(target));
    root.addEventListener("click", ({ target }) => {
      const head = target.closest(".criterion-head");
      if (head) on.onTake(Number(head.closest(".criterion").dataset.index));
    });
  }

  build(sheet) {
    this.sheet = sheet;
    this.parts = sheet.rubric.map((criterion, index) => this.#makeCriterion(criterion, index));
    this.root.replaceChildren(...this.parts.map((part) => part.element));
    this.update();
  }

  update() {
    this.parts.forEach((part, index) => this.#updateCriterion(part, index));
  }

  /** Bring the criterion in hand into sight and give it the keyboard. */
  focus() {
    const { element } = this.parts[this.sheet.field.index];
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  #makeCriterion(criterion, index) {
    const element = cloneOf("criterion-template");
    element.dataset.index = index;
    element.dataset.criterion = criterion.key;
    const opens = index > 0 && this.sheet.rubric[index - 1].per_image && !criterion.per_image;
    element.classList.toggle("is-verdict", opens);
    const part = {
      element,
      head: element.querySelector(".criterion-head"),
      values: element.querySelector(".criterion-values"),
      body: element.querySelector(".criterion-body"),
      error: element.querySelector(".criterion-error"),
      rows: this.sheet.fieldsAt(index).map(rowOf),
    };
    element.querySelector(".criterion-name").textContent = criterion.question;
    part.body.id = `criterion-${index}`;
    part.head.setAttribute("aria-controls", part.body.id);
    part.error.id = `criterion-${index}-error`;
    const anchors = anchorsOf(criterion);
    const atEnds = !criterion.per_image && anchors.classList.contains("anchors-ends");
    part.body.append(...(atEnds ? [...part.rows, anchors] : [anchors, ...part.rows]));
    return part;
  }

  #updateCriterion(part, index) {
    const { sheet } = this;
    const inHand = sheet.field.index === index;
    part.element.classList.toggle("is-in-hand", inHand);
    part.element.classList.toggle("is-complete", sheet.isComplete(index));
    part.head.setAttribute("aria-expanded", String(inHand));
    show(part.body, inHand);
    if (inHand) {
      const place = { number: index + 1, total: sheet.rubric.length };
      part.values.textContent = text("place", place);
    } else {
      part.values.replaceChildren(...this.#valuesOf(index));
    }
    sheet.fieldsAt(index).forEach((field, row) => this.#updateRow(part.rows[row], field));
    this.#updateError(part, index);
  }

  #updateRow(row, field) {
    row.classList.toggle("is-next", this.sheet.field === field);
    const answer = this.sheet.answers[field.key];
    const chosen = answer?.not_applicable ? NOT_APPLICABLE : String(answer?.value ?? "");
    for (const input of row.querySelectorAll("input")) input.checked = input.value === chosen;
  }

  #updateError(part, index) {
    const messages = this.sheet
      .fieldsAt(index)
      .map((field) => this.sheet.errors[field.key])
      .filter(Boolean);
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
        const answer = this.sheet.answers[field.key];
        const choice = choicesOf(field.criterion).find(({ value }) => value === answer.value);
        element.querySelector("b").textContent = field.image ?? "";
        element.querySelector("span").textContent = choice?.label ?? text("not_applicable");
        return element;
      });
  }

  #answered(input) {
    const field = this.sheet.fields.find(({ key }) => key === input.name);
    const isNotApplicable = input.value === NOT_APPLICABLE;
    const value = isNotApplicable ? null : Number(input.value);
    this.on.onAnswer(field, { value, not_applicable: isNotApplicable }, this.byPointer);
  }
}
