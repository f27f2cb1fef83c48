/**
 * Python's worker: start the lab from its memory image, or the slower way where that fails.
 */
import { createAssets } from "./assets.js";
import { openImage } from "./image.js";
import { serveLab, stage } from "./messages.js";
import { unpack } from "./pack.js";
import { openRuntime, writeFiles } from "./runtime.js";

serveLab(start);

async function start({ base, manifest, buffers, resume }) {
  const assets = createAssets({
    base,
    files: manifest.files,
    buffers,
    onReceived: (received) => stage("receiving", { received }),
  });
  const runtime = openRuntime(assets, manifest.libraries, stage);
  if (resume) {
    try {
      const py = await runtime.resume(openImage(assets));
      const python = py.pyimport("ridgepoint.browser");
      stage("ready", { start: "resumed" });
      afterwards(assets, py);
      return python;
    } catch (error) {
      console.warn("The memory image could not be restored; starting the slower way.", error);
      stage("given-up", { why: String(error?.message ?? error).slice(0, 500) });
    }
  }
  const files = unpack(await assets.bytes("library"));
  const py = await runtime.start(files, manifest.env);
  py.runPython(manifest.run);
  const python = py.pyimport("ridgepoint.browser");
  stage("ready", { start: "fallback", document: python.document() });
  return python;
}

/** Once the lab is live: bring the library, so that what Python imports later is there. */
async function afterwards(assets, py) {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  try {
    writeFiles(py.FS, unpack(await assets.bytes("library")));
  } catch (error) {
    console.warn("The rest of the library did not arrive; the lab works without it.", error);
  }
}
