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
const walking = threads.map((walks) => new Worker(new URL("./walk.mjs", import.meta.url), { workerData: { config, walks } }));
const walked = await Promise.all(walking.map(answer));
const hollow = unmade(walked.map(({ models }) => models));
const hollowed = await Promise.all(walking.map((thread) => (thread.postMessage(hollow), answer(thread))));
const out = (name, thing) => fs.writeFileSync(path.join(config.out, name), JSON.stringify(thing));

out("modules.json", walked[0].modules);
out("shown.json", [...new Set(walked.flatMap(({ shown }) => shown))].sort());
const versions = ["/lib/python3.14/site-packages/versions.json", Buffer.from(JSON.stringify(config.versions))];
const files = new Map([...walked.flatMap(({ library }) => Object.entries(library)), ...hollowed.flatMap(Object.entries), versions]);
writePack(path.join(config.out, "everything.pack"), files);
const count = Object.values(hollow).flat().length;
console.log(`${files.size} files, ${new Set(walked.flatMap(({ compiled }) => compiled)).size} modules compiled, ${count} classes hollow`);
process.exit(0); // Panel's timers would keep the threads alive

/** The next word of a thread that walks through the lab. */
function answer(thread) {
  return new Promise((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", (code) => reject(new Error(`a thread ended with ${code}`)));
  });
}

/** Names of the classes, by module, of which no walk made a model or one that inherits from it. */
function unmade(walks) {
  const found = {};
  for (const module of new Set(walks.flatMap(Object.keys))) {
    const names = new Set(walks.flatMap((models) => Object.keys(models[module] ?? {})));
    const left = [...names].filter((name) => !walks.some((models) => models[module]?.[name])).sort();
    if (left.length) found[module] = left;
  }
  return found;
}
