/**
 * Hand a text to the learner as a file.
 *
 * exports download(text, name, kind?) -> void
 */

/**
 * @param {string} text
 * @param {string} name
 * @param {string} [kind]  media type
 */
export function download(text, name, kind = "application/json") {
  const url = URL.createObjectURL(new Blob([text], { type: kind }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read the blob after click() returns.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
