/**
 * The scripts that draw the lab: come, or which of them is at fault.
 *
 * exports bokehLoaded() -> Promise<void>, bokehWhole() -> Promise<void>, ofScript(error) -> Promise<Error>
 */

import { whyFailed } from "./failure.js";
import { FileFault } from "./fault.js";
import { lateScript } from "./late.js";

const DRAWING_FAILED = "A script that draws the lab is missing, blocked or damaged.";

/** Wait for the scripts that draw the lab. @throws {FileFault} */
export async function bokehLoaded() {
  if (window.Bokeh?.Panel === undefined && document.readyState !== "complete") {
    await new Promise((resolve) => window.addEventListener("DOMContentLoaded", resolve, { once: true }));
  }
  if (window.Bokeh?.Panel !== undefined) return;
  throw new FileFault(DRAWING_FAILED);
}

/** Bring what the first document does not need: figures, tables, most widgets. @throws {FileFault} */
export async function bokehWhole() {
  const { drawing, inline } = JSON.parse(document.getElementById("lab-files").textContent);
  await lateScript(drawing, "labDrawing", inline).catch((error) => console.info("rooflab:", error));
  if (!window.Bokeh.whole) throw new FileFault(await whyFailed(new URL(drawing, document.baseURI).href, DRAWING_FAILED));
}

/**
 * Name the script that keeps the lab from being drawn. One that comes empty is no error to a browser.
 * @param {Error} error
 * @returns {Promise<Error>}  the same where no script is at fault
 */
export async function ofScript(error) {
  const scripts = [...document.querySelectorAll("script[defer]")].map(({ src }) => src);
  const isEmpty = (address) => performance.getEntriesByName(address)[0]?.decodedBodySize === 0;
  const file = scripts.find((address) => window.labGuard?.failed.includes(address)) ?? scripts.find(isEmpty);
  return file ? new FileFault(await whyFailed(file, DRAWING_FAILED)) : error;
}
