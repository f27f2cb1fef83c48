/**
 * Take gzip off a stream if it is there: some hosts and proxies unpack `.gz` files on the way, others do not.
 *
 * exports inflated(stream) -> Promise<{stream, packed}>
 */

/**
 * Judge by the first two bytes, never by the name or the headers.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {Promise<{stream: ReadableStream<Uint8Array>, packed: boolean}>}
 */
export async function inflated(stream) {
  const reader = stream.getReader();
  const head = [];
  let first = [];
  while (first.length < 2) {
    const { done, value } = await reader.read();
    if (done) break;
    head.push(value);
    first = [...first, ...value.subarray(0, 2)];
  }
  const packed = first[0] === 0x1f && first[1] === 0x8b;
  const whole = new ReadableStream({
    async pull(controller) {
      if (head.length) return controller.enqueue(head.shift());
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { stream: packed ? whole.pipeThrough(new DecompressionStream("gzip")) : whole, packed };
}
