// Find out which modules the lab uses and compile exactly those: node library.mjs CONFIG.json
import fs from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { writePack } from "./pack.mjs";

const REHEARSAL = "rehearse";
const SCREENS = "rehearse_screens"; // what it adds is in the library and not in the image

const config = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const threads = availableParallelism() > 1 ? [[REHEARSAL], [SCREENS]] : [[REHEARSAL, SCREENS]];
const walked = await Promise.all(threads.map(walk));
const out = (name, thing) => fs.writeFileSync(path.join(config.out, name), JSON.stringify(thing));

out("modules.json", walked[0].modules);
out("shown.json", [...new Set(walked.flatMap(({ shown }) => shown))].sort());
const versions = ["/lib/python3.14/site-packages/versions.json", Buffer.from(JSON.stringify(config.versions))];
const files = new Map([...walked.flatMap(({ library }) => Object.entries(library)), versions]);
writePack(path.join(config.out, "everything.pack"), files);
console.log(`${files.size} files, ${new Set(walked.flatMap(({ compiled }) => compiled)).size} modules compiled`);
process.exit(0); // Panel's timers would keep the threads alive

/** Take walks through the lab, one after the other, in a thread of their own. */
function walk(walks) {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL("./walk.mjs", import.meta.url), { workerData: { config, walks } });
    thread.on("message", resolve);
    thread.on("error", reject);
    thread.on("exit", (code) => reject(new Error(`a thread ended with ${code}`)));
  });
}
