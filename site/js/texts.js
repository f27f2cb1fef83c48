/**
 * Change the words of a painted Div in place.
 *
 * BokehJS answers a new text by building the element anew, its stylesheets with it, and laying out the whole page;
 * the lab's texts are laid out by CSS, so the words alone are replaced.
 *
 * exports takeTexts(bokeh, document, events) -> the events that are left for BokehJS
 */
import { copyMarkup } from "./markup.js";

/**
 * @param {{index: {query: (test: (view: any) => boolean) => Iterable<any>}}} bokeh the global Bokeh
 * @param {any} document_ a Bokeh document
 * @param {any[]} events of a patch
 * @returns {any[]}
 */
export function takeTexts(bokeh, document_, events) {
  const texts = new Map();
  const left = events.filter((event) => {
    const model = event.kind === "ModelChanged" && event.attr === "text" && document_.get_model_by_id(event.model.id);
    if (!model || model.type !== "Div") return true;
    texts.set(model, event.new);
    return false;
  });
  if (texts.size === 0) return left;
  const painted = new Set();
  for (const view of bokeh.index.query((candidate) => texts.has(candidate.model) && Boolean(candidate.markup_el))) {
    const text = texts.get(view.model);
    if (view.model.render_as_text) view.markup_el.textContent = text;
    else view.markup_el.replaceChildren(copyMarkup(text));
    painted.add(view.model);
  }
  for (const [model, text] of texts) model.setv({ text }, { silent: painted.has(model), sync: false });
  return left;
}
