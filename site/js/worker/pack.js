/**
 * Read a pack, many files in one: the length of an index as 8 hex digits, the index as JSON, the files end to end.
 *
 * exports unpack(bytes) -> Map of name to bytes
 */

/** @param {Uint8Array} bytes @returns {Map<string, Uint8Array>} */
export function unpack(bytes) {
  const text = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
  let at = 8 + parseInt(text(0, 8), 16);
  return new Map(JSON.parse(text(8, at)).map(([name, size]) => [name, bytes.subarray(at, (at += size))]));
}
