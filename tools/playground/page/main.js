// One piece at a time, as the address says: playground.html#network.
import { readAddress } from "./drawing/address.js";
import { hideExport } from "./export/panel.js";
import { programOf } from "./export/programs.js";
import { trained, untrained } from "./math/recipe.js";
import { close as closeNetwork, draw as drawNetwork, open as openNetwork } from "./pieces/network.js";
import { close as closePerceptron, draw as drawPerceptron, open as openPerceptron } from "./pieces/perceptron.js";
import { close as closeRadio, draw as drawRadio, open as openRadio } from "./pieces/radio.js";
import { recipeOf, settingOf } from "./pieces/settings.js";
import { close as closeSlope, draw as drawSlope, open as openSlope } from "./pieces/slope.js";
import { close as closeSoftmax, draw as drawSoftmax, open as openSoftmax } from "./pieces/softmax.js";

const PIECES = {
  radio: { open: openRadio, draw: drawRadio, close: closeRadio },
  perceptron: { open: openPerceptron, draw: drawPerceptron, close: closePerceptron },
  slope: { open: openSlope, draw: drawSlope, close: closeSlope },
  softmax: { open: openSoftmax, draw: drawSoftmax, close: closeSoftmax },
  network: { open: openNetwork, draw: drawNetwork, close: closeNetwork },
};
let shown;

function show() {
  const [wanted, words] = readAddress();
  const name = wanted in PIECES ? wanted : "radio";
  if (shown) PIECES[shown].close();
  hideExport();
  shown = name;
  document.body.classList.toggle("embedded", "embed" in words);
  for (const each of Object.keys(PIECES)) {
    document.getElementById(`piece-${each}`).hidden = each !== name;
    const link = document.querySelector(`nav [data-piece="${each}"]`);
    if (each === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  PIECES[name].open();
}

const redraw = () => PIECES[shown].draw();
addEventListener("hashchange", show);
addEventListener("resize", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
document.querySelector(".theme").addEventListener("change", redraw);
document.querySelector(".skip").addEventListener("click", (event) => {
  // The address holds the view, so a jump within the page leaves it alone.
  event.preventDefault();
  document.getElementById("main").focus();
});
show();

// In a lesson's page the frame takes the height that the piece needs.
new ResizeObserver(() => {
  if (parent !== window) parent.postMessage({ playground: document.body.scrollHeight }, "*");
}).observe(document.body);

// For a reader's console, and for the tests, which hold these numbers against NumPy's.
window.triptych = { programOf, recipeOf, settingOf, trained, untrained };
