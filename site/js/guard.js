// Runs when nothing else does: names the file that failed, reloads the page once past the cache, exports the stored
// ledger. It depends on no other file: the build puts it into the page, admitted by its hash, and early.js loads it as a
// file where the host's policy forbids that. Old syntax on purpose.
(function () {
  if (window.labGuard) return;
  var LATE_MS = 8000; // page.css shows the same notice after ten seconds, should this script not run
  var ANSWER_MS = 5000;
  var HASHED = /-([0-9a-f]{10})\.js$/;
  var RELOADED = "rooflab:reloaded";

  var root = document.documentElement;
  var base = location.href.replace(/[?#].*/, "").replace(/[^/]*$/, "");
  var failed = [];
  var refused = []; // directives of the host's policy that forbade what the lab runs on
  var unreadable = false; // a script came whose syntax this browser does not know, or half a script
  var told = false;
  var shown = false;

  // failed: addresses of scripts and style sheets; explain(address, done, stay?) gives a sentence about one, or reloads the page;
  // refusal() one about the host's policy, empty where that forbade nothing
  window.labGuard = { failed: failed, explain: explain, refusal: refusal };

  document.addEventListener("securitypolicyviolation", function (event) {
    var own = document.querySelector("meta[http-equiv='Content-Security-Policy']");
    var directive = event.effectiveDirective;
    if (event.disposition === "report" || (own && event.originalPolicy === own.content)) return;
    if (/^(script|worker|connect|require-trusted)/.test(directive) && refused.indexOf(directive) < 0) refused.push(directive);
  });

  window.addEventListener("error", function (event) {
    var from = event.target;
    var address = from === window ? event.filename : from.src || (from.rel === "stylesheet" && from.href);
    if (!address || address.indexOf(base) !== 0) return;
    var isSyntax = /SyntaxError/.test(event.message || "");
    if ((from !== window || isSyntax) && failed.indexOf(address) < 0) failed.push(address);
    if (!isBoot(address)) return;
    unreadable = isSyntax;
    tell();
  }, true);
  document.addEventListener("click", clicked, true);
  if (!("noModule" in document.createElement("script"))) {
    root.className += " old-browser"; // page.css shows a notice
    shown = true;
  } else {
    setTimeout(late, Math.max(0, LATE_MS - performance.now()));
  }

  function booted() {
    return root.hasAttribute("data-boot");
  }

  function isBoot(address) {
    return /\/js\/boot\b/.test(address);
  }

  function byId(id) {
    return document.getElementById(id);
  }

  function shortName(address) {
    return address.slice(base.length);
  }

  /** Once the notice is there; scripts and style sheets may still be on their way. */
  function whenParsed(act) {
    if (document.readyState !== "loading") return act();
    document.addEventListener("readystatechange", function once() {
      document.removeEventListener("readystatechange", once);
      act();
    });
  }

  /** The lab's script cannot run. */
  function tell() {
    if (told || booted()) return;
    told = true;
    whenParsed(function () {
      var script = document.querySelector("script[src*='js/boot']");
      explain(script ? script.src : base, function (words) {
        if (!booted()) show("The lab did not start", words, true);
      });
    });
  }

  /** Nothing failed, and the lab's script has not run yet. */
  function late() {
    if (told || booted()) return;
    whenParsed(function () {
      var waiting = elements("script[src]").filter(function (address) {
        return location.protocol !== "file:" && failed.indexOf(address) < 0 && performance.getEntriesByName(address).length === 0;
      });
      if (waiting.length === 0) return setTimeout(tell, 1000);
      if (!shown) {
        show("The lab has not started yet", "The browser is still waiting for " + counted(waiting) + ". A slow connection takes longer.");
      }
      setTimeout(late, 2000);
    });
  }

  function elements(selector) {
    return Array.prototype.map.call(document.querySelectorAll(selector), function (each) {
      return each.src || each.href;
    });
  }

  function counted(addresses) {
    var more = addresses.length - 1;
    return shortName(addresses[0]) + (more > 1 ? " and " + more + " other files" : more ? " and one other file" : "");
  }

  /**
   * Ask the host for the page and for a file of it that failed. Where both arrive well now, or the page no longer names
   * the file, the browser's cache was at fault and the page is reloaded, once in a tab.
   */
  function explain(address, done, stay) {
    var name = shortName(address);
    if (location.protocol === "file:") {
      return done(name + " is missing beside this page, or damaged.");
    }
    var before = booted();
    Promise.all([ask(location.href), ask(address)]).then(function (answers) {
      if (booted() !== before) return;
      var page = answers[0];
      var newer = Boolean(page) && page.status === 200 && /lab-files/.test(page.text) && page.text.indexOf(name) < 0;
      var fault = faultOf(name, answers[1]);
      if (refused.length) return done(refusal());
      if (!stay && (newer || !fault) && isFirst()) return reload();
      var others = failed.length - (failed.indexOf(address) < 0 ? 0 : 1);
      done(
        newer ? "This browser holds an old page of the lab: it names " + name + ", and the site's newer page does not."
        : !isWhole() ? "The page itself arrived cut off."
        : !fault && unreadable ? "This browser is too old for the lab. It needs a current Chrome, Edge, Firefox or Safari (2024 or later)."
        : name + " could not be used: " + (fault || "it arrives whole, but something in the browser or on the way kept it from running") + "." +
          (others > 1 ? " The same may hold for " + others + " other files." : others ? " The same may hold for one other file." : "")
      );
    });
  }

  function refusal() {
    return refused.length && "This site's Content-Security-Policy forbids what the lab runs on: " + refused.join(", ") +
      ". Whoever runs the site has to allow as much as the header in Rooflab's README.";
  }

  /** The last thing in the page is the list of the lab's files. */
  function isWhole() {
    try {
      return Boolean(JSON.parse(byId("lab-files").textContent));
    } catch (cut) {
      return false;
    }
  }

  /** What the host answers now, past the cache; nothing where no answer comes. */
  function ask(address) {
    return new Promise(function (resolve) {
      setTimeout(resolve, ANSWER_MS);
      fetch(address, { cache: "reload" }).then(function (response) {
        return response.arrayBuffer().then(function (bytes) {
          var answer = { status: response.status, type: (response.headers.get("content-type") || "").split(";")[0], text: new TextDecoder().decode(bytes) };
          var hash = HASHED.exec(address);
          if (!hash || !window.crypto || !crypto.subtle) return resolve(answer);
          return crypto.subtle.digest("SHA-256", bytes).then(function (digest) {
            var start = Array.prototype.map.call(new Uint8Array(digest, 0, 5), function (byte) {
              return (byte < 16 ? "0" : "") + byte.toString(16);
            });
            answer.damaged = start.join("") !== hash[1];
            resolve(answer);
          });
        });
      }).catch(function () {
        resolve();
      });
    });
  }

  /** @returns {string} empty where all is well */
  function faultOf(name, answer) {
    if (!answer) return "no answer comes; the connection fails, something blocks it, or a log-in page is in the way";
    if (answer.status !== 200) return "the site answers " + answer.status + (answer.status === 404 ? ", not found" : "");
    if (/html/.test(answer.type)) return "the site sends a web page in its place, perhaps a log-in page";
    var wanted = /\.css$/.test(name) ? "text/css" : "text/javascript";
    if (!/css|javascript|ecmascript/.test(answer.type)) return "the site sends it as " + (answer.type || "a file without a type") + ", and it must be " + wanted;
    return answer.damaged ? "it arrives damaged or cut off" : "";
  }

  /** Without a mark that lasts, the page might be reloaded for ever. */
  function isFirst() {
    try {
      if (sessionStorage.getItem(RELOADED)) return false;
      sessionStorage.setItem(RELOADED, "1");
      return sessionStorage.getItem(RELOADED) === "1";
    } catch (refused) {
      return false;
    }
  }

  /** Names with a hash never change their content: all others may be old in the cache, and so is what failed. */
  function reload() {
    var stale = elements("script[src], link[rel=stylesheet]").filter(function (address) {
      return !HASHED.test(address) || failed.indexOf(address) >= 0;
    });
    Promise.all([location.href].concat(stale).map(ask)).then(function () {
      location.reload();
    });
  }

  function show(title, words, final) {
    var panel = byId("failed");
    var ledger = stored();
    shown = true;
    if (!panel) return document.body.appendChild(document.createTextNode(title + ". " + words + " Reload the page."));
    byId("failed-title").textContent = title;
    byId("failed-what").textContent = words;
    byId("failed-ledger").textContent =
      ledger === null ? "This browser does not let the page see whether a ledger is saved here."
      : ledger ? "Your ledger is saved in this browser, as you left it."
      : "No ledger is saved in this browser under this address.";
    byId("failed-actions").hidden = false;
    panel.setAttribute("data-told", "");
    status("saved", ledger ? "saved" : "none", ledger ? "Saved in this browser" : "Nothing saved here");
    if (!final) return;
    status("stage", "failed", "Did not start");
    root.setAttribute("data-stage", "failed");
    performance.mark("rooflab:failed");
    Array.prototype.forEach.call(document.querySelectorAll("#open-help, .menu button:not(#export-ledger), .menu fieldset"), function (each) {
      each.disabled = true;
    });
    panel.focus();
  }

  function status(name, state, words) {
    var item = byId("status-" + name);
    item.setAttribute("data-state", state);
    item.querySelector(".words").textContent = words;
  }

  /** Before whatever the lab's script has bound before it failed. */
  function clicked(event) {
    if (!shown || booted()) return;
    var menu = byId("menu");
    var opener = byId("open-menu");
    var button = event.target.closest("button");
    if (!menu.contains(event.target)) setOpen(button === opener && menu.hidden);
    if (button && (button.id === "export-ledger" || button.hasAttribute("data-export"))) {
      setOpen(false);
      exportLedger();
    } else if (button && button.id === "failed-retry") reload();
    else if (button !== opener) return;
    event.stopImmediatePropagation();

    function setOpen(open) {
      menu.hidden = !open;
      opener.setAttribute("aria-expanded", String(open));
    }
  }

  /** This folder's ledger, or that of before the lab was called Rooflab: keys.js has both names. Null where storage is refused. */
  function stored() {
    try {
      var folder = location.pathname.replace(/[^/]*$/, "");
      return localStorage.getItem("rooflab:" + folder + ":ledger") || localStorage.getItem("ridgepoint:ledger") || "";
    } catch (refused) {
      return null;
    }
  }

  function exportLedger() {
    var text = stored();
    if (!text) return say("There is no ledger to export.");
    var now = new Date();
    var name = "rooflab-ledger-" + new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10) + ".json";
    var file = new File([text], name, { type: "application/json" });
    // In the app on an iPhone's home screen a download does nothing: download.js.
    if (navigator.standalone && navigator.canShare && navigator.canShare({ files: [file] })) return navigator.share({ files: [file] });
    var link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = name;
    link.click();
    say(name + " was handed to the browser for download.");
  }

  function say(words) {
    byId("live").textContent = words;
  }
})();
