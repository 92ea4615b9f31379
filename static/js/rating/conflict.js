/** When a case was saved elsewhere since it was opened: nothing is overwritten unasked. */

import { caseAt } from "./cases.js";
import { text } from "./page.js";
import { sameContents } from "./sheet.js";

/** Two sets of answers exist: nothing goes on, and nothing is dropped, until one is chosen. */
export function askWhich(room, mine, message = text("conflict")) {
  const use = (contents) => {
    room.undecided = false;
    room.sheet.fill(contents);
    room.saving.keep();
    room.showSheet();
    room.rail.focus();
  };
  const useSaved = async () => {
    await room.saving.discard();
    use(room.sheet.saved);
  };
  room.undecided = true;
  room.freeze();
  room.notice.warn(message, [
    { label: text("use_saved"), run: useSaved },
    { label: text("use_mine"), run: () => use(mine) },
  ]);
}

/** The server refused a revision: perhaps it has this very answer, its receipt lost. */
export async function settleConflict(room, { message }) {
  const shown = room.case;
  const mine = room.sheet.contents;
  const now = await caseAt(shown.page_url).catch(() => null);
  if (room.case !== shown) return;
  if (!now) {
    const overview = { label: text("to_overview"), href: shown.block_url };
    room.notice.warn(message ?? text("refused"), [overview]);
    return;
  }
  const { answers, comment, marks } = now;
  room.noteSaved({ answers, comment, marks }, now);
  if (!sameContents(now, mine)) {
    askWhich(room, mine, message);
    return;
  }
  await room.saving.discard();
  await room.go(now.next_url);
}
