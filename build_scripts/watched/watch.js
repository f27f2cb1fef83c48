// In the page while the sources are watched, and in no published file: reload when the site was made again, say how the
// page started, show what failed, and tell the terminal.
(function () {
  var POLL_MS = 250;
  var script = document.currentScript;
  var version = Number(script.getAttribute("data-version"));
  var hasImage = script.hasAttribute("data-image");
  var root = document.documentElement;
  var failures = [];
  var bar, words, details;

  window.addEventListener("error", function (event) {
    if (event.message) fail(event.message + (event.filename ? "\n" + event.filename + ":" + event.lineno : ""));
  });
  window.addEventListener("unhandledrejection", function (event) {
    fail(String((event.reason && event.reason.stack) || event.reason));
  });
  document.addEventListener("readystatechange", function begin() {
    document.removeEventListener("readystatechange", begin); // before boot.js, which lets Python start
    bar = document.createElement("aside");
    bar.id = "watch";
    bar.setAttribute("aria-label", "Watched sources");
    words = bar.appendChild(document.createElement("div"));
    details = bar.appendChild(document.createElement("pre"));
    document.body.appendChild(bar);
    if (window.labWorker) window.labWorker.addEventListener("message", heard);
    new MutationObserver(staged).observe(root, { attributes: true, attributeFilter: ["data-stage"] });
    poll();
  });

  function heard(event) {
    var message = event.data;
    if (message.type === "failed") fail(message.what);
    if (message.type === "console" && message.words.indexOf("rooflab: the start failed:") === 0) fail(message.words);
  }

  function staged() {
    if (root.dataset.stage === "live") tell({ shown: version, start: root.dataset.start });
  }

  function fail(what) {
    failures.push(what);
    tell({ failed: version, what: what });
    draw({ working: "", error: "" });
  }

  function tell(news) {
    fetch("watch/news", { method: "POST", body: JSON.stringify(news) }).catch(function () {});
  }

  function poll() {
    fetch("watch/state", { cache: "no-store" })
      .then(function (answer) {
        return answer.json();
      })
      .then(function (state) {
        if (state.version !== version) return location.reload();
        draw(state);
        setTimeout(poll, POLL_MS);
      })
      .catch(function () {
        draw({ working: "", error: "Nobody watches any more: python3 build_scripts serve has ended." });
        setTimeout(poll, 1000);
      });
  }

  function draw(state) {
    var error = state.error || failures.join("\n\n");
    bar.dataset.state = error ? "failed" : state.working ? "working" : "watching";
    write(words, state.working || (hasImage ? "Watching the sources. This page starts from the memory image, as the published lab does."
      : "Watching the sources. Python's sources changed since the memory image was made, so this page starts without it: slower than the published lab."));
    write(details, error);
  }

  function write(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }
})();
