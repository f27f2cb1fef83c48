/**
 * Draw the figures again: their colours are read from the page's custom properties when they are painted.
 *
 * exports repaintFigures(bokeh) -> void
 */

/** @param {{index: {query: (test: (view: any) => boolean) => Iterable<any>}}} bokeh the global Bokeh */
export function repaintFigures(bokeh) {
  for (const view of bokeh.index.query((each) => each.model.type === "Figure")) view.request_repaint();
}
