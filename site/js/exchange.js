/**
 * Several changes to the storage at once: all of them are made, or none.
 *
 * exports exchange(store, changes) -> boolean, isFull(error) -> boolean
 */

/** @typedef {[key: string, text: string|null][]} Changes  null deletes */

/**
 * New texts are written before old ones go; where there is no room for both, the old ones go first.
 * @param {Storage} store
 * @param {Changes} changes
 * @returns {boolean} false where the browser took the changes and did not keep them
 * @throws what the browser throws, after everything was put back
 */
export function exchange(store, changes) {
  const before = changes.map(([key]) => [key, store.getItem(key)]).sort(([, text]) => (text === null ? -1 : 1));
  try {
    return putOrUndo(store, changes, before);
  } catch (error) {
    if (!isFull(error) || changes.length === 1) throw error;
    put(store, before); // throws where the browser now takes nothing at all: it would not take this back later
    return putOrUndo(store, [...before.map(([key]) => [key, null]), ...changes], before);
  }
}

export function isFull(error) {
  return ["QuotaExceededError", "NS_ERROR_DOM_QUOTA_REACHED"].includes(error?.name) || error?.code === 22;
}

function putOrUndo(store, changes, before) {
  let done = false;
  try {
    done = put(store, changes);
  } finally {
    if (!done) put(store, before);
  }
  return done;
}

/** Write and delete in this order, and look whether it is so. @param {Storage} store @param {Changes} changes */
function put(store, changes) {
  for (const [key, text] of changes) {
    if (text === null) store.removeItem(key);
    else store.setItem(key, text);
  }
  return [...new Map(changes)].every(([key, text]) => store.getItem(key) === text);
}
