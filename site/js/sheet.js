/**
 * On a narrow window the controls come up in a sheet over the page's lower half, so that what they do stays in sight.
 *
 * exports startSheet() -> void
 */

export function startSheet() {
  const sheet = document.getElementById("controls");
  const opener = document.getElementById("open-controls");
  opener.addEventListener("click", () => show(!sheet.hasAttribute("data-open")));
  document.getElementById("close-controls").addEventListener("click", () => show(false));
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !sheet.hasAttribute("data-open")) return;
    event.stopPropagation();
    show(false);
  });

  function show(isOpen) {
    sheet.toggleAttribute("data-open", isOpen);
    opener.ariaExpanded = String(isOpen);
    (isOpen ? document.getElementById("close-controls") : opener).focus();
  }
}
