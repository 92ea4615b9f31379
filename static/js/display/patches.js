/** The display check's fields and what is said of them. Pure. */

/** In a random order. @param {() => number} random from 0 up to 1 */
export function shuffled(values, random = Math.random) {
  const mixed = [...values];
  for (let index = mixed.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [mixed[index], mixed[other]] = [mixed[other], mixed[index]];
  }
  return mixed;
}

/**
 * @param {{grounds: Object<string, number>, steps: number[]}} pattern grey levels; a step of 0 is a
 *   field without a square
 * @returns {{ground: string, level: number, step: number}[][]} rows of fields, each row shuffled
 */
export function rowsOf({ grounds, steps }, random = Math.random) {
  return Object.entries(grounds).map(([ground, level]) =>
    shuffled(steps, random).map((step) => ({ ground, level, step })),
  );
}

/** Grey level of a field's square: away from white on a bright ground, else away from black. */
export function squareLevel({ level, step }) {
  return level > 200 ? level - step : level + step;
}

/** @returns {{name: string, value?: number} | null} what a key does; null leaves it to the browser */
export function keyAction({ code, altKey, ctrlKey, metaKey }) {
  if (altKey || ctrlKey || metaKey) return null;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code);
  if (digit) return { name: "toggle", value: Number(digit[1]) };
  if (code === "ArrowDown") return { name: "row", value: 1 };
  if (code === "ArrowUp") return { name: "row", value: -1 };
  return code === "Enter" || code === "NumpadEnter" ? { name: "onward" } : null;
}
