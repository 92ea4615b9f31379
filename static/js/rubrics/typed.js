/** What was typed into a form while its answer was under way, so that the answer loses none of it. */

const isTyped = ({ name, type }) => Boolean(name) && type !== "hidden" && type !== "submit";

const keyOf = ({ name, type, value }) => (type === "checkbox" ? `${name}=${value}` : name);

const valueOf = ({ type, checked, value }) => (type === "checkbox" ? checked : value);

/** @param {Iterable<object>} elements of the form @returns {Map<string, string | boolean>} */
export function stateOf(elements) {
  return new Map([...elements].filter(isTyped).map((one) => [keyOf(one), valueOf(one)]));
}

/** The part of `now` that differs from `before`. */
export function changesSince(before, now) {
  return new Map([...now].filter(([key, value]) => before.get(key) !== value));
}

/** Type the changes into another form's elements. @returns {object[]} those that were changed */
export function retype(elements, changes) {
  const found = [...elements].filter((one) => isTyped(one) && changes.has(keyOf(one)));
  const differing = found.filter((one) => valueOf(one) !== changes.get(keyOf(one)));
  for (const one of differing) {
    if (one.type === "checkbox") one.checked = changes.get(keyOf(one));
    else one.value = changes.get(keyOf(one));
  }
  return differing;
}
