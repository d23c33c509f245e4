// Missing in the theme: scrolling with the keyboard, a search that works from disk, and frames that
// are as high as what they show.
"use strict";

// Sphinx fetches the summary of a result from its page, which browsers refuse from disk.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// Elements that scroll sideways get the keyboard focus.
const SCROLLS = ".highlight pre, .table-wrapper, .output-table, mjx-container[display='true']";

function reachable(element) {
  if (element.scrollWidth > element.clientWidth + 1) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
}

// On paper nothing can be unfolded; code that only draws stays folded (it has a class).
addEventListener("beforeprint", () => {
  document.querySelectorAll("article details:not([class])").forEach((fold) => { fold.open = true; });
});

document.addEventListener("DOMContentLoaded", () => {
  const watch = new ResizeObserver((changes) => changes.forEach((c) => reachable(c.target)));
  document.querySelectorAll(SCROLLS).forEach((element) => watch.observe(element));
});

// A piece of the playground says how high it is.
addEventListener("message", (event) => {
  const height = Number(event.data?.playground);
  if (!(height > 0)) return;
  for (const frame of document.querySelectorAll("iframe.playground")) {
    if (frame.contentWindow === event.source) frame.style.height = `${Math.min(height, 4000)}px`;
  }
});
