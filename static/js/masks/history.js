/** What can be undone. Pure: a history is {steps, at}, a step the list of all shapes. */

const MOST = 200;

export const EMPTY = { steps: [[]], at: 0 };

export const shapesOf = ({ steps, at }) => steps[at];
export const canUndo = ({ at }) => at > 0;
export const canRedo = ({ steps, at }) => at < steps.length - 1;

/** A new step; what was undone before it is gone, and so is what lies too far back. */
export function pushed({ steps, at }, shapes) {
  const kept = [...steps.slice(0, at + 1), shapes].slice(-MOST);
  return { steps: kept, at: kept.length - 1 };
}

export const undone = (history) => (canUndo(history) ? { ...history, at: history.at - 1 } : history);
export const redone = (history) => (canRedo(history) ? { ...history, at: history.at + 1 } : history);
