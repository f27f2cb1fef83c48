import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { changeInPlace } from "../../site/js/in-place.js";

/** A Div with the views that BokehJS has of it, none while it is not drawn; `folds` are its details, as they are and as they will be. */
function div(id, { drawn = true, plain = false, folds = [[], []] } = {}) {
  const model = { id, type: "Div", text: "old", render_as_text: plain, set: [], setv: (values, options) => model.set.push([Object.assign(model, values) && values, options]) };
  const element = { textContent: "old", replaceChildren: (...nodes) => (view.nodes = nodes), querySelectorAll: () => folds[view.nodes ? 1 : 0] };
  const view = { model, markup_el: drawn ? element : null };
  return { model, view };
}

/** A column of views, and what was updated of it. */
function column(id, children = []) {
  const model = { id, type: "Column", visible: false, css_classes: [], set: [], setv: (values, options) => model.set.push([values, options]) };
  const view = { model, child_views: children, updated: [], _update_visible: () => view.updated.push("visible"), _update_css_classes: () => view.updated.push("css_classes") };
  return { model, view };
}

function take(models, events) {
  const bokeh = { index: { query: (test) => models.map(({ view }) => view).filter(test) } };
  return changeInPlace(bokeh, { get_model_by_id: (id) => models.find(({ model }) => model.id === id)?.model ?? null }, events);
}

const change = (id, text, attr = "text") => ({ kind: "ModelChanged", attr, model: { id }, new: text });

beforeEach(() => {
  globalThis.DOMParser = class {
    parseFromString(text) {
      return { body: { childNodes: [{ nodeType: 3, data: text }] } };
    }
  };
  globalThis.Node = { TEXT_NODE: 3, ELEMENT_NODE: 1 };
  globalThis.document = { createDocumentFragment: () => ({ words: "", append(words) { this.words += words; } }) };
});

test("a drawn text is replaced in place, and BokehJS is not told", () => {
  const one = div("1");
  assert.deepEqual(take([one], [change("1", "new")]), []);
  assert.equal(one.view.nodes[0].words, "new");
  assert.deepEqual(one.model.set, [[{ text: "new" }, { silent: true, sync: false }]]);
});

test("of two texts each takes its own", () => {
  const [one, two] = [div("1"), div("2")];
  take([one, two], [change("1", "first"), change("2", "second")]);
  assert.deepEqual([one.view.nodes[0].words, two.view.nodes[0].words], ["first", "second"]);
});

test("of two changes of one text the last stays", () => {
  const one = div("1");
  take([one], [change("1", "early"), change("1", "late")]);
  assert.deepEqual(one.model.set, [[{ text: "late" }, { silent: true, sync: false }]]);
  assert.equal(one.view.nodes[0].words, "late");
});

test("a text that is not drawn is set aloud, so that it is drawn later", () => {
  const one = div("1", { drawn: false });
  take([one], [change("1", "new")]);
  assert.deepEqual(one.model.set, [[{ text: "new" }, { silent: false, sync: false }]]);
});

test("plain text becomes no markup", () => {
  const one = div("1", { plain: true });
  take([one], [change("1", "<b>")]);
  assert.equal(one.view.markup_el.textContent, "<b>");
  assert.equal(one.view.nodes, undefined);
});

test("what is no text of a Div is left, in order", () => {
  const [one, slider] = [div("1"), { model: { id: "2", type: "Slider" }, view: { model: {} } }];
  const left = [change("1", true, "disabled"), change("2", "x"), { kind: "ColumnDataChanged", model: { id: "1" } }, change("9", "gone")];
  assert.deepEqual(take([one, slider], [left[0], change("1", "new"), ...left.slice(1)]), left);
});

test("what was unfolded stays so, and what comes unfolded is not folded", () => {
  const after = [{ open: false }, { open: false }, { open: true }];
  take([div("1", { folds: [[{ open: true }, { open: false }, { open: false }], after] })], [change("1", "new")]);
  assert.deepEqual(after.map((each) => each.open), [true, false, true]);
});

test("of other folds than before none is unfolded", () => {
  const after = [{ open: false }];
  take([div("1", { folds: [[{ open: true }, { open: false }], after] })], [change("1", "new")]);
  assert.equal(after[0].open, false);
});

test("classes and visibility are changed in place, and BokehJS is not told", () => {
  const one = column("1");
  assert.deepEqual(take([one], [change("1", true, "visible"), change("1", ["rp-void"], "css_classes")]), []);
  assert.deepEqual(one.model.set.map(([values, { silent }]) => [values, silent]), [[{ visible: true }, true], [{ css_classes: ["rp-void"] }, true]]);
  assert.deepEqual(one.view.updated, ["visible", "css_classes"]);
});

test("a figure that appears is laid out by BokehJS, one that goes need not be", () => {
  const one = column("1", [column("2", [{ canvas_view: {} }]).view]);
  take([one], [change("1", true, "visible")]);
  take([one], [change("1", false, "visible")]);
  assert.deepEqual(one.model.set.map(([, { silent }]) => silent), [false, true]);
  assert.deepEqual(one.view.updated, ["visible"]);
});

test("a button that is drawn takes its new words, and stays as it is", () => {
  const label = { model: { content: "Pin", setv: (values) => Object.assign(label.model, values) }, shown: [], render: () => label.shown.push(label.model.content) };
  const button = column("1");
  button.view.label_view = label;
  button.model.setv = (values, { silent }) => (Object.assign(button.model, values), assert.equal(silent, true));
  assert.deepEqual(take([button], [change("1", "Pinned", "label")]), []);
  assert.deepEqual(label.shown, ["Pinned"]);
});

test("what has a label and is no button is told by BokehJS", () => {
  const box = column("1");
  take([box], [change("1", "Other", "label")]);
  assert.deepEqual(box.model.set, [[{ label: "Other" }, { silent: false, sync: false }]]);
});

test("a mark inside a figure, which is no element of the page, is left to BokehJS", () => {
  const mark = column("1");
  delete mark.view._update_visible;
  take([mark], [change("1", false, "visible")]);
  assert.deepEqual(mark.model.set, [[{ visible: false }, { silent: false, sync: false }]]);
});
