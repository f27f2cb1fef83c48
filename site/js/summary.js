/**
 * A returning learner's place, read from the saved text before Python is there. Looks, never judges:
 * text of any other shape shows no more than that something is saved.
 *
 * exports showSavedPlace(text) -> boolean
 */

const TRACKS = new Map([
  ["cloud-titan", "Cloud Titan"],
  ["edge-guardian", "Edge Guardian"],
  ["mobile-nomad", "Mobile Nomad"],
  ["tiny-pioneer", "Tiny Pioneer"],
]);

const COUNTED = [
  ["prediction", "prediction", "predictions"],
  ["pin", "pinned reading", "pinned readings"],
  ["diagnosis", "diagnosis", "diagnoses"],
  ["reflection", "reflection", "reflections"],
];

/**
 * @param {string|null} text the saved ledger, or null to take the summary away
 * @returns {boolean} whether a summary is shown
 */
export function showSavedPlace(text) {
  const box = document.getElementById("saved-place");
  box.hidden = text === null;
  document.getElementById("saved-place-body").replaceChildren(...(text === null ? [] : lines(text).map(paragraph)));
  return text !== null;
}

/** @param {string} text @returns {string[]} */
function lines(text) {
  const entries = entriesOf(text);
  if (!entries) return ["Reading your saved work."];
  const counts = COUNTED.map(([kind, one, many]) => [entries.filter((entry) => entry?.kind === kind).length, one, many]);
  const held = counts.filter(([count]) => count > 0).map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
  const last = entries.at(-1);
  const track = TRACKS.get(entries.findLast((entry) => TRACKS.has(entry?.track))?.track);
  return [
    [track ?? "Your lab", day(last?.at)].filter(Boolean).join(", last worked on "),
    held.length ? `Saved so far: ${held.join(", ")}.` : "Nothing is committed yet.",
    "Restoring your workbench.",
  ];
}

/** @returns {any[]|null} */
function entriesOf(text) {
  try {
    const { entries } = JSON.parse(text);
    return Array.isArray(entries) ? entries : null;
  } catch {
    return null;
  }
}

function day(at) {
  const time = typeof at === "string" ? Date.parse(at) : NaN;
  if (Number.isNaN(time)) return "";
  return new Intl.DateTimeFormat("en", { dateStyle: "long" }).format(time);
}

function paragraph(words) {
  const made = document.createElement("p");
  made.textContent = words;
  return made;
}
