/**
 * Where the lab's files come from: requests on a site, scripts beside the page in the double-click bundle.
 *
 * exports openAssets() -> Provider
 */

/**
 * @typedef {object} Provider
 * @property {number} total  bytes of a start, as they come over the network
 * @property {() => Worker} worker
 * @property {() => Promise<{message: object, transfer: Transferable[]}>} startMessage
 */

/** @returns {Provider} */
export function openAssets() {
  const manifest = JSON.parse(document.getElementById("lab-files").textContent);
  const total = Object.entries(manifest.files).reduce((sum, [name, file]) => sum + (name === "library" ? 0 : file.bytes), 0);
  return {
    total,
    worker: () => new Worker(new URL(manifest.worker, document.baseURI), { type: "module" }),
    startMessage: async () => ({ message: { base: document.baseURI, manifest }, transfer: [] }),
  };
}
