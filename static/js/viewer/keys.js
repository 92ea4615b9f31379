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
  KeyM: "mark",
  KeyG: "loupe",
  KeyP: "pixels",
  KeyF: "full",
};
const SHIFTED = { KeyM: "hide_marks" };
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
const REPEATING = new Set([
  ...["zoom_in", "zoom_out", "pan", "previous_criterion", "next_criterion"],
  ...["move_mark", "stretch_mark", "step_tag"],
]);
/** While a mark is being placed, or one image fills the screen, nothing is answered. */
const ANSWERING = new Set(["answer", "not_applicable"]);
/** Nor does what is out of sight change. */
const IN_THE_RAIL = new Set([...ANSWERING, "previous_criterion", "next_criterion", "submit"]);
const MOST_IMAGES = 4;

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
  const shifted = shiftKey ? SHIFTED[code] : undefined;
  const name = SIGNS[key] ?? shifted ?? LETTERS[code] ?? STEPS[code] ?? SIGN_PLACES[code];
  return name ? { name } : null;
}

const isEnter = (code) => code === "Enter" || code === "NumpadEnter";

/** Keys that are no characters place a mark even where single keys are turned off. */
function placing({ code, shiftKey }) {
  if (code in ARROWS) {
    return { name: shiftKey ? "stretch_mark" : "move_mark", value: ARROWS[code] };
  }
  return isEnter(code) ? { name: "set_mark" } : null;
}

/** Digits choose an image where they answer nothing. */
function aloneOnImages(event, without) {
  const action = alone(event);
  const chooses = action?.name === "answer" && action.value >= 1 && action.value <= MOST_IMAGES;
  if (chooses) return { name: "take_image", value: action.value };
  return without.has(action?.name) ? null : action;
}

function aloneIn(event, { isPlacing, isFull }) {
  if (isFull) return aloneOnImages(event, IN_THE_RAIL);
  return isPlacing ? aloneOnImages(event, ANSWERING) : alone(event);
}

function meaning(event, { inText, singleKeys, isPlacing = false, isFull = false }) {
  const command = event.ctrlKey || event.metaKey;
  if (event.isComposing) return null;
  if (command && !event.altKey) {
    return isEnter(event.code) && !isFull ? { name: "submit" } : null;
  }
  if (command) return null;
  if (event.code === "Escape") return { name: "pause" };
  if (inText) return null;
  if (event.altKey) return withAlt(event.code);
  const placed = isPlacing ? placing(event) : null;
  return placed ?? (singleKeys ? aloneIn(event, { isPlacing, isFull }) : null);
}

function meaningWhilePicking({ code, key }) {
  const digit = digitOf(code);
  if (digit !== null) return digit >= 1 && digit <= 3 ? { name: "severity", value: digit } : null;
  if (code === "Escape") return { name: "cancel" };
  if (isEnter(code)) return { name: "confirm" };
  if (code === "ArrowUp" || code === "ArrowDown") {
    return { name: "step_tag", value: code === "ArrowUp" ? -1 : 1 };
  }
  return /^\p{L}$/u.test(key) ? { name: "type", value: key } : null;
}

/** The same for the list of defects, in which letters are typed and arrows step. */
export function pickingActionFor(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  return ignoreRepeats(meaningWhilePicking(event), event);
}

function ignoreRepeats(action, { repeat }) {
  return action && repeat && !REPEATING.has(action.name) ? { ...action, ignored: true } : action;
}

/**
 * @param {{code: string, key: string, altKey: boolean, ctrlKey: boolean, metaKey: boolean,
 *   shiftKey: boolean, repeat: boolean, isComposing: boolean}} event
 * @param {{inText: boolean, singleKeys: boolean, isPlacing?: boolean, isFull?: boolean}} where
 *   whether a text field has the focus, single keys are turned on, a mark is being placed, one
 *   image fills the screen
 * @returns {{name: string, value?: number | string, ignored?: boolean} | null}
 *   null leaves the press to the browser; `ignored` is ours but does nothing (a key held down)
 */
export function actionFor(event, where) {
  return ignoreRepeats(meaning(event, where), event);
}
