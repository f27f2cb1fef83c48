"""The learner's bench: a design, the operator looked at, and which instruments are open."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import param

from rooflab.analyses.changes import value_words
from rooflab.errors import BadDesign, LabError
from rooflab.evaluate import Outcome, evaluate, imagine, timeline
from rooflab.lab.instruments import GAINS, MEMORY, TRAIL, frame_id, lever_instrument
from rooflab.lab.readings import reading
from rooflab.specs import ASSUMED, Design, Mission, Part, Scenario, WhatIf
from rooflab.units import format_count
from rooflab.workbench.boards import TilingForm
from rooflab.workbench.chain import bonds_of, grouping

__all__ = ["Before", "Workbench", "make_workbench", "stops"]

MOST_RECORDINGS = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The design when the learner last pinned or scored, and its outcome: what the instruments show as a ghost."""

    design: Design
    outcome: Outcome


class Workbench(param.Parameterized):
    """A design under a set of instruments; `make_workbench` adds a parameter for each control of a part.

    `real` is the scenario with nothing supposed. Controls of what is supposed have parameters like the others, and are no
    part of the design.

    A control with choices or values has one parameter. A range has a second one, `<id>_stop`, for
    its slider. A chain has `<id>_level`, the named levels, and `<id>_bonds`, the boundaries fused.
    """

    scenario = param.ClassSelector(class_=Scenario, doc="What the learner cannot change, as the instruments show it: with what is supposed")
    part = param.ClassSelector(class_=Part, constant=True, doc="The part, with its controls")
    mission = param.ClassSelector(class_=Mission, allow_None=True, constant=True, doc="The part's task, if it has one")
    start = param.ClassSelector(class_=Design, constant=True, doc="The design that the bench begins with")
    recorded = param.Boolean(default=True, constant=True, doc="Whether readings can be pinned in the ledger, and a link carries the design")

    sealing = param.Boolean(default=False, doc="Whether the objective is hidden of a design that is not scored")
    scored = param.List(default=[], doc="The designs that are scored")

    current = param.ClassSelector(class_=Design, doc="The design as it stands")
    marked = param.ClassSelector(class_=Design, allow_None=True, doc="The design when the learner last pinned or scored")
    layer = param.Selector(check_on_set=True, doc="Id of the operator looked at")
    notice = param.String(doc="What was changed for the learner, and why; mostly empty")
    recording = param.Integer(default=1, bounds=(1, MOST_RECORDINGS), doc="Which recording of the design is looked at")
    frame = param.Integer(default=None, bounds=(0, None), allow_None=True, doc="The recorded frame that is looked at, if any")
    record_again = param.Event(doc="The learner records the same design once more")
    tiling = param.ClassSelector(class_=TilingForm, allow_None=True, doc="The tiling under way; None until one may be proposed")
    profiling = param.Boolean(default=False, doc="Whether profiler mode is on")
    layers_tabled = param.Boolean(default=False, doc="Whether the roofline's table is open")
    peeking = param.Boolean(default=False, doc="Whether Math Peek is open")
    sourcing = param.Boolean(default=False, doc="Whether the list of sources is open")
    own_roof = param.Parameter(default=None, doc="The Roof of the learner's own machine; None before it was measured")
    own_shown = param.Boolean(default=False, doc="Whether that roof is drawn beside the device's")
    restore_start = param.Event(doc="The learner goes back to the design that the part begins with")
    stop_supposing = param.Event(doc="The learner supposes nothing any more")
    share = param.Event(doc="The learner wants a link to the design")
    pinned = param.Parameter(doc="The last Reading pinned")
    kept = param.Dict(default={}, doc="The design, in plain JSON values, at which each instrument was last pinned, by its id")
    kept_here = param.Parameter(default=frozenset(), doc="Ids of the instruments whose reading of the present design is pinned")

    def __init__(self, **params):
        self._evaluated = (None, None)
        self._referred = None
        self._before = None
        self._settling = False
        super().__init__(**params)
        self.real = self.scenario
        for control in self.part.controls:
            self._fit(control)
        for control in self.part.what_ifs:
            self._fit(control)
            setattr(self, control.id, _nothing(control))
        self.take(self.start)
        operators = self.outcome().operators
        self.param.layer.objects = dict(zip(operators.names, operators.ids, strict=True))
        # The longest that has a place on the roofline: some take time and do no arithmetic.
        drawn_s = np.where(operators.flop > 0, operators.time_s, -1.0)
        self.layer = operators.ids[int(drawn_s.argmax())]
        self.param.watch(self._settle, [control.id for control in self.part.controls])
        if self.part.what_ifs:
            self.param.watch(self._suppose, [control.id for control in self.part.what_ifs])

    @property
    def controls(self):
        """The controls by the id of the design field that each sets."""
        return {control.id: control for control in self.part.controls}

    @param.depends("current")
    def design(self):
        """Return the design as it stands."""
        return self.current

    @param.depends("current")
    def outcome(self):
        """Return the outcome of the design; evaluated once, however many instruments ask."""
        if self._evaluated[0] is not self.current:
            self._evaluated = (self.current, evaluate(self.scenario, self.current))
        return self._evaluated[1]

    @property
    def reference(self):
        """The outcome of the design that the crisis is measured against; None where none is to be seen beside it."""
        scenario = self.real
        if not scenario.reference_name or scenario.reference_answers:
            return None
        if self._referred is None:
            self._referred = evaluate(scenario, scenario.reference)
        return self._referred

    @property
    def before(self):
        """What stood here when the learner last pinned or scored; None before that, and while it still stands."""
        if self.marked is None or self.marked == self.current:
            return None
        if self._before is None or self._before.design != self.marked:
            self._before = Before(design=self.marked, outcome=evaluate(self.real, self.marked))
        return self._before

    @param.depends("current")
    def timeline(self):
        """Return the kernels of the design, as a trace shows them."""
        return timeline(self.scenario, self.current, self.outcome())

    @property
    def layer_index(self):
        """Where the operator looked at stands among the operators."""
        return self.outcome().operators.ids.index(self.layer)

    def pin(self, instrument):
        """Pin what `instrument` shows now; no evidence is what a design that cannot run would show, or a frame not picked."""
        if self._is_no_evidence(instrument):
            self.notice = "Not pinned: this design cannot run, so there is nothing to measure."
            return
        try:
            self.pinned = self.reading(instrument)
        except BadDesign as error:
            self.notice = str(error)

    @param.depends("current", "kept", watch=True)
    def _find_kept(self):
        plain = self.current.to_json() if self.kept else None
        kept = frozenset(instrument for instrument, design in self.kept.items() if dict(design) == plain)
        if kept != self.kept_here:
            self.kept_here = kept

    def _is_no_evidence(self, instrument):
        """Return whether a reading cannot be measured: all but the memory needed, or what grows without bound."""
        stopped = self.outcome().cannot_run
        if stopped is None:
            return False
        needed = "needed_bytes" if instrument == MEMORY else ""
        quantity = next((each.quantity for each in self.part.gauges if each.id == instrument), needed)
        return quantity in stopped.unbounded if stopped.backlog else quantity != "needed_bytes"

    def reading(self, instrument):
        """Return what `instrument` shows now, as one number."""
        frame = "" if self.frame is None else frame_id(self.recording, self.frame)
        return reading(self.scenario, self.part, self.current, instrument, self.layer, frame=frame, outcome=self.outcome())

    @property
    def look(self):
        """What is looked at on the bench, as words and numbers that can be kept; -1 is no frame."""
        return {"layer": self.layer, "recording": self.recording, "frame": -1 if self.frame is None else self.frame}

    def look_at(self, kept):
        """Look at what was kept; benches kept before recordings could be repeated name the layer alone."""
        frame = kept.get("frame", -1)
        self.param.update(layer=kept["layer"], recording=kept.get("recording", 1), frame=None if frame == -1 else frame)

    def take(self, design):
        """Set every control to a design of the same part; fields without a control come along."""
        self._settling = True
        try:
            self.param.update(**{name: getattr(design, name) for name in self.controls})
        finally:
            self._settling = False
        self.current = design

    @param.depends("record_again", watch=True)
    def _record_again(self):
        self.recording = self.recording % MOST_RECORDINGS + 1

    @param.depends("restore_start", watch=True)
    def _restore_start(self):
        self.notice = ""
        self.take(self.start)

    # What is supposed beside the design

    @property
    def what_if(self):
        """What is supposed; nothing as the bench begins."""
        held = {control.id: getattr(self, control.id) for control in self.part.what_ifs}
        share = held.pop("acceptance_fraction", ASSUMED)
        return WhatIf(**held, acceptance_fraction=None if share == ASSUMED else float(share))

    def roofs(self):
        """Return the roof of the device as supposed, then its own; with nothing supposed, its own and those beside it."""
        own = self.scenario.roofs(self.current)
        if self.scenario is self.real:
            return own
        return replace(own[0], name=f"What if: {own[0].name}"), self.real.roofs(self.current)[0]

    def _suppose(self, *_events):
        self.scenario = imagine(self.real, self.what_if)
        self.current = self.current.replace()  # another record, so that everything drawn from it follows

    @param.depends("stop_supposing", watch=True)
    def _stop_supposing(self):
        self.param.update(**{control.id: _nothing(control) for control in self.part.what_ifs})

    # What is hidden until it is scored

    def hides(self, quantity, design=None):
        """Say whether a figure of the outcome is hidden: the objective's, of a design that is not scored; the present one if not told."""
        design = self.current if design is None else design
        if not self.sealing or design == self.start or design in self.scored:
            return False
        objective = self.mission.objective
        return quantity in (objective.quantity, *objective.equals)

    def seals(self, instrument):
        """Say whether what can be pinned from an instrument would tell a hidden figure."""
        if instrument == GAINS or instrument in [lever_instrument(each.id) for each in self.part.levers]:
            return self.hides("output_time_s")
        if instrument == TRAIL:  # under the flat roof its share of the roof is all but the utilisation
            return self.hides("mfu_fraction")
        return any(each.id == instrument and self.hides(each.quantity) for each in self.part.gauges)

    def unseal(self, *, sealing, scored):
        """Take from the ledger whether the objective is hidden still, and of which designs it is not."""
        if (sealing, scored) != (self.sealing, self.scored):
            self.param.update(sealing=sealing, scored=scored)
            self.current = self.current.replace()

    def _settle(self, *_events):
        """Make the design of the controls, mended where the scenario knows how, or go back to the last that works."""
        if self._settling:
            return
        before = self.current
        chosen = before.replace(**{name: getattr(self, name) for name in self.controls})
        try:
            mended, words = self.scenario.mend(chosen)
            self._evaluated = (mended, evaluate(self.scenario, mended))
        except LabError as error:
            mended, words = before, f"{error} The design stays as it was."
        self.notice = words
        if mended is chosen:
            self.current = chosen
        else:
            self.take(mended)

    def _fit(self, control):
        """Give the parameters of a control its choices or its bounds."""
        parameter = self.param[control.id]
        if control.chain:
            self._fit_chain(control)
        elif control.choices:
            parameter.objects = {choice.text: choice.id for choice in control.choices}
        elif control.values:
            parameter.objects = {value_words(control, value): value for value in control.values}
        else:
            self._fit_range(control)

    def _fit_range(self, control):
        stop = f"{control.id}_stop"
        setattr(self, control.id, getattr(self.start, control.id, control.minimum))
        self.param[control.id].bounds = (control.minimum, control.maximum)
        self.param[stop].objects = stops(control.minimum, control.maximum)
        setattr(self, stop, _stop_below(getattr(self, control.id), self.param[stop].objects))

        def move_slider(event):
            setattr(self, stop, _stop_below(event.new, self.param[stop].objects))

        def take_from_slider(event):
            if _stop_below(getattr(self, control.id), self.param[stop].objects) != event.new:
                setattr(self, control.id, _count(event.new))

        self.param.watch(move_slider, control.id)
        self.param.watch(take_from_slider, stop)

    def _fit_chain(self, control):
        level, bonds = f"{control.id}_level", f"{control.id}_bonds"
        levels = {choice.text: choice.id for choice in control.choices}
        self.param[level].objects = {**levels, OWN_WORDS: OWN}
        self.param[bonds].objects = {
            f"{before} + {after}": at for at, (before, after) in enumerate(zip(control.chain, control.chain[1:], strict=False))
        }

        # Values as they are now, not as an event has them, and only where they differ: an event that was held back
        # may be stale, and while another is being triggered param tells even of values that stay as they are.
        def show(_event):
            text = getattr(self, control.id)
            shown = {level: text if text in levels.values() else OWN, bonds: bonds_of(text)}
            if any(getattr(self, name) != value for name, value in shown.items()):
                self.param.update(**shown)

        def take(text):
            if text != getattr(self, control.id):
                setattr(self, control.id, text)

        def take_level(_event):
            if getattr(self, level) != OWN:
                take(getattr(self, level))

        def take_bonds(_event):
            take(grouping(getattr(self, bonds), len(control.chain)))

        self.param.watch(show, control.id)
        self.param.watch(take_level, level)
        self.param.watch(take_bonds, bonds)


