/**
 * Change the words, the classes and the visibility of what is painted in place.
 *
 * BokehJS answers each of these by laying out the whole page, and new words by building the element anew, its
 * stylesheets with it; the lab is laid out by CSS, so that the words or the style alone are replaced. What was unfolded
 * stays so. A figure that appears is left to BokehJS, which must know its size.
 *
 * exports changeInPlace(bokeh, document, events) -> the events that are left for BokehJS
 */
import { copyMarkup } from "./markup.js";

/** How each attribute is shown by a painted view, once its model has it. */
const SHOWN = {
  text: (view) => (view.model.render_as_text ? (view.markup_el.textContent = view.model.text) : replaceMarkup(view.markup_el, view.model.text)),
  label: (view) => {
    view.label_view.model.setv({ content: view.model.label }, { silent: true });
    view.label_view.render();
  },
  css_classes: (view) => view._update_css_classes(),
  visible: (view) => view._update_visible(),
};
const CAN_SHOW = {
  text: (view) => Boolean(view.markup_el),
  label: (view) => view.label_view?.model.content !== undefined, // of a button, in plain words
  css_classes: (view) => "_update_css_classes" in view,
  visible: (view, value) => "_update_visible" in view && (!value || !drawsFigure(view)), // what is drawn inside a figure has none
};

/**
 * @param {{index: {query: (test: (view: any) => boolean) => Iterable<any>}}} bokeh the global Bokeh
 * @param {any} document_ a Bokeh document
 * @param {any[]} events of a patch
 * @returns {any[]}
 */
export function changeInPlace(bokeh, document_, events) {
  const changes = new Map();
  const left = events.filter((event) => {
    const model = event.kind === "ModelChanged" && event.attr in SHOWN && document_.get_model_by_id(event.model.id);
    if (!model || (event.attr === "text" && model.type !== "Div")) return true;
    changes.set(model, { ...changes.get(model), [event.attr]: event.new });
    return false;
  });
  if (changes.size === 0) return left;
  const views = new Map([...bokeh.index.query(({ model }) => changes.has(model))].map((view) => [view.model, view]));
  for (const [model, values] of changes) {
    for (const [attr, value] of Object.entries(values)) change(model, views.get(model), attr, value);
  }
  return left;
}

function change(model, view, attr, value) {
  const silent = view !== undefined && CAN_SHOW[attr](view, value);
  model.setv({ [attr]: value }, { silent, sync: false });
  if (silent) SHOWN[attr](view);
}

function drawsFigure(view) {
  return "canvas_view" in view || (view.child_views ?? []).some(drawsFigure);
}

/** @param {HTMLElement} element whose folds, if there are as many again, are left as they were found */
function replaceMarkup(element, text) {
  const open = [...element.querySelectorAll("details")].map((each) => each.open);
  element.replaceChildren(copyMarkup(text));
  const folds = [...element.querySelectorAll("details")];
  if (folds.length === open.length) folds.forEach((each, at) => (each.open ||= open[at]));
}
