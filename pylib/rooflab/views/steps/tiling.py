"""Propose a tiling for a product of the mission's baseline, and see how long its kernel takes."""

import panel as pn
import param

from rooflab.analyses.formulas import tiling_formulas
from rooflab.analyses.tiles import best_tiles, needed_times_s
from rooflab.errors import ModelError
from rooflab.evaluate import evaluate
from rooflab.lab.tiling_words import CANNOT_RUN, tile_words, tiles_words
from rooflab.model.roofline import BOUNDS, LATENCY
from rooflab.units import counted, format_bytes, format_count, format_fraction, format_quantity, format_ratio, format_time
from rooflab.views.instruments.peek import formula_list
from rooflab.views.instruments.waterfall import bar, key, waterfall
from rooflab.views.markup import element, folded, joined, table
from rooflab.views.tags import PartTags, press
from rooflab.views.widgets import button, select, text
from rooflab.workbench import Workbench
from rooflab.workbench.boards import TilingForm

__all__ = ["TilingView"]


class TilingView(pn.viewable.Viewer):
    """The product and the sizes on offer; times and the best are written once a tiling is proposed."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    form = param.ClassSelector(class_=TilingForm, constant=True, doc="The tiling under way")
    tags = param.ClassSelector(class_=PartTags, default=PartTags(), constant=True, doc="What its controls belong to")

    def __init__(self, **params):
        self.head = text("", "rp-head")
        self.result = text("", "rp-bars")
        self._missing = text("", "rp-missing")
        super().__init__(**params)
        parameters, problem = self.form.param, self.form.problem
        self.head.text = joined(
            element("h3", f"Tile this product: {problem.name}"),
            element("p", _dispatch(evaluate(self.bench.scenario, self.bench.start))),
            element("p", _product(problem)),
        )
        self._layout = pn.Column(
            self.head,
            pn.Row(
                select(parameters.tile_rows, "Rows of a tile", tags=self.tags.draft("proposal", "tile_rows")),
                select(parameters.tile_columns, "Columns of a tile", tags=self.tags.draft("proposal", "tile_columns")),
                select(parameters.split, "Split-K", tags=self.tags.draft("proposal", "split")),
                css_classes=["rp-sizes"],
                sizing_mode="stretch_width",
            ),
            button(parameters.submit, "Propose this tiling", "rp-primary", tags=press("proposal")),
            self._missing,
            self.result,
            css_classes=["rp-card", "rp-tiling"],
            sizing_mode="stretch_width",
        )
        self._answer()

    @param.depends("form.proposed", watch=True)
    def _answer(self):
        proposed = self.form.proposed
        self.result.update(text=_result(proposed) if proposed else "", visible=proposed is not None)

    @param.depends("form.message", watch=True)
    def _say_what_is_missing(self):
        self._missing.text = element("p", self.form.message, role="alert") if self.form.message else ""

    def __panel__(self):
        return self._layout


def _dispatch(outcome):
    """Say how much of the baseline's step no kernel does any work in, and what takes most."""
    times_s = [float(each) for each in outcome.bound_times_s]
    share, most = (format_fraction(times_s[each] / sum(times_s)) for each in (LATENCY, times_s.index(max(times_s))))
    words = f"In this mission's baseline, launch overhead and gaps take {share} of a step"
    if max(times_s) == times_s[LATENCY]:
        return f"{words}: its kernels are too small, and dispatch dominates."
    return f"{words}; {BOUNDS[times_s.index(max(times_s))]} takes {most}."


def _product(problem):
    rows, columns, depth = (format_count(each) for each in (problem.rows, problem.columns, problem.depth))
    cached = f"{_rate(problem.cache)} from {problem.cache.name}" if problem.cache else "no cache serves re-reads"
    start = f" A tile takes {problem.start_source.beside(format_time(problem.tile_start_s))}, to start." if problem.tile_start_s else ""
    return (
        f"{rows} × {columns} outputs, each a sum over {depth}. {counted(problem.slots, 'tile')} at once, each in {format_bytes(problem.on_chip_bytes)} "
        f"on the chip. Operands come at {_rate(problem.memory)}, from {problem.memory.name}; {cached}.{start} The shortest kernel wins."
    )


def _rate(memory):
    return memory.source.beside(format_quantity(memory.bytes_per_s, "B/s"))


