// The address holds the state: #network&data=ring&hidden=4,3. Opening it brings the same view back.

// → the name of a piece, and its settings as text
export function readAddress() {
  const [name, ...rest] = location.hash.slice(1).split("&");
  return [name, Object.fromEntries(new URLSearchParams(rest.join("&")))];
}

export function addressOf(name, settings) {
  const words = Object.entries(settings).filter(([, value]) => value !== undefined && value !== "");
  return `#${[name, ...words.map(([key, value]) => `${key}=${encodeURI(value)}`)].join("&")}`;
}

export function writeAddress(name, settings) {
  const embed = "embed" in readAddress()[1] ? { embed: "yes" } : {};
  try {
    history.replaceState(null, "", addressOf(name, { ...settings, ...embed }));
  } catch {
    // A browser may refuse hundreds of changes in a few seconds; the next one is written again.
  }
}

// A setting that is one of some values; whatever else the address says does no harm.
export const oneOf = (value, values) => (values.includes(value) ? value : values[0]);

export function whole(value, first, last, otherwise) {
  const number = Number(value);
  return value && Number.isInteger(number) && number >= first && number <= last ? number : otherwise;
}
