/**
 * Stands in for `pyodide` when the benchmark bundles the lab's own worker: Python is left where a debugger finds it.
 *
 * Never shipped. In the worker: observed.run(source) returns the value of a Python program, observed.bytes() the size
 * of Python's memory, observed.heap() that of the worker's own objects (0 where the browser does not say).
 */
import { loadPyodide as load } from "../../build/runtime/pyodide.mjs";

export async function loadPyodide(options) {
  const python = await load(options);
  globalThis.observed = {
    run: (source) => python.runPython(source, { globals: python.toPy({ __name__: "observed" }) }),
    bytes: () => python._module.HEAPU8.length,
    heap: () => performance.memory?.usedJSHeapSize ?? 0,
  };
  return python;
}