def _result(proposed):
    problem, tiles = proposed.problem, proposed.tiles
    try:
        found = best_tiles(problem)
    except ModelError as error:
        return joined(element("h3", "No tile on offer fits on the chip.", class_="rp-failed"), element("p", str(error)))
    both = (("Yours", tiles), ("Best", found.best))
    return joined(
        element("h3", _finding(tiles), class_=None if tiles.fits else "rp-failed"),
        element("p", _reason(problem, tiles, found.best)),
        waterfall(
            "Waves and bytes of both tilings",
            ("What", "To scale", "Time"),
            list(_bars(problem, [each for each in both if each[1].fits])),
        ),
        key([("rp-run", "needed in any tiling"), ("rp-waste", "added by this one")]),
        folded(
            "Both tilings in figures",
            table(
                f"Both tilings; {format_count(found.fitting_count)} of {format_count(found.offered_count)} on offer fit on the chip",
                ("Tiling", "Tile", "On chip", "Tiles", "Waves", "Useful", "Busy", "Moved", "Waves take", "Bytes take", "Kernel", "What binds"),
                [_figures(problem, *each) for each in both],
            ),
        ),
        folded("The formulas, with your numbers", formula_list(tiling_formulas(problem, tiles))),
    )


def _finding(tiles):
    return f"Your tiling {tiles_words(tiles)}."


def _reason(problem, tiles, best):
    """Say what holds the proposal back, and what the best pays."""
    if not tiles.fits:
        return (
            f"Its tile needs {format_bytes(tiles.needed_bytes)}; only {format_bytes(problem.on_chip_bytes)} available. The way back: fewer "
            f"rows or columns. The best on offer, {_name(best)}, takes {format_time(best.kernel_s)}."
        )
    waves = counted(int(tiles.waves_count), "wave")
    words = [f"{counted(int(tiles.tiles_count), 'tile')} in {waves} over {counted(problem.slots, 'place')}: {format_time(tiles.waves_s)}."]
    if tiles.tiles_count < problem.slots:
        words.append(f"Too few tiles: {format_fraction(1 - tiles.tiles_count / problem.slots)} of the places have nothing to do.")
    if tiles.tile_fraction < 1:
        words.append(f"{format_fraction(1 - tiles.tile_fraction)} of the tiles' area hangs over the edge.")
    words.append(f"{format_bytes(tiles.moved_bytes)} moved: {format_time(tiles.bytes_s)}. What binds: {_binds(problem, tiles)}.")
    if tiles.score_fraction < 1:
        words.append(
            f"The best, {_name(best)}, moves {format_ratio(best.moved_bytes / tiles.moved_bytes)} the bytes in "
            f"{format_ratio(best.waves_s / tiles.waves_s)} the time of waves."
        )
    return " ".join(words)


def _name(tiles):
    return tile_words(tiles.tile_rows, tiles.tile_columns, tiles.splits)


def _times(problem, tiles):
    """Return what a tiling's kernel spends time on: names, and times in seconds."""
    yield "waves", float(tiles.waves_s)
    yield problem.memory.name, float(tiles.memory_s)
    if problem.cache:
        yield problem.cache.name, float(tiles.cache_s)


def _binds(problem, tiles):
    return max(_times(problem, tiles), key=lambda each: each[1])[0]


def _bars(problem, both):
    longest_s = max(time_s for _, tiles in both for _, time_s in _times(problem, tiles))
    for name, tiles in both:
        binds = _binds(problem, tiles)
        for (what, time_s), needed_s in zip(_times(problem, tiles), needed_times_s(problem), strict=False):
            lane = (bar("rp-run", 0.0, needed_s / longest_s), bar("rp-waste", needed_s / longest_s, time_s / longest_s))
            yield f"{name}: {what}", lane, (format_time(time_s) + (", binds" if what == binds else ""),)


def _figures(problem, name, tiles):
    begin = (name, _name(tiles), format_bytes(tiles.needed_bytes))
    if not tiles.fits:
        return (*begin, *["–"] * 8, CANNOT_RUN.split(":")[0])
    return (
        *begin,
        format_count(tiles.tiles_count),
        format_count(tiles.waves_count),
        format_fraction(float(tiles.tile_fraction)),
        format_fraction(float(tiles.wave_fraction)),
        format_bytes(tiles.moved_bytes),
        format_time(tiles.waves_s),
        format_time(tiles.bytes_s),
        format_time(float(tiles.kernel_s)),
        _binds(problem, tiles),
    )
