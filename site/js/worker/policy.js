/**
 * Whether the policy of the site that sent this worker allows WebAssembly.
 *
 * exports proveAllowed() -> void
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
