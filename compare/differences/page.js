"use strict";
// Hide what was not asked for, and keep the address in step with what was.
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const form = document.querySelector(".filter");
  const [find, topic, count] = ["find", "topic", "count"].map((id) => document.getElementById(id));
  const ticks = all("[name=framework]");
  const entries = all(".entry").map((entry) => ({
    entry,
    text: entry.textContent.toLowerCase() + " " + entry.id,
    topic: entry.parentElement.dataset.topic,
    frameworks: entry.dataset.frameworks.split(" "),
  }));

  function show() {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const frameworks = ticks.filter((tick) => tick.checked).map((tick) => tick.value);
    let shown = 0;
    for (const one of entries) {
      const fits =
        words.every((word) => one.text.includes(word)) &&
        (!topic.value || topic.value === one.topic) &&
        frameworks.every((framework) => one.frameworks.includes(framework));
      one.entry.hidden = !fits;
      shown += fits;
    }
    for (const section of all(".topic")) section.hidden = !section.querySelector(".entry:not([hidden])");
    count.textContent = `${shown} of ${entries.length}`;
    document.getElementById("nothing").hidden = shown > 0;
  }

  // An address such as …#adam_epsilon opens that entry.
  function open() {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.matches(".entry")) {
      target.hidden = target.parentElement.hidden = false;
      target.open = true;
      target.scrollIntoView();
    }
  }

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", open);
  form.hidden = false;
  show();
  open();
})();
