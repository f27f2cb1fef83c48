// Run a Python program inside Pyodide and write what it returns: node parity.mjs CONFIG.json
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const config = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const { startPublished } = await import(pathToFileURL(path.join(config.scripts, "pyodide.mjs")).href);
const py = await startPublished(config.runtime);
for (const name of ["published", "pylib", "program"]) {
  py.FS.mkdirTree(`/${name}`);
  py.FS.mount(py.FS.filesystems.NODEFS, { root: config[name] }, `/${name}`);
}
const answer = py.runPython(`
import sys
sys.dont_write_bytecode = True
sys.path[:0] = ["/pylib", "/published", "/program"]
import parity_program
parity_program.document()
`);
fs.writeFileSync(config.out, answer);
process.exit(0);
