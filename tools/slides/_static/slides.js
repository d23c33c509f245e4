// A headless browser paints no frames, and reveal.js waits for some of them before it lays out the
// pages: without this a printed deck would be one empty page.
if (location.search.includes("print-pdf")) {
  window.requestAnimationFrame = (frame) => setTimeout(frame, 0);
}

// Large and without animation: nothing moves except what the speaker reveals.
Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  display: "flex",
  hash: true,
  slideNumber: "c/t",
  transition: "none",
  backgroundTransition: "none",
  controlsTutorial: false,
  scrollActivationWidth: null,
  pdfSeparateFragments: false, // one page for a slide, with all answers on it
  pdfMaxPagesPerSlide: 1,
  plugins: [RevealNotes],
});
