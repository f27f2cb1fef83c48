/**
 * Put up a notice that stays until it is dealt with; the same id replaces the one before.
 *
 * exports showNotice(notice) -> close function
 */

/**
 * @param {object} notice
 * @param {string} notice.id
 * @param {string} notice.words
 * @param {string} [notice.link]  an address, shown in full to be copied
 * @param {string} [notice.target]  where the link opens
 * @param {"note"|"failed"} [notice.kind]
 * @param {{label: string, run?: () => void}[]} [notice.actions] each also closes the notice
 * @param {HTMLElement} [notice.place]  where it belongs, if not above the lab
 * @returns {() => void}
 */
export function showNotice({ id, words, link, target = "", kind = "note", actions = [{ label: "Dismiss" }], place }) {
  const box = document.createElement("div");
  box.className = "notice";
  box.id = `notice-${id}`;
  box.dataset.kind = kind;
  box.setAttribute("role", kind === "failed" ? "alert" : "status");
  const text = document.createElement("p");
  text.textContent = words;
  const row = document.createElement("p");
  row.className = "actions";
  for (const { label, run } of actions) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      box.remove();
      run?.();
    });
    row.append(button);
  }
  box.append(text, ...(link ? [linkLine(link, target)] : []), row);
  document.getElementById(box.id)?.remove();
  (place ?? document.getElementById("notices")).append(box);
  return () => box.remove();
}

function linkLine(address, target) {
  const line = document.createElement("p");
  line.className = "address";
  const made = document.createElement("a");
  Object.assign(made, { href: address, textContent: address, target, rel: "noopener" });
  line.append(made);
  return line;
}
