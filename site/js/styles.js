/**
 * Tell of style sheets that do not come: the page's own, and those that views bring into their shadow roots.
 *
 * The browser says that a link failed to that link alone, and views make theirs out of reach. So what they name is asked
 * for once more by a link of the page, and guard.js hears that one fail. Most come from the cache.
 *
 * exports createStyles() -> Styles
 */

import { whyFailed } from "./failure.js";
import { showNotice } from "./notice.js";

/**
 * @typedef {object} Styles
 * @property {(models: Iterable<any>) => void} note  models were put up, style sheets among them
 * @property {() => Promise<void>} tell  from now on, tell of those that fail
 */

/** @returns {Styles} */
export function createStyles() {
  const known = new Set();
  let waiting = [];
  let isTelling = false;
  let told = 0;
  return { note, tell };

  function note(models) {
    for (const { type, url } of models) {
      if (type !== "ImportedStyleSheet" || known.has(url)) continue;
      known.add(url);
      waiting.push(url);
    }
    if (isTelling && waiting.length > 0) tell();
  }

  async function tell() {
    isTelling = true;
    const urls = waiting;
    waiting = [];
    await Promise.all(urls.map(settled));
    const failed = (window.labGuard?.failed ?? []).filter((address) => address.endsWith(".css"));
    if (failed.length === told) return;
    told = failed.length;
    const why = await whyFailed(failed[0], "", true);
    showNotice({ id: "styles", kind: "failed", words: `${why} The lab works without it, but looks plain.` });
  }
}

/** Ask for a style sheet without using it, until it has come or failed. */
function settled(href) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", media: "not all", href });
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    document.head.append(link);
  }).finally(() => link.remove());
}
