/**
 * Which action a key press means. Pure.
 *
 * Letters and digits go by event.code (the key's place), so that they work on any layout. The
 * signs + - = ? stand in different places on different layouts, so they go by what they write,
 * and by their place only where that key writes something else.
 */

const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const LETTERS = {
  KeyI: "invert",
  KeyR: "reset",
  KeyL: "link",
  KeyN: "not_applicable",
};
const STEPS = { ArrowUp: "previous_criterion", ArrowDown: "next_criterion" };
const SIGNS = { "+": "zoom_in", "-": "zoom_out", "=": "fit", "?": "help" };
const SIGN_PLACES = {
  NumpadAdd: "zoom_in",
  NumpadSubtract: "zoom_out",
  NumpadEqual: "fit",
  Equal: "fit",
  Minus: "zoom_out",
};
/** Held down, these go on; every other key acts once a press. */
const REPEATING = new Set(["zoom_in", "zoom_out", "pan", "previous_criterion", "next_criterion"]);

function digitOf(code) {
  const match = /^(?:Digit|Numpad)([0-9])$/.exec(code);
  return match ? Number(match[1]) : null;
}

function withAlt(code) {
  if (code in ARROWS) return { name: "pan", value: ARROWS[code] };
  const digit = digitOf(code);
  return digit >= 1 && digit <= 4 ? { name: "preset", value: digit } : null;
}

function alone({ code, key, shiftKey }) {
  if (shiftKey && key in SIGNS) return { name: SIGNS[key] };
  const digit = digitOf(code);
  if (digit !== null) return { name: "answer", value: digit };
  const name = SIGNS[key] ?? LETTERS[code] ?? STEPS[code] ?? SIGN_PLACES[code];
  return name ? { name } : null;
}

function meaning(event, { inText, singleKeys }) {
  const command = event.ctrlKey || event.metaKey;
  if (event.isComposing) return null;
  if (command && !event.altKey) {
    return event.code === "Enter" || event.code === "NumpadEnter" ? { name: "submit" } : null;
  }
  if (command) return null;
  if (event.code === "Escape") return { name: "pause" };
  if (inText) return null;
  if (event.altKey) return withAlt(event.code);
  return singleKeys ? alone(event) : null;
}

/**
 * @param {{code: string, key: string, altKey: boolean, ctrlKey: boolean, metaKey: boolean,
 *   shiftKey: boolean, repeat: boolean, isComposing: boolean}} event
 * @param {{inText: boolean, singleKeys: boolean}} where whether a text field has the focus, and
 *   whether single keys are turned on
 * @returns {{name: string, value?: number | string, ignored?: boolean} | null}
 *   null leaves the press to the browser; `ignored` is ours but does nothing (a key held down)
 */
export function actionFor(event, where) {
  const action = meaning(event, where);
  if (action && event.repeat && !REPEATING.has(action.name)) return { ...action, ignored: true };
  return action;
}
