"""Propose a tiling for the design's matrix product, and see how much of the hardware it keeps busy."""

import panel as pn
import param

from rooflab.analyses.formulas import tiling_formula
from rooflab.analyses.tiles import best_tiles
from rooflab.errors import ModelError
from rooflab.units import format_bytes, format_count, format_fraction, format_ratio
from rooflab.views.instruments.peek import formula_list
from rooflab.views.instruments.waterfall import bar, key, waterfall
from rooflab.views.markup import element, joined, table
from rooflab.views.tags import PartTags, press
from rooflab.views.widgets import button, select, text
from rooflab.workbench import Workbench
from rooflab.workbench.boards import TilingForm

__all__ = ["TilingView"]

NEAR_FRACTION = 0.005  # two scores that read alike as whole percentages


class TilingView(pn.viewable.Viewer):
    """The product and the sizes on offer; the score and the best are written once a tiling is proposed."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    form = param.ClassSelector(class_=TilingForm, constant=True, doc="The tiling under way")
    tags = param.ClassSelector(class_=PartTags, default=PartTags(), constant=True, doc="What its controls belong to")

    def __init__(self, **params):
        self.head = text("", "rp-head")
        self.result = text("", "rp-bars")
        self._missing = text("", "rp-missing")
        super().__init__(**params)
        parameters = self.form.param
        self._layout = pn.Column(
            self.head,
            pn.Row(
                select(parameters.tile_rows, "Rows of a tile", tags=self.tags.draft("proposal", "tile_rows")),
                select(parameters.tile_columns, "Columns of a tile", tags=self.tags.draft("proposal", "tile_columns")),
                select(parameters.split, "Parts of the depth", tags=self.tags.draft("proposal", "split")),
                css_classes=["rp-sizes"],
                sizing_mode="stretch_width",
            ),
            button(parameters.submit, "Propose this tiling", "rp-primary", tags=press("proposal")),
            self._missing,
            self.result,
            css_classes=["rp-card", "rp-tiling"],
            sizing_mode="stretch_width",
        )
        self._draw()
        self._answer()

    @param.depends("bench.outcome", watch=True)
    def _draw(self):
        problem = self.bench.part.tiling(self.bench.scenario, self.bench.design())
        self.form.problem = problem
        self.head.text = joined(element("h3", f"Cut {problem.name} into tiles."), element("p", _product(problem)))

    @param.depends("form.proposed", watch=True)
    def _answer(self):
        proposed = self.form.proposed
        self.result.update(text=_result(proposed) if proposed else "", visible=proposed is not None)

    @param.depends("form.message", watch=True)
    def _say_what_is_missing(self):
        self._missing.text = element("p", self.form.message, role="alert") if self.form.message else ""

    def __panel__(self):
        return self._layout


def _product(problem):
    rows, columns, depth = (format_count(each) for each in (problem.rows, problem.columns, problem.depth))
    return (
        f"{rows} × {columns} outputs, each a sum over {depth}. {format_count(problem.slots)} tiles run at once; a tile's operands and "
        f"sums share {format_bytes(problem.on_chip_bytes)} on the chip. Tiles that hang over the edge, and places that are idle in "
        "the last wave, do no useful work."
    )


def _result(proposed):
    problem, tiles = proposed.problem, proposed.tiles
    try:
        found = best_tiles(problem)
    except ModelError as error:
        return joined(element("h3", "No tile on offer fits on the chip.", class_="rp-failed"), element("p", str(error)))
    best = found.best
    return joined(
        element("h3", _finding(tiles, best), class_=None if tiles.fits else "rp-failed"),
        element("p", _reason(problem, tiles, best)),
        waterfall(
            "Share of the hardware that does useful work",
            ("Tiling", "To scale, the column is all of it", "Share"),
            [_scored("Yours", tiles), _scored("Best on offer", best)],
        ),
        key(
            [
                ("rp-run", "useful work"),
                ("rp-waste", "tiles over the edge"),
                ("rp-free", "idle places in the last wave"),
            ]
        ),
        table(
            f"Both tilings; {format_count(found.fitting_count)} of {format_count(found.offered_count)} on offer fit on the chip",
            ("Tiling", "Tile", "Parts of the depth", "Tiles", "Waves", "Useful", "Busy", "On chip", "Moved"),
            [_figures("Yours", tiles), _figures("Best on offer", best)],
        ),
        element(
            "details", element("summary", "The formula, with your numbers"), formula_list([tiling_formula(problem, tiles)])
        ),
    )


def _finding(tiles, best):
    if not tiles.fits:
        return f"Your tile does not fit on the chip: it needs {format_bytes(tiles.needed_bytes)}. The best on offer keeps {_score(best)} busy."
    if _score(tiles) == _score(best):
        return f"Your tiling keeps {_score(tiles)} of the hardware busy: no other on offer does better."
    if best.score_fraction - tiles.score_fraction < NEAR_FRACTION:
        return f"Your tiling keeps {_score(tiles)} of the hardware busy, as good as the best on offer with {_score(best)}."
    return f"Your tiling keeps {_score(tiles)} of the hardware busy; the best on offer {_score(best)}."


def _reason(problem, tiles, best):
    """Say what holds the proposal back, and what the best pays."""
    count, slots = float(tiles.tiles_count), problem.slots
    words = []
    if not tiles.fits:
        words.append(
            f"{format_bytes(problem.on_chip_bytes)} are there. The way back: fewer rows or columns of a tile."
        )
    elif count < slots:
        words.append(
            f"The kernel is too small: {_tiles(count)} for {format_count(slots)} places, so {format_fraction(1 - count / slots)} of them "
            "have nothing to do. Smaller tiles, or a depth in parts, make more."
        )
    else:
        words.append(f"{_tiles(count)} go through {format_count(slots)} places in {_waves(tiles)}, {format_fraction(tiles.wave_fraction)} of the places busy.")
    if tiles.tile_fraction < 1:
        words.append(f"{format_fraction(1 - tiles.tile_fraction)} of the tiles' area hangs over the edge.")
    if best.moved_bytes != tiles.moved_bytes:
        words.append(
            f"The price: the best moves {format_ratio(best.moved_bytes / tiles.moved_bytes)} the bytes of yours, since small tiles read "
            "operands again and parts of a depth write partial sums."
            if best.moved_bytes > tiles.moved_bytes
            else f"The best on offer moves {format_ratio(best.moved_bytes / tiles.moved_bytes)} the bytes of yours."
        )
    return " ".join(words)


def _scored(name, tiles):
    busy, score = float(tiles.wave_fraction), float(tiles.score_fraction)
    if not tiles.fits:
        return (name, (), ("does not fit",))
    return (name, (bar("rp-run", 0.0, score), bar("rp-waste", score, busy), bar("rp-free", busy, 1.0)), (_score(tiles),))


def _figures(name, tiles):
    return (
        name,
        f"{tiles.tile_rows} × {tiles.tile_columns}",
        str(tiles.splits),
        format_count(tiles.tiles_count),
        format_count(tiles.waves_count),
        format_fraction(float(tiles.tile_fraction)),
        format_fraction(float(tiles.wave_fraction)),
        format_bytes(tiles.needed_bytes),
        format_bytes(tiles.moved_bytes),
    )


def _score(tiles):
    return format_fraction(float(tiles.score_fraction))


def _tiles(count):
    return "1 tile" if count == 1 else f"{format_count(count)} tiles"


def _waves(tiles):
    return "1 wave" if tiles.waves_count == 1 else f"{format_count(tiles.waves_count)} waves"
