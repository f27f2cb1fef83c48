/**
 * exports fingerprint(text) -> string
 */

/** Enough to tell one saved text from another: its length and a 32-bit FNV-1a hash of its characters. */
export function fingerprint(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return `${text.length}:${hash >>> 0}`;
}
