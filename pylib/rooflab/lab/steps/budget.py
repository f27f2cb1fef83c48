"""How long a part takes, computed from its words, its controls and its tasks; instructors see it beside the plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from rooflab.lab.steps.modes import Mode, mode
from rooflab.lab.steps.words_read import WORDS_READ
from rooflab.specs import Part, Track

__all__ = ["ATTEMPTS_FRACTION", "CONTROLS_FRACTION", "READING", "SENTENCE_WORDS", "TASKS", "WRITING", "Rate", "StepBudget", "Task", "part_time_s", "step_budgets", "track_time_s"]

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How fast words are read or written, and who measured it."""

    words_per_s: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something a learner does: one and several of it in words, how long one is assumed to take."""

    one: str
    many: str
    time_s: float


READING = Rate(
    words_per_s=238 / _MINUTE_S,
    source="238 words a minute, silent reading of non-fiction: Brysbaert (2019), doi:10.1016/j.jml.2019.104047",
)
WRITING = Rate(
    words_per_s=19 / _MINUTE_S,
    source="19 words a minute, composing at a keyboard: Karat, Halverson, Horn and Karat (1999), doi:10.1145/302979.303160",
)
SENTENCE_WORDS = 12
"""Assumed length of what is written into one field of a reflection."""
ATTEMPTS_FRACTION = {"compact": 0.2, "default": 0.5, "extended": 1.0}
"""Assumed share of the attempts that learners use before they name their final design, by mode."""
CONTROLS_FRACTION = {"compact": 0.0, "default": 1.0, "extended": 1.0}
"""Assumed share of the controls of a part that learners try beside the experiments, by mode."""

TASKS = {
    "question": Task(one="question", many="questions", time_s=40.0),
    "control": Task(one="control tried", many="controls tried", time_s=8.0),
    "experiment": Task(one="experiment", many="experiments", time_s=45.0),
    "pin": Task(one="reading pinned", many="readings pinned", time_s=10.0),
    "attempt": Task(one="attempt", many="attempts", time_s=40.0),
    "tiling": Task(one="tiling", many="tilings", time_s=60.0),
    "field": Task(one="field written", many="fields written", time_s=SENTENCE_WORDS / WRITING.words_per_s),
}
"""All assumed but the writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBudget:
    """One step of a part in a mode: the words to read, what to do how often (names of `TASKS`), and the time that the plan gives it."""

    step: str
    words_count: int
    tasks: Counter[str]
    planned_s: float

    @property
    def time_s(self) -> float:
        """Time to read the words once and to do the tasks."""
        return self.words_count / READING.words_per_s + sum(TASKS[name].time_s * count for name, count in self.tasks.items())


def step_budgets(track: Track, number: int, mode_id: str) -> tuple[StepBudget, ...]:
    """Return the budget of each step of a part in a mode, in order."""
    part, chosen = track.part(number), mode(mode_id)
    words = WORDS_READ[track.id][number - 1]
    return tuple(
        StepBudget(step=each.id, words_count=words[each.id], tasks=_tasks(part, each.id, chosen), planned_s=each.time_s)
        for each in chosen.parts[number - 1]
    )


def part_time_s(track: Track, number: int, mode_id: str) -> float:
    """Return how long a part takes in a mode."""
    return sum(each.time_s for each in step_budgets(track, number, mode_id))


def track_time_s(track: Track, mode_id: str) -> float:
    """Return how long all parts of a track take in a mode."""
    return sum(part_time_s(track, part.number, mode_id) for part in track.parts)


def _tasks(part: Part, step: str, chosen: Mode) -> Counter[str]:
    done = {
        "predict": {"question": len(part.questions)},
        "explore": {
            "experiment": len(part.experiments[: chosen.experiments_count]),
            "control": round(CONTROLS_FRACTION[chosen.id] * len(part.controls)),
            "pin": 1,
            "question": 1,  # what the charts showed
        },
        "diagnose": {"question": 1},
        "attempt": {"attempt": round(ATTEMPTS_FRACTION[chosen.id] * part.mission(0).attempts_count) if part.mission else 0},
        "propose": {"tiling": 1},
        "challenge": {"question": 2},  # what brought the gain, and the reply
        "verify": {"pin": 1, "control": 1},
        "reflect": {"field": len(chosen.fields[part.number - 1]), "question": int(part.number != 2)},
    }
    return Counter(done.get(step, {}))


