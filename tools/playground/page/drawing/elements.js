// The elements of a piece by their names within it: byId("radio")("loss") is #radio-loss.
export const byId = (piece) => (name) => document.getElementById(`${piece}-${name}`);

export function fillSelect(select, options) {
  select.replaceChildren(
    ...Object.entries(options).map(([value, words]) => new Option(words, value)),
  );
}
