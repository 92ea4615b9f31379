/* Uploads with progress. Without this module the form is sent as any other. */

const MEGABYTE = 2 ** 20;

/** Whole percent of `loaded` in `total` bytes; 100 only when all has been sent. */
export function percentage(loaded, total) {
  return total > 0 ? Math.floor((100 * Math.min(loaded, total)) / total) : 0;
}

/** Which limit files of these sizes in bytes break: "tooMany", "tooLarge" or nothing. */
export function brokenLimit(sizes, { mostFiles, mostMb }) {
  if (sizes.length > mostFiles) return "tooMany";
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return total > mostMb * MEGABYTE ? "tooLarge" : "";
}

/** The text with `{percent}` filled in. */
export function filled(text, percent) {
  return text.replace("{percent}", String(percent));
}

function enhance(form) {
  const files = form.elements.namedItem("files");
  const bar = form.querySelector("progress");
  const status = form.querySelector("[data-status]");
  const button = form.querySelector("[type=submit]");
  const texts = form.dataset;

  const tell = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };

  const busy = (yes) => {
    button.disabled = yes;
    bar.hidden = !yes;
  };

  const fail = () => {
    busy(false);
    tell(texts.lost);
  };

  const show = (percent) => {
    bar.value = percent;
    tell(percent < 100 ? filled(texts.uploading, percent) : texts.checking);
  };

  const answered = (request) => {
    if (request.status === 200) {
      location.assign(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const again = page.querySelector("form[data-upload]");
    if (request.status !== 422 || !again) {
      fail();
      return;
    }
    form.replaceWith(again);
    enhance(again);
    again.querySelector(".errorlist")?.scrollIntoView({ block: "center" });
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const limits = { mostFiles: Number(texts.mostFiles), mostMb: Number(texts.mostMb) };
    const broken = brokenLimit(Array.from(files.files, (file) => file.size), limits);
    if (broken) {
      tell(texts[broken]);
      return;
    }
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (sent) => show(percentage(sent.loaded, sent.total)));
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", fail);
    request.addEventListener("abort", fail);
    request.send(new FormData(form));
    busy(true);
    show(0);
  });
}

if (typeof document !== "undefined") {
  document.querySelectorAll("form[data-upload]").forEach(enhance);
}
