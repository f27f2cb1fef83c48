"""The attempts of a mission as the ledger has them, scored anew by the model, and how the mission ended."""

from __future__ import annotations

from dataclasses import dataclass

from rooflab.analyses.attempts import Attempt, best_attempt, score_attempt
from rooflab.analyses.search import TIE_FRACTION, Found
from rooflab.lab.ledger.entries import DesignCommitted
from rooflab.lab.setting import Setting, design_of, optimum
from rooflab.lab.steps.progress import PartProgress

__all__ = ["AttemptLog", "Score", "Verdict", "attempt_log", "verdict"]


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
    of the first attempt as good as the best, None if no attempt was.
    """

    final: Attempt
    optimum: Found
    regret_fraction: float | None
    reached_at: int | None


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
    )


def _named(final: DesignCommitted, attempts: tuple[DesignCommitted, ...], scores: list[Score]) -> Score | None:
    """Return the first attempt with the final design; None if none has it."""
    same = [score for entry, score in zip(attempts, scores, strict=True) if entry.design == final.design]
    return same[0] if same else None
