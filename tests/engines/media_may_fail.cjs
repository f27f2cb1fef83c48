// Loaded into Playwright's Node by NODE_OPTIONS. Over WebDriver BiDi, Playwright 1.65 sets the colour scheme of every
// page with a command that Firefox ESR 153 does not know, and takes the refusal for a failure. Here it may fail.
const Module = require("node:module");
const compile = Module.prototype._compile;

Module.prototype._compile = function (text, ...more) {
  return compile.call(this, text.replaceAll('.send("emulation.setMediaFeaturesOverride"', '.sendMayFail("emulation.setMediaFeaturesOverride"'), ...more);
};
