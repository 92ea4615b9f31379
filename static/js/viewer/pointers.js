/** Mouse, pen and touch on one pane: drag, right drag, wheel and pinch, told as plain numbers.
 * While `draws()`, a drag with the first button or finger is told as a stroke instead. */

import { pointInPane } from "./transform.js";

const WHEEL_RATE = 0.0016;
const LINE_HEIGHT = 16;

/**
 * @param {HTMLElement} pane
 * @param {{activate: Function, pan: Function, pinch: Function, zoom: Function, window: Function,
 *   dragsWindow: () => boolean, draws: () => boolean, stroke: Function}} on pan(dx, dy),
 *   pinch(before, after), zoom(factor, point) and stroke(phase, point) in fits (see transform.js),
 *   a phase being start, move, end or cancel; window(dx, dy) in screen pixels
 */
export function attachPointers(pane, on) {
  const down = new Map();
  let drawing = null;
  const place = (event) => pointInPane(event, pane.getBoundingClientRect());

  function start(event) {
    pane.setPointerCapture(event.pointerId);
    down.set(event.pointerId, { point: place(event), x: event.clientX, y: event.clientY });
    on.activate();
    if (down.size > 1) endStroke("cancel", place(event));
    else if (event.button === 0 && on.draws()) {
      drawing = event.pointerId;
      on.stroke("start", place(event));
    }
  }

  function endStroke(phase, point) {
    if (drawing === null) return;
    drawing = null;
    on.stroke(phase, point);
  }

  function moveOne(event, before, point) {
    const isWindow = (event.buttons & 2) !== 0 || on.dragsWindow();
    if (isWindow) on.window(event.clientX - before.x, event.clientY - before.y);
    else on.pan(point.x - before.point.x, point.y - before.point.y);
  }

  function move(event) {
    const before = down.get(event.pointerId);
    if (!before) return;
    const point = place(event);
    if (drawing !== null) on.stroke("move", point);
    else if (down.size === 1) moveOne(event, before, point);
    else if (down.size === 2) {
      const [other] = [...down].filter(([id]) => id !== event.pointerId).map(([, held]) => held);
      on.pinch([before.point, other.point], [point, other.point]);
    }
    down.set(event.pointerId, { point, x: event.clientX, y: event.clientY });
  }

  function wheel(event) {
    event.preventDefault();
    on.activate();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_HEIGHT : 1);
    on.zoom(Math.exp(-pixels * WHEEL_RATE), place(event));
  }

  function end(event) {
    down.delete(event.pointerId);
    endStroke(event.type === "pointerup" ? "end" : "cancel", place(event));
  }

  pane.addEventListener("pointerdown", start);
  pane.addEventListener("pointermove", move);
  pane.addEventListener("pointerup", end);
  pane.addEventListener("pointercancel", end);
  pane.addEventListener("wheel", wheel, { passive: false });
  pane.addEventListener("contextmenu", (event) => event.preventDefault());
  pane.addEventListener("dragstart", (event) => event.preventDefault());
}
