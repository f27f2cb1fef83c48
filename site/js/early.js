// Classic script, before the first paint: the chosen theme, whether the landing is one row, the guard where the page's own was refused, a word to a frame
// without an origin, Python's worker, which begins to load while the page is still being read, and the thread that inflates
// for it. Old syntax on purpose.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem("rooflab:theme") || localStorage.getItem("ridgepoint:theme");
    if (theme === "light" || theme === "dark") root.setAttribute("data-theme", theme);
  } catch (refused) {
    // No storage: the system's theme it is.
  }
  if (isUnderWay()) root.setAttribute("data-landing", "row");
  if (!window.labGuard) {
    // The host's policy forbids the copy that is inside the page.
    var guard = document.createElement("script");
    guard.src = "js/guard.js";
    document.head.appendChild(guard);
  }
  if (window.origin === "null" && location.protocol !== "file:") {
    root.className += " sandboxed";
    document.addEventListener("DOMContentLoaded", function () {
      document.getElementById("sandboxed-address").textContent = location.href;
    });
  }
  var script = document.currentScript;
  var address = script.getAttribute("data-worker");
  if (!address || !("Worker" in window)) return;
  try {
    // The worker reads from its name how to start; boot.js takes it over, and hears here if it failed before.
    var name = trapped(address) ? "?start=fallback" : location.search;
    var worker = new Worker(address, { type: "module", name: name });
    worker.onerror = function () {
      worker.failed = true;
    };
    window.labWorker = worker;
    if (name.indexOf("start=fallback") < 0) inflateBeside(worker, script.getAttribute("data-inflate"));
  } catch (refused) {
    // boot.js tries again and says why not.
  }

  /** Work is kept in this browser, for this folder or by a version before it, or the address leads into a track. */
  function isUnderWay() {
    if (/[/=]/.test(location.hash)) return true;
    var folder = location.pathname.slice(0, location.pathname.lastIndexOf("/") + 1);
    try {
      return Object.keys(localStorage).some(function (key) {
        return key.indexOf("ridgepoint:") === 0 ? /:(ledger|early)$/.test(key) : key.indexOf("rooflab:" + folder + ":") === 0 && /:(ledger|early|draft:.*)$/.test(key);
      });
    } catch (refused) {
      return false;
    }
  }

  /** The page makes this thread too: one that a worker makes does not always begin in Firefox, and the worker then hangs. */
  function inflateBeside(worker, file) {
    if (!file) return;
    var thread = new Worker(file, { type: "module" });
    var channel = new MessageChannel();
    thread.onerror = function () {
      worker.postMessage({ type: "inflater", failed: true });
    };
    thread.postMessage(null, [channel.port1]);
    worker.postMessage({ type: "inflater", port: channel.port2 }, [channel.port2]);
  }

  /** Python trapped in this tab, with this version of the lab: provider.js keeps this mark. */
  function trapped(version) {
    try {
      return sessionStorage.getItem("rooflab:trapped") === version;
    } catch (refused) {
      return false;
    }
  }
})();
