/**
 * The lab inside another page, such as a learning platform's: browsers may keep another ledger there, and the page
 * around it may forbid downloads, printing and new tabs without a word.
 *
 * exports isFramed() -> boolean, tellFramed(memo) -> void, print() -> void
 */

import { showNotice } from "./notice.js";

export function isFramed() {
  return window.top !== window;
}

/** Say it once, and keep a link at the end of the page. @param {import("./memo.js").Memo} memo */
export function tellFramed(memo) {
  if (!isFramed()) return;
  const line = document.getElementById("open-alone");
  line.hidden = false;
  line.querySelector("a").href = location.href;
  if (!memo.firstTime("framed")) return;
  const words = sharesOrigin()
    ? "The lab is shown inside another page. Alone, with the same ledger, it is at this address:"
    : "The lab is shown inside another page, where this browser may keep another ledger than the lab's own. Export and Import in the menu carry yours over to the lab alone, at this address:";
  showNotice({ id: "framed", words, link: location.href, target: "_blank" });
}

/** Print; where the page around the lab forbids it, nothing happens at all. */
export function print() {
  let begun = false;
  const begin = () => (begun = true);
  window.addEventListener("beforeprint", begin);
  window.print();
  window.removeEventListener("beforeprint", begin);
  if (begun || !isFramed()) return;
  showNotice({
    id: "print",
    words: "If nothing is printed, the page around the lab does not allow it. Open the lab alone, at this address:",
    link: location.href,
    target: "_blank",
  });
}

function sharesOrigin() {
  try {
    return window.top.location.origin === location.origin;
  } catch {
    return false;
  }
}
