// Find out which modules the lab uses and compile exactly those: node library.mjs CONFIG.json
import fs from "node:fs";
import path from "node:path";
import { startCompiling } from "./compiling.mjs";
import { writePack } from "./pack.mjs";

const config = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const versions = "/lib/python3.14/site-packages/versions.json";
const py = await startCompiling(config);
py.FS.writeFile(versions, JSON.stringify(config.versions));
py.runPython("make_library.follow_imports(kept)");
const inside = (name) => fs.readFileSync(path.join(config.inside, name), "utf8");
py.runPython("from rooflab import absent; absent.install(); make_library.note_models()");
py.runPython(inside("rehearse.py"));
fs.writeFileSync(path.join(config.out, "modules.json"), py.runPython("import json; json.dumps(make_library.loaded_modules())"));
py.runPython(inside("rehearse_screens.py")); // what it adds is in the library and not in the image
fs.writeFileSync(path.join(config.out, "shown.json"), py.runPython("json.dumps(sorted(make_library.shown))"));
const library = py.runPython("make_library.loaded_library(kept)").toJs({ dict_converter: Object.fromEntries });
const files = new Map(Object.entries(library));
files.set(versions, Buffer.from(JSON.stringify(config.versions)));
writePack(path.join(config.out, "everything.pack"), files);
console.log(`${files.size} files, ${py.runPython("len(kept.compiled)")} modules compiled`);
process.exit(0); // Panel's timers would keep the process alive
