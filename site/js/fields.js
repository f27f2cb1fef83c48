/**
 * What a control of a form holds, in the learner's words: of a choice its label, so that a later version of the lab may
 * offer its choices in another order.
 *
 * exports held(model, attr, value) -> Held|undefined, fill(model, held) -> void, numberTyped(event) -> {model, value}|null
 */

/** @typedef {string|number|string[]} Held  empty where nothing is chosen or typed */

/**
 * @param {any} model  of a Bokeh widget
 * @param {string} attr  what changed
 * @param {any} value
 * @returns {Held|undefined} undefined where this is nothing that a learner fills in
 */
export function held(model, attr, value) {
  if (attr === "active") return Array.isArray(value) ? value.map((at) => model.labels[at]) : (model.labels[value] ?? "");
  if (attr === "value" || attr === "value_input") return value ?? "";
  return undefined;
}

/** Put it back; what the control no longer offers, or has no room for, is left out. */
export function fill(model, words) {
  const { active, labels, max_length: limit, value } = model;
  const offered = (model.options ?? model.categories)?.map((option) => (Array.isArray(option) ? option[0] : option));
  if (Array.isArray(active)) {
    if (Array.isArray(words)) model.active = [...labels.keys()].filter((at) => words.includes(labels[at]));
  } else if (labels) {
    if (labels.includes(words)) model.active = labels.indexOf(words);
  } else if (offered) {
    if (offered.includes(words)) model.value = words;
  } else if (typeof value === "number") {
    if (Number.isInteger(words) && words >= (model.low ?? -Infinity) && words <= (model.high ?? Infinity)) model.value = words;
  } else if (typeof words === "string" && words.length <= (limit ?? Infinity)) {
    // Both: a text that is then emptied by one key must differ from what the model has as typed.
    model.setv({ value: words, value_input: words });
  }
}

/**
 * A number that is being typed: BokehJS hears of it only when the field is left.
 * @param {Event} event  input or change
 */
export function numberTyped(event) {
  const [field, ...around] = event.composedPath();
  const host = field.type === "text" && around.find((each) => each.shadowRoot);
  const [view] = host && window.Bokeh ? Bokeh.index.query(({ el }) => el === host) : [];
  return typeof view?.model.value === "number" ? { model: view.model, value: Number.parseInt(field.value, 10) } : null;
}
