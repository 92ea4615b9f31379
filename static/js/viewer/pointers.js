/** Mouse, pen and touch on one pane: drag, right drag, wheel and pinch, told as plain numbers.
 * While `draws()`, a drag with the first button or finger is told as a stroke instead; while
 * `aims()`, one finger only points. */

import { pointInPane } from "./transform.js";

const WHEEL_RATE = 0.0016;
const LINE_HEIGHT = 16;

/**
 * @param {HTMLElement} pane
 * @param {{activate: Function, pan: Function, pinch: Function, zoom: Function, window: Function,
 *   dragsWindow: () => boolean, draws: () => boolean, aims: () => boolean, stroke: Function,
 *   point: Function, leave: Function, twice: Function}} on pan(dx, dy), pinch(before, after),
 *   zoom(factor, point), point(point, isTouch) and stroke(phase, point) in fits (see
 *   transform.js), a phase being start, move, end or cancel; window(dx, dy) in screen pixels;
 *   twice() for a double click or tap
 */
export function attachPointers(pane, on) {
  const down = new Map();
  let drawing = null;
  const place = (event) => pointInPane(event, pane.getBoundingClientRect());

  function start(event) {
    pane.setPointerCapture(event.pointerId);
    down.set(event.pointerId, { point: place(event), x: event.clientX, y: event.clientY });
    on.activate();
    if (down.size === 1) point(event);
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

  const isTouch = (event) => event.pointerType === "touch";
  const point = (event) => on.point(place(event), isTouch(event));

  function moveOne(event, before, now) {
    const isWindow = (event.buttons & 2) !== 0 || on.dragsWindow();
    if (isWindow) on.window(event.clientX - before.x, event.clientY - before.y);
    else if (!(isTouch(event) && on.aims())) {
      on.pan(now.x - before.point.x, now.y - before.point.y);
    }
  }

  function moveDown(event, before, now) {
    if (drawing !== null) on.stroke("move", now);
    else if (down.size === 1) moveOne(event, before, now);
    else if (down.size === 2) {
      const [other] = [...down].filter(([id]) => id !== event.pointerId).map(([, held]) => held);
      on.pinch([before.point, other.point], [now, other.point]);
    }
  }

  function move(event) {
    const before = down.get(event.pointerId);
    if (before) {
      const now = place(event);
      moveDown(event, before, now);
      down.set(event.pointerId, { point: now, x: event.clientX, y: event.clientY });
    }
    if (down.size < 2) point(event);
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
  pane.addEventListener("pointerleave", on.leave);
  pane.addEventListener("dblclick", () => {
    if (!on.draws() && !on.dragsWindow()) on.twice();
  });
  pane.addEventListener("wheel", wheel, { passive: false });
  pane.addEventListener("contextmenu", (event) => event.preventDefault());
  pane.addEventListener("dragstart", (event) => event.preventDefault());
}
