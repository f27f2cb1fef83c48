// Start the published Python with the folders that the library is compiled from, and in which its bytecode is kept.
import { startPublished } from "./pyodide.mjs";

/** @param {object} config  what write_config in image.py wrote */
export async function startCompiling(config) {
  const py = await startPublished(config.runtime);
  for (const name of ["published", "pylib", "inside", "kept"]) {
    py.FS.mkdirTree(`/${name}`);
    py.FS.mount(py.FS.filesystems.NODEFS, { root: config[name] }, `/${name}`);
  }
  py.globals.set("digests", py.toPy(config.digests));
  py.runPython(`
import sys
sys.dont_write_bytecode = True
sys.path[:0] = ["/pylib", "/published", "/inside"]
import make_library
from kept_bytecode import KeptBytecode
kept = KeptBytecode("/kept", **digests)
`);
  return py;
}
