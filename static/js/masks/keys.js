/**
 * What a key press on the drawing area means. Pure. Letters go by their place on the keyboard, so
 * that they work on any layout; the others by what they write.
 */

const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const TOOLS = { KeyR: "rectangle", KeyE: "ellipse", KeyP: "polygon", KeyB: "brush" };
const LETTERS = { KeyX: "erase", KeyC: "close" };
const OTHERS = { Enter: "set", " ": "set", Escape: "leave", Backspace: "back" };
const SIGNS = { "[": -1, "]": 1, "-": -1, "+": 1 };
const REPEATING = new Set(["move", "stretch", "resize"]);

function withCommand({ code, shiftKey }) {
  if (code === "KeyZ") return { name: shiftKey ? "redo" : "undo" };
  return code === "KeyY" ? { name: "redo" } : null;
}

function alone({ code, key, shiftKey, altKey }) {
  if (code in ARROWS) {
    return { name: shiftKey ? "stretch" : "move", value: ARROWS[code], fine: altKey };
  }
  if (altKey) return null;
  if (key in SIGNS) return { name: "resize", value: SIGNS[key] };
  if (code in TOOLS) return { name: "tool", value: TOOLS[code] };
  if (code in LETTERS) return { name: LETTERS[code] };
  return key in OTHERS ? { name: OTHERS[key] } : null;
}

/** @returns {{name: string, value?: string | number, fine?: boolean, ignored?: boolean} | null}
 *   null leaves the press to the browser; `ignored` is ours but does nothing (a key held down) */
export function actionFor(event) {
  if (event.isComposing) return null;
  const action = event.ctrlKey || event.metaKey ? withCommand(event) : alone(event);
  return action && event.repeat && !REPEATING.has(action.name)
    ? { ...action, ignored: true }
    : action;
}
