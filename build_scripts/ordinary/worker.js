/**
 * The ordinary start, for comparison only: Pyodide, the packages as published, unpacked, imported, the app run.
 */
import { loadPyodide } from "pyodide";
import { serveLab, stage } from "../../site/js/worker/messages.js";

serveLab(async ({ base, manifest }) => {
  const indexURL = new URL("ordinary/", base).href;
  const packages = fetch(`${indexURL}packages.zip`).then((response) => response.arrayBuffer());
  const py = await loadPyodide({ indexURL, env: { PANEL_CDN_ROOT: manifest.env.PANEL_CDN_ROOT } });
  py.unpackArchive(await packages, "zip", { extractDir: "/lib/python3.14/site-packages" });
  py.runPython("import panel\nfrom rooflab import browser\nbrowser.prepare()");
  const python = py.pyimport("rooflab.browser");
  stage("ready", { start: "fallback", document: python.document() });
  return python;
});
