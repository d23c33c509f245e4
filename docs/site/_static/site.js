// Whatever scrolls sideways can be reached and scrolled with the keyboard.
"use strict";

const SCROLLS = ".highlight pre, .table-wrapper, .said-table, mjx-container[display='true']";

function reachable(element) {
  if (element.scrollWidth > element.clientWidth + 1) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
}

document.addEventListener("DOMContentLoaded", () => {
  const watch = new ResizeObserver((changes) => changes.forEach((c) => reachable(c.target)));
  document.querySelectorAll(SCROLLS).forEach((element) => watch.observe(element));
});
