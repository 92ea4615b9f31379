/**
 * Paints shapes over the image: what is to be generated is tinted and outlined, the cursor and the
 * vertices of what was begun are drawn on top.
 */

const SHARE_THRESHOLD = 127;
const OUTLINE_STEPS = 12;
const CROSS = [4, 14];

/** Lay the outline of a shape, of fractions, into a path of width × height pixels. */
export function trace(path, shape, { width, height }) {
  if (shape.box) {
    const [left, top, right, bottom] = shape.box;
    const [w, h] = [(right - left) * width, (bottom - top) * height];
    if (shape.type === "rectangle") path.rect(left * width, top * height, w, h);
    else {
      const centre = [left * width + w / 2, top * height + h / 2];
      path.ellipse(...centre, w / 2, h / 2, 0, 0, 2 * Math.PI);
    }
    return;
  }
  shape.points.forEach(([x, y], index) => {
    const place = [x * width, y * height];
    if (index === 0) path.moveTo(...place);
    else path.lineTo(...place);
  });
  if (shape.type === "polygon") path.closePath();
}

function layer({ width, height }, options) {
  return Object.assign(document.createElement("canvas"), { width, height }).getContext(
    "2d",
    options,
  );
}

export class Painter {
  /** @param {HTMLCanvasElement} canvas over the image; its pixels are those of the mask */
  constructor(canvas) {
    this.size = { width: canvas.width, height: canvas.height };
    this.view = canvas.getContext("2d");
    this.mask = layer(this.size, { willReadFrequently: true });
    this.rim = layer(this.size);
  }

  /** The share of the image that the shapes cover. */
  share(shapes) {
    this.#fill(shapes);
    const { data } = this.mask.getImageData(0, 0, this.size.width, this.size.height);
    let covered = 0;
    for (let k = 3; k < data.length; k += 4) covered += data[k] > SHARE_THRESHOLD;
    return (4 * covered) / data.length;
  }

  /**
   * @param {object[]} shapes the one in hand last
   * @param {object} pen see pen.js
   * @param {{pixel: number, accent: string, focus: string, hasKeys: boolean, isOver: boolean}} how
   *   `pixel` is one of the screen in those of the mask
   */
  paint(shapes, pen, how) {
    this.#fill(shapes);
    this.view.clearRect(0, 0, this.size.width, this.size.height);
    this.view.globalAlpha = 0.34;
    this.#tint(this.mask, how.accent);
    this.view.globalAlpha = 1;
    this.#outline(3 * how.pixel, "#000");
    this.#outline(1.75 * how.pixel, how.accent);
    this.#begun(pen, how);
    if (how.hasKeys || how.isOver) this.#cursor(pen, how);
  }

  #fill(shapes) {
    const { mask, size } = this;
    mask.globalCompositeOperation = "source-over";
    mask.clearRect(0, 0, size.width, size.height);
    mask.lineCap = mask.lineJoin = "round";
    for (const shape of shapes) {
      mask.globalCompositeOperation = shape.erase ? "destination-out" : "source-over";
      mask.beginPath();
      trace(mask, shape, size);
      if (shape.type === "brush") this.#stroke(shape);
      else mask.fill("evenodd");
    }
  }

  #stroke({ points, radius }) {
    const { width, height } = this.size;
    const pixels = radius * Math.max(width, height);
    this.mask.lineWidth = 2 * pixels;
    this.mask.stroke();
    this.mask.beginPath();
    this.mask.arc(points[0][0] * width, points[0][1] * height, pixels, 0, 2 * Math.PI);
    this.mask.fill();
  }

  /** Draw a layer into the view, all of it in one colour. */
  #tint(source, colour) {
    const { rim, size } = this;
    if (source !== rim) {
      rim.globalCompositeOperation = "copy";
      rim.drawImage(source.canvas, 0, 0);
    }
    rim.globalCompositeOperation = "source-in";
    rim.fillStyle = colour;
    rim.fillRect(0, 0, size.width, size.height);
    this.view.drawImage(rim.canvas, 0, 0);
  }

  /** A line of this width around the mask, on its outer side. */
  #outline(width, colour) {
    const { rim, mask, size } = this;
    rim.globalCompositeOperation = "source-over";
    rim.clearRect(0, 0, size.width, size.height);
    for (let step = 0; step < OUTLINE_STEPS; step += 1) {
      const angle = (2 * Math.PI * step) / OUTLINE_STEPS;
      rim.drawImage(mask.canvas, width * Math.cos(angle), width * Math.sin(angle));
    }
    rim.globalCompositeOperation = "destination-out";
    rim.drawImage(mask.canvas, 0, 0);
    this.#tint(rim, colour);
  }

  #begun(pen, { pixel, focus }) {
    if (!pen.isOpen || pen.tool === "brush") return;
    const places = pen.points.map((point) => this.#pixels(point));
    if (pen.tool === "polygon") {
      this.view.beginPath();
      [...places, this.#pixels(pen.cursor)].forEach((place) => this.view.lineTo(...place));
      this.#line(pixel, focus);
    }
    places.forEach(([x, y], index) => {
      const half = (index === 0 ? 5 : 3.5) * pixel;
      this.view.beginPath();
      this.view.rect(x - half, y - half, 2 * half, 2 * half);
      this.#line(pixel, focus);
    });
  }

  #cursor(pen, { pixel, focus, hasKeys }) {
    const [x, y] = this.#pixels(pen.cursor);
    this.view.beginPath();
    if (pen.tool === "brush") {
      const radius = pen.radius * Math.max(this.size.width, this.size.height);
      this.view.arc(x, y, radius, 0, 2 * Math.PI);
    }
    if (hasKeys) {
      const [near, far] = CROSS.map((length) => length * pixel);
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        this.view.moveTo(x + dx * near, y + dy * near);
        this.view.lineTo(x + dx * far, y + dy * far);
      }
    }
    this.#line(pixel, focus);
  }

  #line(pixel, colour) {
    this.view.lineWidth = 3.5 * pixel;
    this.view.strokeStyle = "rgb(0 0 0 / 70%)";
    this.view.stroke();
    this.view.lineWidth = 1.5 * pixel;
    this.view.strokeStyle = colour;
    this.view.stroke();
  }

  #pixels({ x, y }) {
    return [x * this.size.width, y * this.size.height];
  }
}
