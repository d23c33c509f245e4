// The program on the screen, with buttons to copy it, to save it, and to copy the address.
import { byId, fillSelect } from "../drawing/elements.js";
import { programOf, PROGRAMS } from "./programs.js";

const el = byId("export");
const panel = document.getElementById("export");
let name, recipe;

fillSelect(el("framework"), Object.fromEntries(Object.entries(PROGRAMS).map(([key, [title]]) => [key, title])));

const program = () => programOf(el("framework").value, recipe);
// The data stand first, as they must; what one wants to read begins with the model.
function write() {
  const text = program();
  const lines = text.split("\n");
  el("code").textContent = text;
  el("code").scrollTop = (el("code").scrollHeight * (lines.indexOf("# model") - 1)) / lines.length;
}

// piece: whose network it is; loss: → its loss now
export function showExport(piece, next, loss) {
  [name, recipe] = [piece, next];
  panel.hidden = false;
  el("loss").textContent = `${loss()}, after ${recipe.epochs} ${recipe.epochs === 1 ? "epoch" : "epochs"}.`;
  el("message").textContent = "";
  write();
}

export function hideExport() {
  panel.hidden = true;
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    el("message").textContent = `${what} is copied.`;
  } catch {
    // A page from disk may not write to the clipboard everywhere: then it is selected instead.
    getSelection().selectAllChildren(el("code"));
    el("message").textContent = "The browser does not let me: the program is selected, copy it by hand.";
  }
}

el("framework").addEventListener("change", write);
el("copy").addEventListener("click", () => copy(program(), "The program"));
el("link").addEventListener("click", () => copy(location.href, "The link"));
el("save").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([program()], { type: "text/x-python" }));
  link.download = `${name}_${el("framework").value}.py`;
  link.click();
  URL.revokeObjectURL(link.href);
});
