/* The review queue: one box that chooses all pictures of the page. */

function enhance(form) {
  const choice = form.querySelector("[data-all]");
  const all = choice.querySelector("input");
  const boxes = Array.from(form.querySelectorAll("[name=selected]"));

  const reflect = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };

  all.addEventListener("change", () => {
    boxes.forEach((box) => {
      box.checked = all.checked;
    });
  });
  form.addEventListener("change", reflect);
  choice.hidden = false;
  reflect();
}

document.querySelectorAll("form[data-review]").forEach(enhance);
