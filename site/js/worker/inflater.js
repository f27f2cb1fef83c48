/**
 * Python's thread's end of the line to the thread that inflates.
 *
 * exports createInflater() -> Inflater
 */

/**
 * @typedef {object} Inflater
 * @property {(port: MessagePort|null) => void} connect  the line, or null where there will be none; the first word counts
 * @property {() => void} fail  the thread failed
 * @property {(file: {url: string, name: string}, when: Promise<any>, count: (bytes: number, packed: boolean) => void)
 *   => Promise<ReadableStream<Uint8Array>|null>} stream
 *   the file's inflated bytes, inflated from when a promise is settled; null without a line
 * @property {() => Promise<Uint8Array|null>} decoder  Brotli's decoder, which the thread brings for both; null if it does not
 */

/** @returns {Inflater} */
export function createInflater() {
  let connect, fail, take;
  let hear = () => {};
  const connected = new Promise((resolve) => (connect = resolve));
  const failed = new Promise((resolve) => (fail = resolve));
  const decoder = new Promise((resolve) => (take = resolve));
  failed.then(() => take(null));
  connected.then((port) => {
    if (!port) return take(null);
    port.onmessage = ({ data }) => ("decoder" in data ? take(data.decoder) : hear(data));
  });
  return {
    connect,
    fail,
    decoder: () => decoder,
    async stream(file, when, count) {
      const port = await connected;
      return port && new ReadableStream({ start: (controller) => read(port, file, when, count, controller) });
    },
  };

  function read(port, file, when, count, controller) {
    let ended = false;
    const end = (act) => {
      if (ended) return;
      ended = true;
      act();
      port.postMessage({ end: true });
    };
    failed.then(() => end(() => controller.error(new Error("the thread that inflates the memory image failed"))));
    hear = (data) => {
      if (data.received) count(data.received, data.packed);
      else if (data.failed) end(() => controller.error(new Error(data.failed)));
      else if (data.bytes) controller.enqueue(data.bytes);
      else end(() => controller.close());
    };
    port.postMessage(file);
    when.finally(() => port.postMessage({ go: true }));
  }
}
