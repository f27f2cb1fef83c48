/**
 * The table of a picture's numbers, in words that Python wrote.
 *
 * exports fillTable(table, caption, rows) -> void
 */

/**
 * @param {HTMLTableElement} table
 * @param {string} caption
 * @param {[string, string][]} rows
 */
export function fillTable(table, caption, rows) {
  const text = JSON.stringify([caption, rows]);
  if (table.dataset.text === text) return;
  table.dataset.text = text;
  table.replaceChildren();
  table.createCaption().textContent = caption;
  for (const [name, value] of rows) {
    const row = table.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = name;
    row.append(head);
    row.insertCell().textContent = value;
  }
}
