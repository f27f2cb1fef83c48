/**
 * Take over the markup that Python's views make, and nothing else: unknown elements become their text.
 *
 * exports copyMarkup(text) -> DocumentFragment
 */

const ELEMENTS = new Set(
  ("A B BLOCKQUOTE BR CAPTION CIRCLE CODE DD DETAILS DIV DL DT EM FIGCAPTION FIGURE H2 H3 H4 HR I LI OL P POLYLINE RECT SECTION SPAN STRONG SUB SUMMARY SUP SVG TABLE TBODY TD TEXT TH THEAD TR UL").split(" "),
);
const ATTRIBUTES = /^(class|style|title|role|scope|colspan|rel|target|open|aria-[a-z]+|data-[a-z-]+|viewBox|points|cx|cy|r|x|y|width|height|text-anchor)$/;
const SVG = "http://www.w3.org/2000/svg";
const ADDRESS = /^(https?:|#|\.\/)/;

/** @param {string} text @returns {DocumentFragment} */
export function copyMarkup(text) {
  const source = new DOMParser().parseFromString(text, "text/html");
  const fragment = document.createDocumentFragment();
  copyChildren(source.body, fragment);
  return fragment;
}

function copyChildren(from, to) {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.append(child.data);
    else if (child.nodeType === Node.ELEMENT_NODE) to.append(ELEMENTS.has(child.tagName.toUpperCase()) ? copyElement(child) : child.textContent);
  }
}

function copyElement(from) {
  const to = from.namespaceURI === SVG ? document.createElementNS(SVG, from.localName) : document.createElement(from.tagName);
  for (const { name, value } of from.attributes) {
    const taken = ATTRIBUTES.test(name) || (name === "href" && ADDRESS.test(value)) || (name === "tabindex" && value === "0");
    if (taken) to.setAttribute(name, value);
  }
  copyChildren(from, to);
  return to;
}
