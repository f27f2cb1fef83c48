/**
 * Scripts and styles that the page loads only when they are wanted.
 *
 * exports lateScript(address, name, inline) -> Promise<module>, lateStyle(address) -> Promise<void>
 */

/**
 * @param {string} address
 * @param {string} name  of the global that the script makes in a page on disk, which may load classic scripts and nothing else
 * @param {boolean} inline  the page is on disk
 */
export async function lateScript(address, name, inline) {
  if (!inline) return import(new URL(address, document.baseURI).href);
  if (!window[name]) await loaded(Object.assign(document.createElement("script"), { src: address }));
  return window[name];
}

/** @param {string} address */
export async function lateStyle(address) {
  if (document.querySelector(`link[data-late="${address}"]`)) return;
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  sheet.dataset.late = address;
  await loaded(sheet);
}

function loaded(element) {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve, { once: true });
    element.addEventListener("error", () => (element.remove(), reject(new Error(`${element.src ?? element.href} did not load`))), { once: true });
    document.head.append(element);
  });
}
