/**
 * Bring the living pictures once the lab is live and a bench is open, and hand them what Python tells.
 *
 * exports startPictures(options) -> Pictures
 */
import { lateScript, lateStyle } from "./late.js";

/**
 * @typedef {object} Pictures
 * @property {(message: object, since: number|null) => void} show  the message of a picture, and when the learner caused it
 * @property {() => void} live  the lab answers
 * @property {() => void} repaint  the colours changed
 */

/** The picture of tiles, and the step that cuts them. */
const TILES = "tiles";
const CUTTING = "propose";

/**
 * @param {object} options
 * @param {(message: object) => void} options.post
 * @returns {Pictures}
 */
export function startPictures({ post }) {
  let isLive = false;
  let stage = null;
  let coming = false;
  let last = null;
  let preferred = "system";
  new MutationObserver(followStep).observe(document.body, { attributeFilter: ["data-step"] });

  return {
    show(message, since) {
      last = message;
      if (message.picture && message.chosen !== TILES) preferred = message.chosen;
      if (stage) stage.show(message, since);
      else bring();
    },
    live() {
      isLive = true;
      bring();
    },
    repaint: () => stage?.repaint(),
  };

  /** The tiles are looked at where they are cut, and what the learner chose anywhere else. */
  function followStep() {
    if (!isLive || !last?.picture) return;
    const cuts = document.body.dataset.step === CUTTING && last.choices.some(({ id }) => id === TILES);
    if (cuts !== (last.chosen === TILES)) post({ type: "picture", name: cuts ? TILES : preferred });
  }

  async function bring() {
    if (!isLive || coming || !last?.picture) return;
    coming = true;
    try {
      const { openPictures } = await load();
      await lateStyle("css/picture.css");
      stage = openPictures(post);
      stage.show(last, null);
      followStep();
    } catch (error) {
      console.warn("The living picture could not be loaded; the lab works without it.", error);
    }
    coming = false; // after a failure, with the next change
  }
}

/** @returns {Promise<{openPictures: (post: Function) => import("./pictures/stage.js").Stage}>} */
function load() {
  const { pictures, inline } = JSON.parse(document.getElementById("lab-files").textContent);
  return lateScript(pictures, "labPictures", inline);
}
