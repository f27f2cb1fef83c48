// Find out which modules the lab uses and compile exactly those: node library.mjs CONFIG.json
import fs from "node:fs";
import path from "node:path";
import { writePack } from "./pack.mjs";
import { startPublished } from "./pyodide.mjs";

const config = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const py = await startPublished(config.runtime);
for (const name of ["published", "pylib", "inside"]) {
  py.FS.mkdirTree(`/${name}`);
  py.FS.mount(py.FS.filesystems.NODEFS, { root: config[name] }, `/${name}`);
}
const versions = "/lib/python3.14/site-packages/versions.json";
py.FS.writeFile(versions, JSON.stringify(config.versions));
py.runPython(`
import sys
sys.dont_write_bytecode = True
sys.path[:0] = ["/pylib", "/published", "/inside"]
import make_library
make_library.start_lazily()
`);
const inside = (name) => fs.readFileSync(path.join(config.inside, name), "utf8");
py.runPython("from rooflab import absent; absent.install(); make_library.note_models()");
py.runPython(inside("rehearse.py"));
fs.writeFileSync(path.join(config.out, "modules.json"), py.runPython("import json; json.dumps(make_library.loaded_modules())"));
py.runPython(inside("rehearse_screens.py")); // what it adds is in the library and not in the image
fs.writeFileSync(path.join(config.out, "shown.json"), py.runPython("json.dumps(sorted(make_library.shown))"));
const library = py.runPython("make_library.loaded_library()").toJs({ dict_converter: Object.fromEntries });
const files = new Map(Object.entries(library));
files.set(versions, Buffer.from(JSON.stringify(config.versions)));
writePack(path.join(config.out, "everything.pack"), files);
console.log(`${files.size} files`);
process.exit(0); // Panel's timers would keep the process alive
