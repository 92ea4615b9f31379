/** Recipes of masks as the server reads them (generation/masks.py), and the lines of a plan. Pure. */

/** A shape of an oval that has a name, one that chance drew, and what they are without it. */
export const regionShape = (region, box) => ({ type: "ellipse", box, region });
export const chanceShape = ({ points, random }) => ({ type: "polygon", points, random });
const plain = ({ region, random, ...shape }) => shape;

/** Alone, a region or an area by chance is kept as what it is; else all shapes are. */
export function recipeOf(shapes) {
  const [{ region, random } = {}] = shapes;
  if (shapes.length === 1 && region) return { region };
  if (shapes.length === 1 && random) return { random };
  return { shapes: shapes.map(plain) };
}

/** The text with one more line; as it was if the line stands there already. */
export function withLine(text, line) {
  const lines = text.split("\n").filter((one) => one.trim());
  return lines.some((one) => one.trim() === line) ? text : [...lines, line].join("\n");
}
