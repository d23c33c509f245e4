"use strict";
// Hide what was not asked for, and keep the address in step with what was.
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const form = document.querySelector(".filter");
  const [find, topic, count] = ["find", "topic", "count"].map((id) => document.getElementById(id));
  const ticks = all("[name=framework]");
  const entries = all(".entry").map((entry) => ({
    entry,
    topic: entry.parentElement.dataset.topic,
    frameworks: entry.dataset.frameworks.split(" "),
  }));

  // The words of a query as triptych/differences/words.py has them.
  const data = JSON.parse(document.getElementById("search").textContent);
  const empty = new Set(data.empty);
  const PART = /[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?d?|[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]+/g;

  function plain(word) {
    if (Object.hasOwn(data.synonyms, word)) return data.synonyms[word];
    let short = word;
    if (/(sses|ases)$/.test(word)) short = word.slice(0, -2);
    else if (/ies$/.test(word) && word.length > 4) short = word.slice(0, -3) + "y";
    else if (/s$/.test(word) && word.length > 3 && !/(ss|us|is|as)$/.test(word)) short = word.slice(0, -1);
    return Object.hasOwn(data.synonyms, short) ? data.synonyms[short] : short;
  }

  function words(text) {
    const found = [];
    for (const word of text.match(/[0-9A-Za-z_.\-]*[0-9A-Za-z]/g) ?? []) {
      const parts = (word.match(PART) ?? []).map((part) => part.toLowerCase());
      const whole = word.toLowerCase().replace(/[^0-9a-z]/g, "");
      if (parts.length > 1 && !/^[0-9]+$/.test(whole)) found.push(plain(whole));
      found.push(...parts.map(plain));
    }
    const joined = [];
    for (let i = 0; i < found.length; i++) {
      const pair = `${found[i]} ${found[i + 1]}`;
      if (Object.hasOwn(data.phrases, pair)) {
        joined.push(data.phrases[pair]);
        i++;
      } else joined.push(found[i]);
    }
    return joined.filter((word) => word && !empty.has(word));
  }

  function trigrams(word) {
    const wide = ` ${word} `;
    return new Set([...wide.slice(2)].map((_, i) => wide.slice(i, i + 3)));
  }

  const single = Object.keys(data.index).filter((word) => !word.includes(" ")).sort();
  function alike(word) {
    if (Object.hasOwn(data.index, word)) return word;
    const ours = trigrams(word);
    let best = "", most = -1;
    for (const known of single) {
      const theirs = trigrams(known);
      const both = [...ours].filter((t) => theirs.has(t)).length;
      const share = (2 * both) / (ours.size + theirs.size);
      if (share > most) [best, most] = [known, share];
    }
    return most > (word.length > 3 ? data.like : 0.99) ? best : "";
  }

  // The entries that answer a query, with their place: search.py's ranking.
  function ranked(query) {
    const found = words(query).map(alike).filter(Boolean);
    const pairs = found.slice(1).map((word, i) => `${found[i]} ${word}`).filter((_, i) => found[i] !== found[i + 1]);
    const scores = new Map();
    for (const word of new Set([...found, ...pairs])) {
      const adds = Object.hasOwn(data.index, word) ? data.index[word] : [];
      for (let i = 0; i < adds.length; i += 2) scores.set(adds[i], (scores.get(adds[i]) ?? 0) + adds[i + 1]);
    }
    const best = Math.max(...scores.values());
    const rounded = (score) => Math.round(score * 1e6);
    const order = [...scores].filter(([, score]) => score >= data.share * best);
    order.sort((a, b) => rounded(b[1]) - rounded(a[1]) || (data.names[a[0]] < data.names[b[0]] ? -1 : 1));
    return order.slice(0, data.most).map(([i]) => data.names[i]);
  }

  function show() {
    const query = find.value.trim();
    const answer = query ? ranked(query) : null;
    const frameworks = ticks.filter((tick) => tick.checked).map((tick) => tick.value);
    let shown = 0;
    for (const one of entries) {
      const fits =
        (!answer || answer.includes(one.entry.id)) &&
        (!topic.value || topic.value === one.topic) &&
        frameworks.every((framework) => one.frameworks.includes(framework));
      one.entry.hidden = !fits;
      shown += fits;
    }
    for (const section of all(".topic")) section.hidden = !section.querySelector(".entry:not([hidden])");
    best.replaceChildren(...(answer ?? []).filter((name) => !document.getElementById(name).hidden).map(item));
    best.hidden = !best.children.length;
    count.textContent = `${shown} of ${entries.length}`;
    document.getElementById("nothing").hidden = shown > 0;
  }

  // A link to an entry, in the list of the best answers.
  const best = document.getElementById("best");
  function item(name) {
    const [line, to] = [document.createElement("li"), document.createElement("a")];
    to.href = `#${name}`;
    to.textContent = document.getElementById(name).querySelector("h3").textContent;
    line.append(to);
    return line;
  }

  // An address such as …#adam_epsilon opens that entry, and …?find=words asks for these words. …#adam_epsilon opens that entry.
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
  find.value = new URLSearchParams(location.search).get("find") ?? "";
  show();
  open();
})();
