/** When a case was saved elsewhere since it was opened: nothing is overwritten unasked. */

import { caseAt } from "./cases.js";
import { text } from "./page.js";
import { sameContents } from "./sheet.js";

/** Two sets of answers exist: nothing goes on, and nothing is dropped, until one is chosen. */
export function askWhich(room, mine, message = text("conflict")) {
  const use = (contents) => () => {
    room.undecided = false;
    room.sheet.fill(contents);
    room.keep();
    room.showSheet();
    room.rail.focus();
  };
  room.undecided = true;
  room.freeze();
  room.notice.warn(message, [
    { label: text("use_saved"), run: use(room.sheet.saved) },
    { label: text("use_mine"), run: use(mine) },
  ]);
}

/** The server refused a revision: perhaps it has this very answer, its receipt lost. */
export async function settleConflict(room, { message }) {
  const mine = room.sheet.contents;
  const now = await caseAt(location.pathname).catch(() => null);
  if (!now) {
    const overview = { label: text("to_overview"), href: room.case.block_url };
    room.notice.warn(message ?? text("refused"), [overview]);
    return;
  }
  const { answers, comment, marks } = now;
  if (sameContents(now, mine)) {
    await room.saved(now);
    return;
  }
  room.case.revision = now.revision;
  room.sheet.saved = { answers, comment, marks };
  askWhich(room, mine, message);
}
