// What the theme leaves out: keys for what scrolls, and a search that also works from disk.
"use strict";

// A result's extract is fetched from its page, which a browser does not do from disk.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// Whatever scrolls sideways can be reached and scrolled with the keyboard.
const SCROLLS = ".highlight pre, .table-wrapper, .output-table, mjx-container[display='true']";

function reachable(element) {
  if (element.scrollWidth > element.clientWidth + 1) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
}

document.addEventListener("DOMContentLoaded", () => {
  const watch = new ResizeObserver((changes) => changes.forEach((c) => reachable(c.target)));
  document.querySelectorAll(SCROLLS).forEach((element) => watch.observe(element));
});
