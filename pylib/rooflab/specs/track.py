"""What a track is made of: parts, questions, choices, controls."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from rooflab.errors import BadDesign
from rooflab.specs.design import Design
from rooflab.specs.experiment import Experiment
from rooflab.specs.mission import Demand, Gauge, Lever, Mission, TileProblem
from rooflab.specs.scenario import Scenario

__all__ = ["Choice", "Control", "Hints", "Part", "Question", "Track"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that a question offers, or one value that a control offers."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, its choices, and the functions of a scenario that answer it.

    `answer` gives the id of the one right choice; `explain` speaks to the mechanism behind a
    choice, with the numbers of the scenario.
    """

    id: str
    text: str
    choices: tuple[Choice, ...]
    answer: Callable[[Scenario], str]
    explain: Callable[[Scenario, str], str]

    def choice(self, choice_id: str) -> Choice:
        """Return the choice of that id."""
        for each in self.choices:
            if each.id == choice_id:
                return each
        known = ", ".join(each.id for each in self.choices)
        raise BadDesign(f"Question {self.id!r} has no choice {choice_id!r}; it has {known}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One field of a design that the learner can set.

    One of: `choices`; numbers listed in `values`; whole numbers from `minimum` to `maximum`, where
    `doubling` says that the steps of a slider are powers of two; or `chain`, operators in the order
    in which they run, of which neighbours may be fused: the field is then a text with one digit for
    each boundary, 1 where it is fused, and `choices` name the levels (none, partial, full) among
    these texts. A control with choices, values or a chain has a finite space, which a mission needs.
    """

    id: str
    label: str
    choices: tuple[Choice, ...] = ()
    values: tuple[float, ...] = ()
    chain: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0
    doubling: bool = False
    unit: str = ""
    help: str = ""

    @property
    def space(self) -> tuple[str | float, ...]:
        """Every value that the control allows.

        Raises:
            BadDesign: it is a range, which is not for searching.
        """
        if self.chain:
            return tuple("".join(each) for each in product("01", repeat=len(self.chain) - 1))
        if self.values:
            return self.values
        if self.choices:
            return tuple(each.id for each in self.choices)
        raise BadDesign(f"{self.id} is a range from {self.minimum} to {self.maximum}; it is not searched.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Three hints for one step of a part; the third says most."""

    step: str
    words: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the three parts of a track.

    `situation` says in one line where the system stands as the part begins; without one it is the track's crisis.
    Part 1 asks for a diagnosis and has no mission; parts 2 and 3 have a `mission`, a function of
    the variant, whose budget their `briefing` writes as `{attempts_count}`. `gauges` stand in the
    readings, in order, and `instruments` name the track's views beside the roofline. `levers` divide the fields of a design among precision, fusion and
    algorithm; `tiling` gives the product to tile (part 2); `demand` is the stakeholder's (part 3).
    `experiments` are to be done while exploring, and `observation` asks what they showed. `what_ifs` set a WhatIf, field by
    field; `assumed` says which share of guesses the scenario assumes to be right, where that is one of them.
    """

    number: int
    title: str
    objective: str
    situation: str = ""
    briefing: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    diagnosis: Question | None = None
    controls: tuple[Control, ...] = ()
    gauges: tuple[Gauge, ...] = ()
    instruments: tuple[str, ...] = ()
    mission: Callable[[int], Mission] | None = None
    levers: tuple[Lever, ...] = ()
    tiling: Callable[[Scenario, Design], TileProblem] | None = None
    demand: Demand | None = None
    hints: tuple[Hints, ...] = ()
    reflection: str = ""
    experiments: tuple[Experiment, ...] = ()
    observation: Question | None = None
    what_ifs: tuple[Control, ...] = ()
    assumed: Callable[[Scenario], str] | None = None

    def experiment(self, experiment_id: str) -> Experiment:
        """Return the experiment of that id.

        Raises:
            BadDesign: the part has none.
        """
        for each in self.experiments:
            if each.id == experiment_id:
                return each
        raise BadDesign(f"Part {self.number} has no experiment {experiment_id!r}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A role, its north star, its crisis, and its parts.

    `symptom` is what the landing says of the crisis: what is seen of it in every variant, and nothing of its cause.
    """

    id: str
    name: str
    persona: str
    north_star: str
    symptom: str
    crisis: str
    parts: tuple[Part, ...]
    scenario: Callable[[int], Scenario]

    def part(self, number: int) -> Part:
        """Return the part of that number."""
        return self.parts[number - 1]
