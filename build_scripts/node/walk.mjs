// A thread of library.mjs: take its walks through the lab, and tell what they loaded and what the lab shows.
import fs from "node:fs";
import path from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { startCompiling } from "./compiling.mjs";

const { config, walks } = workerData;
const py = await startCompiling(config);
py.FS.writeFile("/lib/python3.14/site-packages/versions.json", JSON.stringify(config.versions));
py.runPython("import json; make_library.follow_imports(kept)");
py.runPython("from rooflab import absent; absent.install(); make_library.note_models()");
const told = (expression) => JSON.parse(py.runPython(`json.dumps(${expression})`));
const take = (walk) => py.runPython(fs.readFileSync(path.join(config.inside, `${walk}.py`), "utf8"));

take(walks[0]);
const modules = told("make_library.loaded_modules()");
walks.slice(1).forEach(take);
const shown = told("list(make_library.shown)");
const library = py.runPython("make_library.loaded_library(kept)").toJs({ dict_converter: Object.fromEntries });
const models = told("make_library.loaded_models()");
parentPort.postMessage({ modules, shown, models, library, compiled: told("kept.compiled") });
parentPort.on("message", (hollow) => {
  py.globals.set("hollow", py.toPy(hollow));
  parentPort.postMessage(py.runPython("make_library.hollowed(kept, hollow)").toJs({ dict_converter: Object.fromEntries }));
});
