/**
 * Say something through the page's live region.
 *
 * exports announce(words) -> void
 */

/** @param {string} words */
export function announce(words) {
  const region = document.getElementById("live");
  // Screen readers pass over text that did not change, so the same words get a new node.
  region?.replaceChildren(document.createTextNode(words));
}
