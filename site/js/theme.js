/**
 * Light, dark or as the system, and always light on paper; the choice is kept, and whoever draws on canvas is told.
 *
 * exports startTheme(onChange?, storage?) -> {effective: () => "light"|"dark"}
 */

import { attempt } from "./attempt.js";
import { THEME } from "./keys.js";

/**
 * @param {(theme: "light"|"dark") => void} [onChange]
 * @param {() => Storage|null} [storage]
 */
export function startTheme(onChange = () => {}, storage = () => window.localStorage) {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => root.dataset.theme ?? "system";
  const effective = () => root.dataset.theme ?? (dark.matches ? "dark" : "light");
  let shown = effective();

  for (const radio of document.querySelectorAll('#theme input[name="theme"]')) {
    radio.checked = radio.value === chosen();
    radio.addEventListener("change", () => choose(radio.value));
  }
  dark.addEventListener("change", tell);
  startPrint();
  return { effective };

  function choose(theme) {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    attempt(storage, (store) => store.setItem(THEME, theme), undefined); // else the choice lasts as long as the page
    tell();
  }

  /** CSS knows paper from a screen by itself; figures have to be drawn again before, and after. */
  function startPrint() {
    let onScreen;
    window.addEventListener("beforeprint", () => {
      onScreen = root.dataset.theme;
      root.dataset.theme = "light";
      tell();
    });
    window.addEventListener("afterprint", () => {
      if (onScreen === undefined) delete root.dataset.theme;
      else root.dataset.theme = onScreen;
      tell();
    });
  }

  function tell() {
    if (effective() === shown) return;
    shown = effective();
    onChange(shown);
  }
}
