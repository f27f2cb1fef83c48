/**
 * Name what this browser lacks that the lab cannot do without, and say so on the page.
 *
 * exports missingSupport() -> string[]
 */

const NEEDED = {
  WebAssembly: () => typeof WebAssembly === "object",
  "web workers": () => typeof Worker === "function",
  "gzip decompression": () => typeof DecompressionStream === "function",
  "dialog windows": () => typeof HTMLDialogElement === "function",
  "modern arrays": () => typeof Array.prototype.findLast === "function",
};

/** @returns {string[]} empty where all is there */
export function missingSupport() {
  if (typeof WebAssembly !== "object") document.getElementById("webassembly-off").hidden = false;
  const missing = Object.keys(NEEDED).filter((name) => !NEEDED[name]());
  if (missing.length && !(missing.length === 1 && missing[0] === "WebAssembly")) {
    document.getElementById("old-browser-missing").textContent = `Missing here: ${missing.join(", ")}.`;
    document.getElementById("old-browser").hidden = false;
  }
  return missing;
}
