/**
 * Which engine runs this page, as its makers name it.
 *
 * exports engineOf(agent) -> "Chromium"|"Firefox"|"WebKit"
 */

/** @param {string} agent */
export function engineOf(agent) {
  if (/firefox|fxios/i.test(agent) && !/applewebkit/i.test(agent)) return "Firefox";
  return /chrom(e|ium)/i.test(agent) ? "Chromium" : "WebKit";
}
