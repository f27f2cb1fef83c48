/**
 * Where the arrays of a kernel lie in the memory of its worker.
 *
 * exports placesOf(sizes) -> {at: number[], end: number}
 */

const FIRST_AT = 4096;
/** No two arrays begin at the same place of a 4 KiB page: a read would wait for a write that it takes for its own. */
const APART = 1344;

/** @param {number[]} sizes  bytes of each array */
export function placesOf(sizes) {
  let end = FIRST_AT;
  const at = sizes.map((size) => {
    const place = end;
    end += size + APART;
    return place;
  });
  return { at, end };
}
