// A pack is many files in one: the length of an index as 8 hex digits, the index as JSON ([[name, size], ...]), the bytes.
import fs from "node:fs";

/** @param {string} target @param {Map<string, Uint8Array>} files */
export function writePack(target, files) {
  const entries = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const index = Buffer.from(JSON.stringify(entries.map(([name, bytes]) => [name, bytes.length])));
  const length = Buffer.from(index.length.toString(16).padStart(8, "0"));
  fs.writeFileSync(target, Buffer.concat([length, index, ...entries.map(([, bytes]) => bytes)]));
}

/** @param {string} source @returns {Map<string, Uint8Array>} */
export function readPack(source) {
  const bytes = fs.readFileSync(source);
  const length = parseInt(bytes.subarray(0, 8).toString(), 16);
  let at = 8 + length;
  return new Map(
    JSON.parse(bytes.subarray(8, at).toString()).map(([name, size]) => [name, new Uint8Array(bytes.subarray(at, (at += size)))]),
  );
}
