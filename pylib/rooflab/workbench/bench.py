"""The learner's bench: a design, the operator looked at, and which instruments are open."""

from bisect import bisect_right
from functools import lru_cache

import numpy as np
import param

from rooflab.analyses.changes import value_words
from rooflab.errors import LabError
from rooflab.evaluate import evaluate, timeline
from rooflab.lab.readings import reading
from rooflab.specs import Design, Mission, Part, Scenario
from rooflab.units import format_count
from rooflab.workbench.chain import bonds_of, grouping

__all__ = ["Workbench", "make_workbench", "stops"]


class Workbench(param.Parameterized):
    """A design under a set of instruments; `make_workbench` adds a parameter for each control of a part.

    A control with choices or values has one parameter. A range has a second one, `<id>_stop`, for
    its slider. A chain has `<id>_level`, the named levels, and `<id>_bonds`, the boundaries fused.
    """

    scenario = param.ClassSelector(class_=Scenario, constant=True, doc="What the learner cannot change")
    part = param.ClassSelector(class_=Part, constant=True, doc="The part, with its controls")
    mission = param.ClassSelector(class_=Mission, allow_None=True, constant=True, doc="The part's task, if it has one")
    start = param.ClassSelector(class_=Design, constant=True, doc="The design that the bench begins with")
    recorded = param.Boolean(default=True, constant=True, doc="Whether readings can be pinned in the ledger, and a link carries the design")

    current = param.ClassSelector(class_=Design, doc="The design as it stands")
    layer = param.Selector(check_on_set=True, doc="Id of the operator looked at")
    notice = param.String(doc="What was changed for the learner, and why; mostly empty")
    profiling = param.Boolean(default=False, doc="Whether profiler mode is on")
    layers_tabled = param.Boolean(default=False, doc="Whether the roofline's table is open")
    peeking = param.Boolean(default=False, doc="Whether Math Peek is open")
    sourcing = param.Boolean(default=False, doc="Whether the list of sources is open")
    restore_start = param.Event(doc="The learner goes back to the design that the part begins with")
    share = param.Event(doc="The learner wants a link to the design")
    pinned = param.Parameter(doc="The last Reading pinned")

    def __init__(self, **params):
        self._evaluated = (None, None)
        self._settling = False
        super().__init__(**params)
        for control in self.part.controls:
            self._fit(control)
        self.take(self.start)
        operators = self.outcome().operators
        self.param.layer.objects = dict(zip(operators.names, operators.ids, strict=True))
        # The longest that has a place on the roofline: some take time and do no arithmetic.
        drawn_s = np.where(operators.flop > 0, operators.time_s, -1.0)
        self.layer = operators.ids[int(drawn_s.argmax())]
        self.param.watch(self._settle, [control.id for control in self.part.controls])

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

    @param.depends("current")
    def timeline(self):
        """Return the kernels of the design, as a trace shows them."""
        return timeline(self.scenario, self.current, self.outcome())

    @property
    def layer_index(self):
        """Where the operator looked at stands among the operators."""
        return self.outcome().operators.ids.index(self.layer)

    def pin(self, instrument):
        """Pin what `instrument` shows now."""
        self.pinned = self.reading(instrument)

    def reading(self, instrument):
        """Return what `instrument` shows now, as one number."""
        return reading(self.scenario, self.part, self.current, instrument, self.layer, outcome=self.outcome())

    def take(self, design):
        """Set every control to a design of the same part; fields without a control come along."""
        self._settling = True
        try:
            self.param.update(**{name: getattr(design, name) for name in self.controls})
        finally:
            self._settling = False
        self.current = design

    @param.depends("restore_start", watch=True)
    def _restore_start(self):
        self.notice = ""
        self.take(self.start)

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
        setattr(self, control.id, getattr(self.start, control.id))
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
    for control in part.controls:
        parameters |= _parameters(control)
    return type("Workbench", (Workbench,), {"__module__": __name__, **parameters})


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
