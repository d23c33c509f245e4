// Finds on one slide, shown with all its steps: text that is too small, and text that touches other
// text, a line, or the edge. The figures are SVGs with glyphs as outlines; each is laid over its
// place on the slide, measured there, and removed.
([figures, limits]) => {
  const slide = window.Reveal ? Reveal.getCurrentSlide() : document.querySelector("main");
  const page = window.Reveal
    ? slide.getBoundingClientRect()
    : { left: 0, right: innerWidth, top: -scrollY, bottom: document.documentElement.scrollHeight };
  const found = [];
  const say = (kind, where, what) => found.push(`${kind}: ${where}: ${what}`);
  const meets = (a, b, by) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > by &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > by;
  const within = (a, b, by) =>
    a.left >= b.left - by && a.right <= b.right + by && a.top >= b.top - by && a.bottom <= b.bottom + by;

  // The words of the slide itself.
  const words = [];
  const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (!node.textContent.trim() || element.closest("aside, .hidden")) continue;
    const text = node.textContent.trim().slice(0, 40);
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < limits.smallest && !element.closest("sub, sup")) say("small", size, text);
    const range = document.createRange();
    range.selectNodeContents(node);
    const block = element.closest("p, li, h1, h2, td, th, pre, blockquote, div");
    for (const rect of range.getClientRects()) {
      if (!within(rect, page, limits.edge)) say("outside", "slide", text);
      for (const other of words)
        if (other.block !== block && !other.block.contains(block) && !block.contains(other.block) &&
            meets(rect, other.rect, limits.touch)) say("text on text", text, other.text);
      words.push({ rect, text, block });
    }
  }

  const images = [...slide.querySelectorAll(".drawn img")];
  for (const image of images) {
    const name = image.getAttribute("src");
    const box = image.getBoundingClientRect();
    const cover = document.createElement("div");
    cover.style = `position: fixed; z-index: 99; left: ${box.left}px; top: ${box.top}px; ` +
      `width: ${box.width}px; height: ${box.height}px`;
    cover.innerHTML = figures[name].slice(figures[name].indexOf("<svg"));
    document.body.append(cover);
    const svg = cover.firstElementChild;
    svg.setAttribute("width", "100%");
    svg.setAttribute("height", "100%");
    measure(svg, name);
    cover.remove();
  }
  return found;

  function measure(svg, name) {
    const scale = svg.getScreenCTM().a;
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const corner = svg.createSVGPoint().matrixTransform(svg.getScreenCTM());
    const paper = {
      left: corner.x, top: corner.y, right: corner.x + width * scale, bottom: corner.y + height * scale,
    };
    const texts = [];
    for (const group of svg.querySelectorAll('g[id^="text_"]')) {
      const comments = [...group.childNodes].filter((n) => n.nodeType === Node.COMMENT_NODE);
      const text = comments.map((n) => n.data.trim()).join(" ").slice(0, 40);
      const outlines = [...group.children].filter((e) => !/^patch_/.test(e.id));  // one for a line
      const glyphs = outlines.flatMap((line) => [...line.querySelectorAll("use")])
        .map((e) => e.getBoundingClientRect()).filter((r) => r.width && r.height);
      if (!glyphs.length) continue;
      const size = 100 * scale * Number(/scale\(([\d.]+)/.exec(outlines[0].getAttribute("transform"))[1]);
      if (size < limits.smallest) say("small", name, `${size.toFixed(1)} ${text}`);
      const rect = {
        left: Math.min(...glyphs.map((r) => r.left)), right: Math.max(...glyphs.map((r) => r.right)),
        top: Math.min(...glyphs.map((r) => r.top)), bottom: Math.max(...glyphs.map((r) => r.bottom)),
      };
      if (!within(rect, paper, limits.edge)) say("outside", name, text);
      // A frame with a filling, drawn just before the words, hides what is behind them.
      const frame = group.querySelector('g[id^="patch_"] path');
      const framed = frame && !/fill: none/.test(frame.getAttribute("style"));
      for (const other of texts)
        if (meets(rect, other.rect, limits.touch) &&
            glyphs.some((g) => other.glyphs.some((o) => meets(g, o, limits.touch))))
          say("text on text", name, `${text} | ${other.text}`);
      texts.push({ group, text, rect, glyphs, framed });
    }
    // Lines: curves, arrows, spines and frames, but not the grid and the marks of the axes, which
    // are pale or short, and not lines without an outline.
    const strokes = svg.querySelectorAll(
      'g[id^="line2d_"] > path, g[id^="LineCollection_"] path, g[id^="patch_"] > path');
    for (const path of strokes) {
      const style = getComputedStyle(path);
      if (style.stroke === "none" || !Number(style.strokeOpacity) || path.closest("defs")) continue;
      const tick = path.closest('g[id^="xtick_"], g[id^="ytick_"]');
      if (tick) continue;
      const matrix = path.getScreenCTM();
      const clear = limits.clear + (scale * parseFloat(style.strokeWidth)) / 2;
      const length = path.getTotalLength();
      const fill = style.fill;
      if (/^patch_/.test(path.parentElement.id) && fill === style.stroke) continue;
      const points = [];
      for (let at = 0; at <= length; at += limits.step / scale) {
        const p = path.getPointAtLength(at).matrixTransform(matrix);
        points.push(p);
      }
      const clip = path.getAttribute("clip-path");
      for (const { group, text, rect, glyphs, framed } of texts) {
        if (group.contains(path)) continue;
        const before = path.compareDocumentPosition(group) & Node.DOCUMENT_POSITION_FOLLOWING;
        if (framed && before) continue;
        const inside = (p, r, by) =>
          p.x > r.left + by && p.x < r.right - by && p.y > r.top + by && p.y < r.bottom - by;
        const near = points.filter((p) => inside(p, rect, -clear) && (!clip || visible(p, svg, clip)));
        if (near.some((p) => glyphs.some((g) => inside(p, g, -clear))))
          say("text on line", name, `${text} | ${path.parentElement.id}`);
      }
    }
  }

  function visible(point, svg, clip) {
    const rect = svg.querySelector(`${clip.slice(4, -1)} > rect`);
    if (!rect) return true;
    const r = svgBox(rect, svg);
    return point.x >= r.left && point.x <= r.right && point.y >= r.top && point.y <= r.bottom;
  }

  function svgBox(rect, svg) {
    const matrix = svg.getScreenCTM();
    const at = (x, y) => {
      const p = svg.createSVGPoint();
      p.x = x;
      p.y = y;
      return p.matrixTransform(matrix);
    };
    const [x, y, w, h] = ["x", "y", "width", "height"].map((n) => Number(rect.getAttribute(n)));
    const [a, b] = [at(x, y), at(x + w, y + h)];
    return { left: a.x, top: a.y, right: b.x, bottom: b.y };
  }
}
