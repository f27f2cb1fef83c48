// Bring the lab's own modules in a library up to date, without running the lab: node update.mjs CONFIG.json
import fs from "node:fs";
import path from "node:path";
import { startCompiling } from "./compiling.mjs";
import { readPack, writePack } from "./pack.mjs";

const config = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const py = await startCompiling(config);
const pack = path.join(config.out, "everything.pack");
const library = readPack(pack);
for (const name of library.keys()) if (name.includes("/site-packages/rooflab/")) library.delete(name);
const own = py.runPython("make_library.own_library(kept)").toJs({ dict_converter: Object.fromEntries });
for (const [name, bytes] of Object.entries(own)) library.set(name, bytes);
writePack(pack, library);
process.exit(0);
