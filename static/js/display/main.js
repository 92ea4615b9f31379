/** The display check: rows of faint squares, drawn in grey levels; which are seen is told. */

import { keyAction, rowsOf, squareLevel } from "./patches.js";

const FIELD = 96;
const SQUARE = 36;

const byId = (id) => document.getElementById(id);
const form = byId("check");
const rows = rowsOf(JSON.parse(byId("pattern").textContent));
const began = performance.now();
let inHand = 0;

const grey = (level) => `rgb(${level} ${level} ${level})`;

function draw(canvas, field) {
  const pixels = Math.round(FIELD * devicePixelRatio);
  const side = Math.round(SQUARE * devicePixelRatio);
  const start = Math.round((pixels - side) / 2);
  canvas.width = pixels;
  canvas.height = pixels;
  const context = canvas.getContext("2d");
  context.fillStyle = grey(field.level);
  context.fillRect(0, 0, pixels, pixels);
  context.fillStyle = grey(squareLevel(field));
  context.fillRect(start, start, side, side);
}

function makeField(field, index) {
  const element = byId("field-template").content.firstElementChild.cloneNode(true);
  element.querySelector(".field-number").textContent = index + 1;
  draw(element.querySelector("canvas"), field);
  return element;
}

function makeRow(fields, index) {
  const element = byId(`row-${fields[0].ground}`);
  element.querySelector(".fields").append(...fields.map(makeField));
  element.addEventListener("focusin", () => take(index));
  element.addEventListener("pointerdown", () => take(index));
  return element;
}

const elements = rows.map(makeRow);
const inputs = elements.map((element) => [...element.querySelectorAll("input")]);

function take(index) {
  inHand = index;
  elements.forEach((element, place) => element.classList.toggle("is-in-hand", place === index));
}

function step(by) {
  const next = inHand + by;
  if (!(next in elements)) return false;
  take(next);
  inputs[next][0].focus();
  return true;
}

const ACTIONS = {
  toggle: (number) => inputs[inHand][number - 1]?.click(),
  row: step,
  onward: () => step(1) || form.requestSubmit(byId("done")),
};

function report() {
  const patches = rows.flatMap((fields, row) =>
    fields.map(({ ground, step: difference }, index) => ({
      ground,
      step: difference,
      seen: inputs[row][index].checked,
    })),
  );
  return { patches, screen: screenOf(), duration_ms: Math.round(performance.now() - began) };
}

function screenOf() {
  return {
    screen_width: screen.width,
    screen_height: screen.height,
    viewport_width: innerWidth,
    viewport_height: innerHeight,
    pixel_ratio: devicePixelRatio,
    colour_depth: screen.colorDepth,
  };
}

document.addEventListener("keydown", (event) => {
  const isLink = event.target.closest("a, button") && event.code.endsWith("Enter");
  const action = isLink ? null : keyAction(event);
  if (!action) return;
  event.preventDefault();
  if (!event.repeat || action.name === "row") ACTIONS[action.name](action.value);
});
form.addEventListener("submit", ({ submitter }) => {
  const said = report();
  const skips = submitter?.id === "skip";
  byId("report").value = JSON.stringify(skips ? { ...said, patches: [] } : said);
});
take(0);
inputs[0][0].focus();
