/**
 * Mouse, pen and finger on the drawing area. A drag draws a shape; where a drag is not possible,
 * two clicks set the corners of a box, and each click a vertex or a dot.
 */

const CLICK_PX = 5;
const CLOSING_PX = 12;

/**
 * @param {HTMLElement} stage
 * @param {{pen: object, place: (event: PointerEvent) => object, pixel: () => number,
 *   finished: (shape: object) => void, moved: (isOver: boolean) => void}} on `pixel` is one of the
 *   screen as a length of the image; `moved` tells that the pen has to be drawn anew
 */
export function attachPointer(stage, { pen, place, pixel, finished, moved }) {
  let down = null;

  function start(event) {
    if (event.button !== 0 || down) return;
    stage.setPointerCapture(event.pointerId);
    down = { id: event.pointerId, x: event.clientX, y: event.clientY, wasOpen: pen.isOpen };
    pen.moveTo(place(event));
    if (!pen.isOpen && pen.tool !== "polygon") pen.set();
    moved(true);
  }

  function move(event) {
    if (down && down.id !== event.pointerId) return;
    const rests = event.movementX === 0 && event.movementY === 0;
    if (!down && rests) return; // the page moved under the mouse: the cursor may be the keyboard's
    if (down || pen.isOpen || event.pointerType === "mouse") pen.moveTo(place(event));
    moved(true);
  }

  function end(event) {
    if (down?.id !== event.pointerId) return;
    const far = Math.hypot(event.clientX - down.x, event.clientY - down.y) > CLICK_PX;
    const isSecond = down.wasOpen || far || pen.tool === "brush";
    down = null;
    pen.moveTo(place(event));
    const sets = pen.tool === "polygon" || isSecond;
    const shape = sets ? pen.set(CLOSING_PX * pixel()) : null;
    if (shape) finished(shape);
    moved(true);
  }

  function cancel(event) {
    if (down?.id !== event.pointerId) return;
    down = null;
    pen.leave();
    moved(false);
  }

  stage.addEventListener("pointerdown", start);
  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerup", end);
  stage.addEventListener("pointercancel", cancel);
  stage.addEventListener("pointerleave", () => down || moved(false));
  stage.addEventListener("dragstart", (event) => event.preventDefault());
}
