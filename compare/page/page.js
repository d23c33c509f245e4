"use strict";
// Two jobs: the columns of code, and an address that brings the same view back.
// Which backends are shown, and the theme, are ticks that the style sheet reads by itself.
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const view = document.querySelector(".sources");
  const choose = view.querySelector(".choose");
  const count = document.getElementById("columns");
  const picks = all("[data-column]", choose);
  const sources = all("option", picks[0]).map((option) => option.value);
  const ticks = all(".backends input");

  const most = Math.min(picks.length, sources.length);
  for (const option of all("option", count)) if (option.value > most) option.remove();
  const wanted = ["numpy", "torch", "keras"];
  const standard = {
    backends: ticks.map((tick) => tick.value).join(),
    columns: [...wanted, ...sources.filter((name) => !wanted.includes(name))]
      .filter((name) => sources.includes(name))
      .slice(0, innerWidth >= 1500 ? 3 : 2)
      .join(),
    theme: "auto",
  };

  function columns() {
    return picks.slice(0, count.value).map((pick) => pick.value);
  }

  function arrange() {
    const chosen = columns();
    view.style.setProperty("--columns", chosen.length);
    view.dataset.columns = chosen.length;
    picks.forEach((pick, i) => (pick.parentElement.hidden = i >= chosen.length));
    for (const row of all(".row", view)) {
      const cells = Object.fromEntries(all(".cell", row).map((cell) => [cell.dataset.source, cell]));
      for (const [name, cell] of Object.entries(cells)) cell.hidden = !chosen.includes(name);
      // In the document too, so that what is heard has the order of what is seen.
      row.lastElementChild.prepend(...chosen.map((name) => cells[name]));
      row.hidden = chosen.every((name) => cells[name].classList.contains("spare"));
    }
  }

  function show(names) {
    count.value = names.length;
    const rest = sources.filter((name) => !names.includes(name));
    picks.forEach((pick, i) => (pick.value = names[i] ?? rest[i - names.length] ?? sources[0]));
    arrange();
  }

  function read() {
    const given = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    const state = { ...standard, ...given };
    const shown = state.backends.split(",");
    for (const tick of ticks) tick.checked = shown.includes(tick.value);
    const names = [...new Set(state.columns.split(","))].filter((name) => sources.includes(name));
    show(names.length >= 2 ? names.slice(0, most) : standard.columns.split(","));
    (document.getElementById(`theme-${state.theme}`) ?? document.getElementById("theme-auto")).checked = true;
  }

  function write() {
    const state = {
      backends: ticks.filter((tick) => tick.checked).map((tick) => tick.value).join(),
      columns: columns().join(),
      theme: document.querySelector("[name=theme]:checked").value,
    };
    const changed = Object.entries(state).filter(([key, value]) => value !== standard[key]);
    const text = changed.map(([key, value]) => `${key}=${value}`).join("&");
    history.replaceState(null, "", `#${text}`);
  }

  for (const pick of picks) {
    pick.addEventListener("focus", () => (pick.dataset.before = pick.value));
    pick.addEventListener("change", () => {
      // A source stands in one column only: the two change places.
      const other = picks.find((one) => one !== pick && one.value === pick.value);
      if (other) other.value = pick.dataset.before;
      pick.dataset.before = pick.value;
    });
  }
  document.addEventListener("change", () => {
    arrange();
    write();
  });
  for (const link of all('a[href^="#"]')) {
    link.addEventListener("click", (event) => {
      // The address holds the view, so a jump within the page leaves it alone.
      event.preventDefault();
      const target = document.querySelector(link.hash);
      target.setAttribute("tabindex", "-1");
      target.focus({ preventScroll: true });
      target.scrollIntoView();
    });
  }
  addEventListener("hashchange", read);
  view.classList.add("arranged");
  for (const control of all(".count, .choose", view)) control.hidden = false;
  read();
})();
