"""What a track is made of: parts, questions, choices, controls."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ridgepoint.errors import BadDesign
from ridgepoint.specs.scenario import Scenario

__all__ = ["Choice", "Control", "Part", "Question", "Track"]


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

    Either `choices`, or whole numbers from `minimum` to `maximum`; `doubling` says that the
    steps of a slider are powers of two.
    """

    id: str
    label: str
    choices: tuple[Choice, ...] = ()
    minimum: int = 0
    maximum: int = 0
    doubling: bool = False
    unit: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the three parts of a track; a part that is not available has a title only."""

    number: int
    title: str
    objective: str
    available: bool = False
    briefing: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    diagnosis: Question | None = None
    controls: tuple[Control, ...] = ()
    reflection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A role, its north star, its crisis, and its parts."""

    id: str
    name: str
    persona: str
    north_star: str
    crisis: str
    parts: tuple[Part, ...]
    available: bool = False
    scenario: Callable[[int], Scenario] | None = field(default=None)

    def part(self, number: int) -> Part:
        """Return the part of that number."""
        return self.parts[number - 1]
