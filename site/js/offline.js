/**
 * Work without a network, and take a new version only when the learner agrees.
 *
 * exports startOffline(options) -> Promise<void>
 */

import { showNotice } from "./notice.js";

/**
 * @param {object} options
 * @param {(network: "online"|"offline") => void} options.onNetwork
 * @param {() => Promise<void>} [options.onWhole]  all is kept; what is to be done before the learner is told
 * @param {string} [options.worker] address of the service worker, relative to the page
 */
export async function startOffline({ onNetwork, onWhole = async () => {}, worker = "sw.js" }) {
  const tell = () => onNetwork(navigator.onLine ? "online" : "offline");
  window.addEventListener("online", tell);
  window.addEventListener("offline", tell);
  tell();

  if (location.protocol === "file:") {
    say("disk", "This copy is on your disk and works without a network.");
    return;
  }
  if (!("serviceWorker" in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register(worker);
    if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
    registration.addEventListener("updatefound", () => follow(registration.installing));
    if (registration.installing) follow(registration.installing);
    const { active } = await Promise.race([navigator.serviceWorker.ready, givenUp(registration.installing)]);
    if (!(await isWhole(active))) throw new Error("a file that the browser has thrown away could not be fetched again");
    await onWhole().catch((error) => console.info("rooflab: the offline copy stays packed:", error.message));
    say("kept", "Kept on this device: it works without a network from now on.");
  } catch (error) {
    // A blocked or failed registration leaves a lab that needs the network, which is no harm.
    console.info("rooflab: no offline copy:", error.message);
    say("none", "An offline copy could not be kept, so the lab needs the network.");
  }
}

/** @param {ServiceWorker|null} found */
function follow(found) {
  found?.addEventListener("statechange", () => {
    if (found.state === "installed" && navigator.serviceWorker.controller) offer(found);
  });
}

/** @param {ServiceWorker} worker @returns {Promise<boolean>} whether it has every file, or has fetched those that were gone */
function isWhole(worker) {
  const { port1, port2 } = new MessageChannel();
  worker.postMessage("rooflab:keep", [port2]);
  return new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
}

/** Reject when a first installation fails; `ready` alone would wait for ever. */
function givenUp(installing) {
  return new Promise((_, reject) => {
    installing?.addEventListener("statechange", () => {
      if (installing.state === "redundant") reject(new Error("a file was missing or not as built"));
    });
  });
}

/** @param {ServiceWorker} waiting */
function offer(waiting) {
  showNotice({
    id: "update",
    words: "A newer version of the lab is ready. Your ledger stays as it is.",
    actions: [
      {
        label: "Reload now",
        run() {
          navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
          waiting.postMessage("rooflab:update");
        },
      },
      { label: "Later" },
    ],
  });
}

/** @param {"disk"|"kept"|"none"} state @param {string} words */
function say(state, words) {
  const said = document.getElementById("offline-words");
  said.textContent = words;
  said.dataset.state = state;
}