OWN = "own"
OWN_WORDS = "My own grouping"


def make_workbench(*, scenario, part, start, mission=None, recorded=True):
    """Return a bench for a part: the class has one parameter for each of its controls."""
    return _bench_class(part)(scenario=scenario, part=part, start=start, mission=mission, recorded=recorded)


@lru_cache(maxsize=16)
def _bench_class(part):
    parameters = {}
    for control in (*part.controls, *part.what_ifs):
        parameters |= _parameters(control)
    return type("Workbench", (Workbench,), {"__module__": __name__, **parameters})


def _nothing(control):
    """Return the value of a control with which nothing is supposed."""
    return control.choices[0].id if control.choices else control.minimum


def _parameters(control):
    if control.chain:
        return {
            control.id: param.String(doc=control.help),
            f"{control.id}_level": param.Selector(check_on_set=True, doc=control.label),
            f"{control.id}_bonds": param.ListSelector(default=[], check_on_set=True, doc="Boundaries fused"),
        }
    if control.choices or control.values:
        return {control.id: param.Selector(check_on_set=True, doc=control.help)}
    return {
        control.id: param.Integer(default=control.minimum, doc=control.help),
        f"{control.id}_stop": param.Selector(check_on_set=True, doc="The slider's stop nearest below"),
    }


def stops(minimum, maximum):
    """List doublings from `minimum` to `maximum`, written out; both ends are stops.

    >>> stops(1, 6)
    ['1', '2', '4', '6']
    """
    counts = []
    count = minimum
    while count < maximum:
        counts.append(count)
        count *= 2
    return [format_count(count) for count in (*counts, maximum)]


def _count(stop):
    return int(stop.replace("\N{NO-BREAK SPACE}", ""))


def _stop_below(count, stops):
    counts = [_count(stop) for stop in stops]
    return stops[max(bisect_right(counts, count) - 1, 0)]
