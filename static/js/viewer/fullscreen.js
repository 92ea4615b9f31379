/** The whole screen for one pane, where the browser gives it; elsewhere the whole window. */

export class FullScreen {
  /** @param {() => void} onLeave the reader has left it by the browser's own way */
  constructor(onLeave) {
    this.full = false;
    document.addEventListener("fullscreenchange", () => {
      if (!document.fullscreenElement) onLeave();
    });
  }

  /** Called in the key press or click, without which no browser gives the screen. */
  follow({ full }) {
    if (full === this.full) return;
    this.full = full;
    document.body.classList.toggle("is-full", full);
    if (full) document.documentElement.requestFullscreen?.({ navigationUI: "hide" }).catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen();
  }
}
