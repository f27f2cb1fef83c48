"""Where the slow frames of a recording are on the screen."""

__all__ = ["TRIANGLES"]

TRIANGLES = """
const views = [];
const walk = (view) => { views.push(view); for (const each of view.children?.() ?? []) walk(each); };
for (const each of Bokeh.index) walk(each);
const plot = views.find((each) => each.model?.toolbar?.tools?.some?.((tool) => tool.type === "TapTool"));
if (!plot?.canvas_view.el.clientWidth || !plot.frame.bbox.width) return null;
plot.el.scrollIntoView({ block: "center", behavior: "instant" });
const { frame, time } = plot.model.renderers.find((each) => each.glyph.type === "Scatter").data_source.data;
const { x, y } = plot.canvas_view.el.getBoundingClientRect();
const { x_scale, y_scale } = plot.frame;
return Object.fromEntries([...frame].map((each, at) => [each, [x + x_scale.compute(each), y + y_scale.compute(time[at])]]));
"""
"""The body of a function of the page: the place of each triangle by its frame, once the figure is in the middle of the
screen; null while there is none."""
