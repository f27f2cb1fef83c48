/**
 * Python's worker: start the lab from its memory image, or the slower way where that fails.
 *
 * On a site the build tells it its files, so it begins to load before the page says anything.
 */
import { createAssets } from "./assets.js";
import { openImage } from "./image.js";
import { createInflater } from "./inflater.js";
import { serveLab, stage } from "./messages.js";
import { unpack } from "./pack.js";
import { proveAllowed } from "./policy.js";
import { openRuntime, writeFiles } from "./runtime.js";

/** The build puts {manifest} here. */
const built = typeof BUILT === "object" && location.protocol.startsWith("http") ? BUILT : null;
const inflater = createInflater();
let markPainted;
const painted = new Promise((resolve) => (markPainted = resolve));
const begun = built && begin({ base: new URL("../", location.href).href, ...built });

/** In the slower start all of the library is there. */
let bringLibrary = async () => {};

serveLab(async (message) => {
  inflater.connect(null); // the page has said by now whether there is one
  proveAllowed();
  const { assets, runtime, image, manifest } = begun ?? begin(message);
  if (image) {
    try {
      const py = await runtime.resume(image);
      const python = py.pyimport("rooflab.browser");
      stage("ready", { start: "resumed" });
      bringLibrary = once(async () => {
        await runtime.bringRest();
        writeFiles(py.FS, unpack(await assets.bytes("library")));
        py.pyimport("sys").path_importer_cache.clear(); // Python remembers folders that were not there
      });
      afterwards();
      return python;
    } catch (error) {
      console.warn("The memory image could not be restored; starting the slower way.", error);
      stage("given-up", { why: String(error?.message ?? error).slice(0, 500) });
    }
  }
  runtime.fetchRest();
  const files = unpack(await assets.bytes("library"));
  const py = await runtime.start(files, manifest.env);
  py.runPython(manifest.run);
  const python = py.pyimport("rooflab.browser");
  stage("ready", { start: "fallback", document: python.document() });
  return python;
}, { inflater, onPainted: () => markPainted(), bringRest: () => bringLibrary() });

function begin({ base, manifest, buffers }) {
  const isSlower = wantsFallback(globalThis.name);
  if (isSlower) inflater.connect(null);
  const assets = createAssets({
    base,
    files: manifest.files,
    buffers,
    inflater: buffers ? null : inflater,
    onReceived: (received) => stage("receiving", { received }),
  });
  const runtime = openRuntime(assets, manifest.libraries, stage);
  return { assets, runtime, manifest, image: isSlower ? null : openImage(assets, painted) };
}

/** `?start=fallback` takes the slower way on purpose, for a machine on which the image misbehaves. */
function wantsFallback(query) {
  return new URLSearchParams(query).get("start") === "fallback";
}

/** Once the lab is live: bring the library, so that what Python imports later is there. */
async function afterwards() {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  try {
    await bringLibrary();
  } catch (error) {
    console.warn("The rest of the library did not arrive; the lab works without it.", error);
  }
}

/** Do it once; after a failure the next call tries again. */
function once(act) {
  let made;
  return () =>
    (made ??= act().catch((error) => {
      made = undefined;
      throw error;
    }));
}
