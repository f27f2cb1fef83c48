/**
 * Read chosen files as text, each judged alone: what is too large or no text is named with the reason.
 *
 * exports readFiles(files) -> {files: [name, text][], refused: [name, reason][]}, readText(file) -> text, SIZE_LIMIT_BYTES
 */

export const SIZE_LIMIT_BYTES = 1_000_000;

/** @param {File[]} chosen */
export async function readFiles(chosen) {
  const files = [];
  const refused = [];
  for (const file of chosen) {
    const name = file.webkitRelativePath || file.name;
    if (!name.toLowerCase().endsWith(".json")) {
      refused.push([name, "A ledger is a .json file, and this is none."]);
    } else if (file.size > SIZE_LIMIT_BYTES) {
      refused.push([name, `The file is ${(file.size / 1e6).toFixed(1)} MB, and a ledger is at most 1 MB.`]);
    } else {
      try {
        files.push([name, await readText(file)]);
      } catch {
        refused.push([name, "The file could not be read as text."]);
      }
    }
  }
  return { files, refused };
}

/** @param {File} file @returns {Promise<string>} fails for bytes that are not UTF-8: they must not become other characters unseen */
export async function readText(file) {
  return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
}
