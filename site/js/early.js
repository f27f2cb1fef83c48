// Classic script, before the first paint: the chosen theme, and a word to browsers without modules.
// Old syntax on purpose; everything else is an ES module.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem("ridgepoint:theme");
    if (theme === "light" || theme === "dark") root.setAttribute("data-theme", theme);
  } catch (refused) {
    // No storage: the system's theme it is.
  }
  if (!("noModule" in document.createElement("script"))) root.className += " old-browser";
})();
