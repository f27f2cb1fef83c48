/**
 * The kernels as the learner may read them: what each does, its FLOP and bytes, and its text.
 *
 * exports showTexts(kernels) -> true
 */

const MODULES = [
  ["relaxed", "Text with fused multiply-adds (relaxed SIMD)"],
  ["plain", "Text without (plain SIMD)"],
];

/** @param {{kernel: string, name: string, does: string, flop: string, bytes: string, texts: Record<string, string>}[]} kernels */
export function showTexts(kernels) {
  const place = document.getElementById("machine-kernels");
  place.append(...kernels.map(kernelOf));
  place.hidden = false;
  return true;
}

function kernelOf({ name, does, flop, bytes, texts }) {
  const section = document.createElement("section");
  section.append(
    made("h2", name),
    made("p", does),
    made("p", `FLOP: ${flop}. Bytes: ${bytes}.`),
    ...MODULES.map(([module, words]) => {
      const folded = document.createElement("details");
      folded.append(made("summary", words));
      // The text is long, and few look at it: it is laid out when it is.
      folded.addEventListener("toggle", () => folded.append(textOf(name, texts[module])), { once: true });
      return folded;
    }),
  );
  return section;
}

function textOf(name, text) {
  const block = made("pre", text);
  Object.assign(block, { tabIndex: 0, role: "region", ariaLabel: `WebAssembly text: ${name}` });
  return block;
}

function made(tag, text) {
  return Object.assign(document.createElement(tag), { textContent: text });
}
