/**
 * Read chosen and dropped files as bytes. What they hold is Python's to judge, so that the page and the command line
 * read the same files; the limits here are Python's too, and a test compares them.
 *
 * exports chosen(files) -> Found, dropped(transfer) -> Promise<Found>, readFile(file) -> ArrayBuffer,
 *   batches(found) -> Batch, one after the other, isZip(data) -> boolean
 */

export const READ_LIMIT_BYTES = 4_000_004;
export const ZIP_LIMIT_BYTES = 50_000_000;
const BATCH_FILES = 20;
const BATCH_BYTES = 8_000_000;

/**
 * @typedef {{files: {name: string, file: File}[], refused: [string, string][]}} Found
 * @typedef {{files: [string, ArrayBuffer][], refused: [string, string][], done: number, last: boolean}} Batch
 */

/** @param {Iterable<File>} files @returns {Found} */
export function chosen(files) {
  return { files: [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file })), refused: [] };
}

/**
 * Walk what was dropped, folders too. To be called while the drop event is served: afterwards the browser forgets it.
 * @param {DataTransfer} transfer
 * @returns {Promise<Found>}
 */
export function dropped(transfer) {
  const entries = [...transfer.items].filter(({ kind }) => kind === "file").map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.length === 0 || entries.includes(null)) return Promise.resolve(chosen(transfer.files));
  return walk(entries);
}

async function walk(entries) {
  const found = { files: [], refused: [] };
  const waiting = [...entries];
  while (waiting.length > 0) {
    const entry = waiting.shift();
    const name = entry.fullPath.replace(/^\//, "");
    try {
      if (entry.isDirectory) waiting.push(...(await inside(entry)));
      else found.files.push({ name, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) });
    } catch {
      found.refused.push([name, entry.isDirectory ? "The folder cannot be read." : "The file cannot be read."]);
    }
  }
  return found;
}

/** A folder's reader gives a hundred entries at a time, and none at the end. */
async function inside(folder) {
  const reader = folder.createReader();
  const entries = [];
  for (;;) {
    const more = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (more.length === 0) return entries;
    entries.push(...more);
  }
}

/** @param {Found} found @returns {AsyncGenerator<Batch>} at least one, and one that is marked as the last */
export async function* batches({ files, refused }) {
  let batch = { files: [], refused: [...refused] };
  let size = 0;
  for (const [at, { name, file }] of files.entries()) {
    try {
      const data = await readFile(file);
      batch.files.push([name, data]);
      size += data.byteLength;
    } catch {
      batch.refused.push([name, "The file cannot be read."]);
    }
    const last = at + 1 === files.length;
    if (!last && batch.files.length < BATCH_FILES && size < BATCH_BYTES) continue;
    yield { ...batch, done: at + 1, last };
    batch = { files: [], refused: [] };
    size = 0;
  }
  if (files.length === 0) yield { ...batch, done: 0, last: true };
}

/** Read as much of a file as tells Python whether it is too large. @param {File} file @returns {Promise<ArrayBuffer>} */
export async function readFile(file) {
  const limit = isZip(await file.slice(0, 4).arrayBuffer()) ? ZIP_LIMIT_BYTES : READ_LIMIT_BYTES;
  return file.slice(0, limit + 1).arrayBuffer();
}

/** @param {ArrayBuffer} data */
export function isZip(data) {
  const [first, second] = new Uint8Array(data, 0, Math.min(2, data.byteLength));
  return first === 0x50 && second === 0x4b;
}
