// Hide every line and sentence that does not contain all words of the search field.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const [form, find, count] = [".filter", "#find", "#count"].map((one) => document.querySelector(one));
  const lines = all("[data-words]");

  function show() {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const line of lines) {
      const fits = words.every((word) => line.dataset.words.includes(word));
      line.hidden = !fits;
      shown += fits;
    }
    const empty = (box) => words.length > 0 && !box.querySelector("[data-words]:not([hidden])");
    for (const box of all(".scroll, tbody, .quiet, .changes, .backend")) box.hidden = empty(box);
    for (const box of all(".quiet")) box.open = words.length > 0;
    count.textContent = words.length ? `${shown} of ${lines.length}` : "";
    document.getElementById("nothing").hidden = shown > 0 || lines.length === 0;
  }

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  find.value = new URLSearchParams(location.search).get("find") ?? "";
  show();
})();
