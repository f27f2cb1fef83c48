"""The attempts of a mission as the ledger has them, scored anew by the model, and how the mission ended."""

from __future__ import annotations

from dataclasses import dataclass

from rooflab.analyses.attempts import Attempt, best_attempt, score_attempt
from rooflab.analyses.search import TIE_FRACTION, Found
from rooflab.evaluate import evaluate
from rooflab.lab.ledger.entries import DesignCommitted
from rooflab.lab.setting import Setting, design_of, optimum
from rooflab.lab.steps.progress import PartProgress
from rooflab.specs import Mission
from rooflab.units import format_apart

__all__ = ["TIE_BREAKS", "AttemptLog", "Score", "Verdict", "attempt_log", "verdict"]

TIE_BREAKS = {
    "needed_bytes": ("memory", "B"),
    "footprint_bytes": ("storage for weights", "B"),
    "bytes_per_output": ("traffic for an output", "B"),
    "flop_per_output": ("arithmetic for an output", "FLOP"),
    "power_w": ("power", "W"),
    "hop_time_s": ("time for a hop", "s"),
    "mean_frame_s": ("mean frame time", "s"),
    "p999_s": ("p99.9", "s"),
}
"""What decides between designs that are equal in a mission's objective, in words, and its unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """An attempt with the place in the ledger where it stands, and the best feasible figure so far."""

    seq: int
    attempt: Attempt
    best_so_far: Attempt | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AttemptLog:
    """A mission's attempts, in order; `final` is the one that the learner named, if any."""

    setting: Setting
    scores: tuple[Score, ...]
    final: Score | None

    @property
    def left_count(self) -> int:
        """Attempts that may still be made; none after the final design is named."""
        return 0 if self.final else max(self.setting.mission.attempts_count - len(self.scores), 0)

    @property
    def best(self) -> Attempt | None:
        """The best feasible attempt; None without any."""
        return self.scores[-1].best_so_far if self.scores else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdict:
    """How a mission ended, beside the best design there is.

    `regret_fraction` is None where the final design is not feasible; `reached_at` is the number
    of the first attempt as good as the best, None if no attempt was. `tie_words` say by which tie-break the best is
    preferred to a final design that is as good in the objective; they are empty where it is no such tie.
    """

    final: Attempt
    optimum: Found
    regret_fraction: float | None
    reached_at: int | None
    tie_words: str = ""

    @property
    def tied(self) -> bool:
        """Whether the final design is as good as the best in the objective, and another one."""
        return bool(self.tie_words)

    @property
    def is_best(self) -> bool:
        """Whether the final design is the best one."""
        return self.regret_fraction is not None and self.regret_fraction <= TIE_FRACTION and not self.tied


def attempt_log(place: Setting, own: PartProgress) -> AttemptLog:
    """Return the attempts that a learner made in a part with a mission, each evaluated.

    Attempts past the mission's budget, which only a file edited by hand holds, are left out.

    Raises:
        BadDesign: a design in the ledger is malformed.
    """
    attempts = own.attempts[: place.mission.attempts_count]
    scores: list[Score] = []
    for number, entry in enumerate(attempts, 1):
        attempt = score_attempt(place.mission, design_of(place, entry.design), number=number)
        so_far = best_attempt([*(score.attempt for score in scores), attempt], place.mission.objective)
        scores.append(Score(seq=entry.seq, attempt=attempt, best_so_far=so_far))
    return AttemptLog(
        setting=place,
        scores=tuple(scores),
        final=own.final and _named(own.final, attempts, scores),
    )


def verdict(log: AttemptLog) -> Verdict | None:
    """Return how the mission ended; None while no final design is named, for it tells the answer."""
    if log.final is None:
        return None
    found = optimum(*log.setting.key)
    maximise = log.setting.mission.objective.maximise
    final = log.final.attempt
    reached = [
        score.attempt.number
        for score in log.scores
        if score.attempt.feasible and found.regret(score.attempt.value, maximise=maximise) <= TIE_FRACTION
    ]
    return Verdict(
        final=final,
        optimum=found,
        regret_fraction=found.regret(final.value, maximise=maximise) if final.feasible else None,
        reached_at=reached[0] if reached else None,
        tie_words=_tie_words(log.setting.mission, final, found),
    )


def _tie_words(mission: Mission, final: Attempt, found: Found) -> str:
    """Say which tie-break decides between the final design and the best; nothing unless they tie in the objective."""
    objective = mission.objective
    if not final.feasible or final.design in found.best or found.regret(final.value, maximise=objective.maximise) > TIE_FRACTION:
        return ""
    own, best = evaluate(mission.scenario, final.design), evaluate(mission.scenario, found.best[0])
    for quantity, maximise in objective.ties:
        yours, least = float(getattr(own, quantity)), float(getattr(best, quantity))
        if abs(yours - least) > TIE_FRACTION * abs(least):
            name, unit = TIE_BREAKS[quantity]
            told = format_apart((yours, least), unit)
            return f"The tie-break is {'more' if maximise else 'less'} {name}: yours {told[0]}, the design it prefers {told[1]}."
    return "No tie-break tells them apart."


def _named(final: DesignCommitted, attempts: tuple[DesignCommitted, ...], scores: list[Score]) -> Score | None:
    """Return the first attempt with the final design; None if none has it."""
    same = [score for entry, score in zip(attempts, scores, strict=True) if entry.design == final.design]
    return same[0] if same else None
