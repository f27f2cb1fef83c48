/**
 * What the policy of the site that sent this worker forbids.
 *
 * exports proveAllowed() -> void, whyRefused() -> Promise<string>
 */
import { Fault } from "../fault.js";

const WORDS =
  "This site's Content-Security-Policy forbids WebAssembly, and the lab runs on it. Whoever runs the site has to allow 'wasm-unsafe-eval' in script-src; Rooflab's README has the whole header.";

/** Asked with the smallest module there is: Chromium and Firefox refuse to compile it, WebKit to make an instance. */
export function proveAllowed() {
  try {
    new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch (error) {
    console.info("rooflab: WebAssembly:", error);
    throw new Fault(WORDS);
  }
}

const refused = new Set();
globalThis.addEventListener?.("securitypolicyviolation", ({ effectiveDirective, disposition }) => {
  if (disposition !== "report") refused.add(effectiveDirective);
});

/** Browsers tell of it a moment after what was forbidden failed. @returns {Promise<string>} a sentence, or nothing */
export async function whyRefused() {
  await new Promise((resolve) => setTimeout(resolve, 100));
  if (refused.size === 0) return "";
  return `This site's Content-Security-Policy forbids what the lab runs on: ${[...refused].join(", ")}. Whoever runs the site has to allow as much as the header in Rooflab's README.`;
}
