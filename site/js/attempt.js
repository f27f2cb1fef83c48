/**
 * exports attempt(storage, act, otherwise) -> T
 */

/**
 * Do something with a storage; where the browser refuses it, or has none, the answer is another.
 * @template T
 * @param {() => Storage|null} storage
 * @param {(store: Storage) => T} act
 * @param {T} otherwise
 * @returns {T}
 */
export function attempt(storage, act, otherwise) {
  try {
    return act(storage());
  } catch {
    return otherwise;
  }
}
