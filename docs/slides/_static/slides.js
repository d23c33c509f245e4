// Large and still: a slide is there or it is not, and nothing moves but what the speaker reveals.
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
