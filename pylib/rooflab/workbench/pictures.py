"""The picture beside the bench: which one is looked at, and its numbers whenever the design moves."""

from dataclasses import dataclass
from functools import partial

import param

from rooflab.analyses.tiles_picture import tiles_picture
from rooflab.evaluate import Look, evaluate, picture
from rooflab.systems.roof_picture import roof_picture
from rooflab.workbench.bench import Workbench

__all__ = ["PICTURES", "Offered", "PictureBoard"]

SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One picture that may be looked at: `made_of(bench, design, outcome, look)` returns it, of what `offers(bench)` allows.

    `ghost_of(bench)` returns what is drawn as before, or None, where that is not the design last pinned or scored.
    """

    id: str
    name: str
    offers: object
    made_of: object
    ghost_of: object = None


def _system(bench, design, outcome, look):
    return picture(bench.scenario, design, outcome, look)


def _roof(bench, design, outcome, look):
    """Draw the present design under the roofs of the bench, one of before under its own."""
    if design is not bench.current:
        return roof_picture(outcome, bench.layer, bench.real.roofs(design)[:1])
    real = None if bench.scenario is bench.real else evaluate(bench.real, design)
    return roof_picture(outcome, bench.layer, bench.roofs()[:2], real=real)


def _tiles(bench, design, outcome, look):
    """Draw the tiling under way, of the mission's baseline, whatever the design."""
    form, tiles = bench.tiling, bench.tiling.chosen
    return tiles_picture(form.problem, tiles, timed=tiles is not None and form.has_proposed(tiles))


def _proposed_tiles(bench):
    """Draw the tiling proposed last, once another is under way."""
    form, proposed = bench.tiling, bench.tiling.proposed
    if proposed is None or form.chosen is None or form.has_proposed(form.chosen):
        return None
    return tiles_picture(proposed.problem, proposed.tiles, timed=True)


PICTURES = (
    Offered(id=SYSTEM, name="The system", offers=lambda bench: True, made_of=_system),
    Offered(id="roof", name="The roof", offers=lambda bench: True, made_of=_roof),
    Offered(id="tiles", name="Tiles", offers=lambda bench: bench.tiling is not None, made_of=_tiles, ghost_of=_proposed_tiles),
)
"""Every picture, in the order in which they are offered."""


class PictureBoard(param.Parameterized):
    """Tells the page of the bench's picture, before any instrument is drawn.

    Made before the views of its bench: what depends on a design follows in the order in which it was made.
    `tell(kind, **fields)` sends the page a message.
    """

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    tell = param.Callable(constant=True, doc="Sends the page a message")
    shown = param.Boolean(doc="Whether the bench is on the page")
    name_of_picture = param.String(default=SYSTEM, doc="Id of the picture that is looked at")

    def __init__(self, **params):
        self._was = None
        super().__init__(**params)

    @property
    def offered(self):
        """The pictures that this bench has."""
        return [each for each in PICTURES if each.offers(self.bench)]

    @param.depends("bench.current", "bench.marked", "bench.layer", "bench.recording", "bench.frame", "shown", "name_of_picture", watch=True)
    def _show(self):
        """Send the picture that is looked at, beside what it showed when the learner last pinned or scored."""
        offered = self.offered
        if not self.shown:
            return
        chosen = next((each for each in offered if each.id == self.name_of_picture), offered[0])
        shown, was = self._picture(chosen, self.bench.current, self.bench.outcome()), self._ghost(chosen)
        self.tell(
            "picture",
            picture=shown.plain(),
            was=was and was.numbers,
            chosen=chosen.id,
            choices=[{"id": each.id, "name": each.name} for each in offered],
        )

    # By itself: param follows what may be None at first only where a method depends on nothing else.
    @param.depends("bench.tiling.tile_rows", "bench.tiling.tile_columns", "bench.tiling.split", "bench.tiling.proposed", watch=True)
    def _show_tiling(self):
        self._show()

    def look(self, *, name=None, frame=None):
        """Look at another picture, or at a recorded frame of this one."""
        if name is not None:
            self.name_of_picture = name
        if frame is not None:
            self.bench.frame = frame

    def _ghost(self, chosen):
        if chosen.ghost_of:
            return chosen.ghost_of(self.bench)
        bench, before = self.bench, self.bench.before
        if before is None:
            return None
        seen = (chosen.id, before.design, bench.scenario, bench.layer, bench.recording, bench.frame, bench.sealing, tuple(bench.scored))
        if self._was is None or self._was[0] != seen:
            self._was = seen, self._picture(chosen, before.design, before.outcome)
        return self._was[1]

    def _picture(self, chosen, design, outcome):
        look = Look(hides=partial(self.bench.hides, design=design), recording=self.bench.recording, frame=self.bench.frame)
        return chosen.made_of(self.bench, design, outcome, look)
