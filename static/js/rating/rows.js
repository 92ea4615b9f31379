/** One field of the rail: options to choose from, a text to write, or a place to point at. */

import { cloneOf, text } from "./page.js";
import { choicesOf, isChosen } from "./sheet.js";

const NOT_APPLICABLE = "na";
const ONE_LINE = 7;
const SHORT = 3; // letters that fit a button of the one line

function choiceOf(field, { value, label }, anchor) {
  const element = cloneOf("choice-template");
  const input = element.querySelector("input");
  input.name = field.key;
  input.value = value;
  element.querySelector("span").textContent = label;
  if (anchor) input.setAttribute("aria-label", `${label}, ${anchor}`);
  return element;
}

/** Options in words stand one below the other, each with the digit that picks it. */
function numbered(element, index) {
  const key = document.createElement("kbd");
  key.textContent = (index + 1) % 10;
  key.setAttribute("aria-hidden", "true");
  element.querySelector("span").prepend(key, " ");
  return element;
}

function choicesIn(row, field) {
  const { criterion } = field;
  const choices = choicesOf(criterion);
  const inWords = choices.some(({ label }) => label.length > SHORT) && criterion.kind !== "side";
  row.classList.toggle("row-words", inWords);
  row.classList.toggle("row-long", !inWords && choices.length > ONE_LINE);
  return choices.map((choice, index) => {
    const element = choiceOf(field, choice, criterion.anchors?.[choice.value]);
    return inWords ? numbered(element, index) : element;
  });
}

function notApplicable(field) {
  const label = text("not_applicable");
  const element = choiceOf(field, { value: NOT_APPLICABLE, label });
  element.querySelector("input").dataset.na = "";
  element.classList.add("choice-na");
  return element;
}

function partsOf(row, field, name) {
  const { kind } = field.criterion;
  if (isChosen(field.criterion)) return choicesIn(row, field);
  const element = cloneOf(kind === "text" ? "answer-text-template" : "answer-place-template");
  element.querySelector("textarea")?.setAttribute("aria-label", name);
  return [element];
}

/** @param {string[]} labels of the images; with a single one its name is not told */
export function makeRow(field, labels) {
  const { criterion, image } = field;
  const row = cloneOf("row-template");
  const isNamed = image !== null && labels.length > 1;
  const name = isNamed ? text("image", { label: image }) : criterion.question;
  row.setAttribute("aria-label", name);
  if (!isChosen(criterion)) row.setAttribute("role", "group");
  row.dataset.field = field.key;
  row.classList.add(`row-${criterion.kind}`);
  row.querySelector(".row-label").textContent = isNamed ? image : "";
  row.append(...partsOf(row, field, name));
  if (criterion.not_applicable) row.append(notApplicable(field));
  return row;
}

export function updateRow(row, { criterion }, answer) {
  const chosen = answer?.not_applicable ? NOT_APPLICABLE : String(answer?.value ?? "");
  for (const input of row.querySelectorAll("input")) input.checked = input.value === chosen;
  if (criterion.kind === "text") {
    const area = row.querySelector("textarea");
    const written = answer?.text ?? "";
    if (area.value !== written) area.value = written;
  } else if (criterion.kind === "place") {
    const isSet = answer?.x != null;
    row.querySelector(".place-set").setAttribute("aria-pressed", String(isSet));
    row.querySelector(".place-words").textContent = text(isSet ? "place_again" : "place_ask");
  }
}
